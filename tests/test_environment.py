import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tools.notebooks import ROOT

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
}


def ranges(lines):
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each.specifier for each in requirements}


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = ranges(PROJECT["dependencies"])
LAB = ranges(PROJECT["optional-dependencies"]["lab"])
TEST = ranges(PROJECT["optional-dependencies"]["test"])
PYTHON = {"python": SpecifierSet(PROJECT["requires-python"])}
LOCK = [
    line
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_conda_has_the_same_ranges():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert conda["name"] == "attention"
    wanted = {CONDA_NAMES.get(each, each): span for each, span in (PYTHON | NEEDED | LAB).items()}
    assert ranges(conda["dependencies"]) == wanted


def test_ranges_admit_what_colab_ships():
    for package, version in COLAB.items():
        assert version in (PYTHON | NEEDED)[package], package


@pytest.mark.parametrize("package", sorted(NEEDED | LAB | TEST))
def test_lock_pins_each_dependency_within_its_range(package):
    (pin,) = ranges(LOCK)[package]
    assert pin.operator == "=="
    assert pin.version in (NEEDED | LAB | TEST)[package]


def test_lock_holds_exact_pins_and_nothing_of_one_machine():
    for line in LOCK:
        assert re.fullmatch(r"[a-z0-9._-]+==[0-9a-z.]+", line), line
    assert "torch==2.13.0" in LOCK
    assert not [line for line in LOCK if re.match(r"nvidia|cuda|triton|pywin|appnope", line)]


def test_each_dependency_says_what_it_is_for():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = [line for line in text.splitlines() if re.match(r'    "[a-z0-9-]+[>=]=', line)]
    assert len(listed) == len(NEEDED) + len(LAB) + len(TEST)
    assert not [line for line in listed if not re.search(r"# \S+", line)]
