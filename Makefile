# Short names for course.py, which runs where there is no make, too. `make` alone lists them.

PYTHON ?=
EDITION ?= en
JOBS ?=
STRICT ?=
LAB ?=
NB ?=
ONLY ?=
SEEDS ?=
DRAW ?=
THREADS ?=
UPGRADE ?=
REPO :=
TAG :=

course := "$(or $(PYTHON),python3)" course.py

.PHONY: help lab check test test-colab test-rerun test-versions mutants notebooks sync slides handout
.PHONY: site seeds runs controls bench readme messages links lint format figures lock clean

help:
	@$(course)

# LAB: options of JupyterLab
lab:
	@$(course) lab --edition $(EDITION) $(if $(LAB),-- $(LAB))

check:
	@$(course) check $(if $(JOBS),--jobs $(JOBS))

test:
	@$(course) test $(if $(JOBS),--jobs $(JOBS)) $(if $(STRICT),--strict)

test-colab:
	@$(course) test-colab

test-rerun:
	@$(course) test-rerun $(NB)

test-versions:
	@$(course) test-versions $(if $(NB),--nb $(NB))

mutants:
	@$(course) mutants $(ONLY)

notebooks:
	@$(course) notebooks $(NB)

sync:
	@$(course) sync $(NB)

slides:
	@$(course) slides $(NB) --edition $(EDITION)

handout:
	@$(course) handout $(NB) --edition $(EDITION)

site:
	@$(course) site

seeds:
	@$(course) seeds $(if $(SEEDS),--seeds $(SEEDS)) $(if $(DRAW),--draw $(DRAW)) $(if $(THREADS),--threads $(THREADS)) $(if $(NB),--nb $(NB))

runs:
	@$(course) runs $(ONLY)

controls:
	@$(course) controls $(NB)

bench:
	@$(course) bench $(if $(ONLY),--only $(ONLY)) $(if $(NB),--notebook $(NB))

readme:
	@$(course) readme

messages:
	@$(course) messages

links:
	@$(course) links $(if $(REPO),--repo '$(REPO)') $(if $(TAG),--tag '$(TAG)')

lint:
	@$(course) lint

format:
	@$(course) format

figures:
	@$(course) figures

lock:
	@$(course) lock $(UPGRADE)

clean:
	@$(course) clean
