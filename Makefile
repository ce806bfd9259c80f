# Everything a learner or a maintainer runs. `make` alone lists it.

VENV := .venv
JOBS ?= 1
SEEDS ?= 0 1 2 3 4 5 6 7 8 9
NB ?=
ONLY ?=
LAB ?=
UPGRADE ?=
THREADS ?= 1
REPO :=
TAG :=
EDITION ?= en
STRICT ?=
TORCH := 2.13.0

export PYTHON
# Nothing of the user's own environment reaches the course, nor the course's theirs.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONWARNINGS PYTEST_ADDOPTS JUPYTER_PATH
unexport MPLBACKEND MATPLOTLIBRC
export JUPYTER_CONFIG_DIR := $(CURDIR)/$(VENV)/home/jupyter
export JUPYTER_DATA_DIR := $(CURDIR)/$(VENV)/home/share
export JUPYTER_RUNTIME_DIR := $(CURDIR)/$(VENV)/home/runtime
export IPYTHONDIR := $(CURDIR)/$(VENV)/home/ipython
export MPLCONFIGDIR := $(CURDIR)/$(VENV)/home/matplotlib
export PYDEVD_DISABLE_FILE_VALIDATION := 1

python := $(VENV)/bin/python
quiet := env -u COURSE_SEED -u COURSE_STRICT TQDM_DISABLE=1

.PHONY: help lab test test-colab test-rerun test-versions mutants notebooks sync slides handout site seeds bench readme messages links lint format figures lock clean $(VENV)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

lab: $(VENV) ## open the first notebook in JupyterLab (EDITION=ko)
	@echo 'JupyterLab opens in the browser, or at the address below; Control-C here stops it.'
	@root=; [ "$$(id -u)" -ne 0 ] || root=--allow-root; \
	$(python) -m jupyterlab $$root --log-level=WARN --ServerApp.root_dir='$(CURDIR)' \
	    --LabApp.default_url=/lab/tree/notebooks/$(EDITION)/00_warm_up.ipynb $(LAB)

test: lint ## lint, unit tests and every notebook (JOBS=2: files side by side; STRICT=1: skip none)
	@$(quiet) $(if $(STRICT),COURSE_FULL=1) $(python) -m pytest tests notebooks \
	    --nbval-lax --nbval-current-env --nbval-cell-timeout=300 $(if $(STRICT),--no-skips) \
	    $(if $(filter-out 1,$(JOBS)),-n $(JOBS) --dist loadfile)

test-colab: $(VENV) ## open each notebook alone, as on Colab (minutes; make test leaves this out)
	@$(quiet) COURSE_FULL=1 $(python) -m pytest tests/notebooks/test_colab.py

test-rerun: $(VENV) ## stop cells half-way, run all of them twice (minutes; make test leaves this out; NB=01)
	@$(quiet) COURSE_RERUN=1 $(python) -m pytest tests/notebooks/test_rerun.py $(if $(NB),-k en/$(NB))

test-versions: $(VENV) ## try the oldest and the newest packages that pyproject.toml admits (NB=01)
	@$(quiet) $(python) -m tools.maintenance.versions $(if $(NB),--nb $(NB))

mutants: $(VENV) ## break the helpers in small ways, see if tests notice (minutes each; ONLY=attention)
	@$(python) -m tools.maintenance.mutation $(ONLY)

notebooks: $(VENV) ## run and store the English notebooks, then sync (NB=01: those that begin so)
	@$(python) -m tools.notebooks.execute $(NB)

sync: $(VENV) ## bring the Korean notebooks into step, say what is to be translated (NB=01)
	@$(python) -m tools.notebooks.sync $(NB)

slides: $(VENV) ## build the lecture decks (NB=01: those whose name begins so; EDITION=ko)
	@$(python) -m tools.publish.slides $(NB) --edition $(EDITION)

handout: $(VENV) ## print the lecture decks as PDF (NB=01, EDITION=ko)
	@$(python) -m tools.publish.slides $(NB) --edition $(EDITION) --handout

site: $(VENV) ## build the course as a site, in site/ (needs npm)
	@cmp -s requirements-site.txt $(VENV)/site.txt || { \
	    echo 'Installing what the site is built with into $(VENV)'; rm -f $(VENV)/site.txt; \
	    $(python) -m pip install --quiet --disable-pip-version-check -r requirements-site.txt && \
	    cp requirements-site.txt $(VENV)/site.txt; }
	@$(python) -m tools.publish.site

seeds: $(VENV) ## check every claim under other seeds (SEEDS="0 1 2", NB=01, THREADS=2)
	@$(python) -m tools.notebooks.seeds --seeds $(SEEDS) --threads $(THREADS) $(if $(NB),--nb $(NB))

bench: $(VENV) ## measure speed against PyTorch and the goals (ONLY=attention; ONLY=notebooks NB=04)
	@env -u COURSE_SEED $(python) -m tools.maintenance.bench $(if $(ONLY),--only $(ONLY)) $(if $(NB),--nb $(NB))

readme: $(VENV) ## renew the README's map and its table of claims
	@$(python) -m tools.publish.readme

messages: $(VENV) ## renew the list of what helpers say, helpers/korean.po
	@$(python) -m tools.maintenance.messages

links: $(VENV) ## write the address into notebooks and README (REPO=owner/name TAG=v1.0)
	@$(python) -m tools.publish.links $(if $(REPO),--repo '$(REPO)') $(if $(TAG),--tag '$(TAG)')

lint: $(VENV) ## check style, change nothing
	@$(python) -m ruff check --quiet . && $(python) -m ruff format --check --quiet .

format: $(VENV) ## mend style where that is safe
	@$(python) -m ruff check --quiet --fix . ; $(python) -m ruff format .

figures: $(VENV) ## draw every diagram again
	@$(python) images/draw.py

lock: $(VENV) ## pin the ranges of pyproject.toml (UPGRADE=--upgrade: at their newest)
	@VENV=$(VENV) TORCH=$(TORCH) sh tools/lock.sh $(UPGRADE)

clean: ## remove all that make has made
	rm -rf $(VENV) .venv-* slides site bench tools/publish/deck/node_modules .pytest_cache .ruff_cache .hypothesis
	find . -name .git -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) \
	    -type d -prune -exec rm -rf {} +

# made when missing or behind requirements.txt; otherwise this costs a few milliseconds
$(VENV):
	@sh tools/venv.sh $(VENV) requirements.txt
