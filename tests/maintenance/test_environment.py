"""Dependencies: pyproject.toml, the locks, environment.yml and Colab's versions go together."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tools import environment, launch
from tools.colab import ALSO_KEPT, needed
from tools.maintenance import lock
from tools.notebooks.notebook_files import ROOT

CONDA_NAMES = {"torch": "pytorch"}
COLAB = {  # what Colab ships, so what the ranges must admit
    "python": "3.13",
    "torch": "2.11.0",
    "numpy": "2.1.3",
    "pandas": "2.2.3",
    "matplotlib": "3.10.0",
    "seaborn": "0.13.2",
    "tqdm": "4.67.0",
    "babel": "2.18.0",
    "ipython": "7.34.0",
    "ipykernel": "6.17.1",
    "ipywidgets": "7.7.1",
}
LACKED = {"num2words", "sacrebleu"}  # what the set-up cell installs there


def ranges(lines):
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each.specifier for each in requirements}


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = ranges(PROJECT["dependencies"])
LAB = ranges(PROJECT["optional-dependencies"]["lab"])
TEST = ranges(PROJECT["optional-dependencies"]["test"])
SITE = ranges(PROJECT["optional-dependencies"]["site"])
PYTHON = {"python": SpecifierSet(PROJECT["requires-python"])}


def pins(file):
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


LOCK, SITE_LOCK = pins("requirements.txt"), pins("requirements-site.txt")


def test_conda_has_the_same_ranges():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert conda["name"] == "attention"
    wanted = PYTHON | NEEDED | LAB | TEST
    wanted = {CONDA_NAMES.get(each, each): span for each, span in wanted.items()}
    assert ranges(conda["dependencies"]) == wanted


def test_ranges_admit_what_colab_ships():
    for package, version in COLAB.items():
        assert version in (PYTHON | NEEDED).get(package, SpecifierSet()), package


def test_colab_lacks_two_small_packages_only():
    assert NEEDED.keys() - COLAB.keys() == LACKED
    assert set(ALSO_KEPT) <= COLAB.keys()
    assert needed().keys() == NEEDED.keys()


def test_the_colab_of_the_tests_has_its_versions_but_for_torch():
    colab = {name: f"=={version}" for name, version in COLAB.items() if name != "python"}
    stand_in = {"torch": str(ranges(LOCK)["torch"])}
    assert {
        name: str(span) for name, span in ranges(pins("tests/notebooks/colab.txt")).items()
    } == colab | stand_in


@pytest.mark.parametrize("package", sorted(NEEDED | LAB | TEST | SITE))
def test_lock_pins_each_dependency_within_its_range(package):
    (pin,) = ranges(SITE_LOCK if package in SITE else LOCK)[package]
    assert pin.operator == "=="
    assert pin.version in (NEEDED | LAB | TEST | SITE)[package]


def test_what_the_site_needs_comes_on_top_of_the_lock():
    assert not ranges(LOCK).keys() & ranges(SITE_LOCK).keys()
    assert not SITE.keys() & (NEEDED | LAB | TEST).keys()


def test_lock_holds_exact_pins_and_nothing_of_one_machine():
    for line in LOCK + SITE_LOCK:
        assert re.fullmatch(r"[a-z0-9._-]+==[0-9a-z.]+", line), line
    assert not [
        line for line in LOCK + SITE_LOCK if re.match(r"nvidia|cuda|triton|pywin|appnope", line)
    ]


def test_a_lock_is_freed_of_what_belongs_to_one_machine():
    text = "# made by\n#\nnumpy==2.1\nnvidia-nccl==2.2\ntorch==2.13.0+cpu\ntriton==3.1\n\n"
    text += "# The following packages are considered to be unsafe:\n# pip\n"
    assert lock.tidy(text) == ["# made by", "numpy==2.1", "torch==2.13.0"]


def test_every_file_says_the_same_of_python_and_torch():
    assert f"torch=={lock.TORCH}" in LOCK
    assert SpecifierSet(">={}.{}".format(*environment.NEEDED)) == PYTHON["python"]
    assert set(launch.NEEDED_HERE) <= {*NEEDED, *LAB, *TEST}
    line = f"NEEDED = {environment.NEEDED}\n"
    assert line in (ROOT / "course.py").read_text(encoding="utf-8")
