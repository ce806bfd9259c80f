"""One address, and set-up cells, badges and README that agree with it, in every edition."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat import v4

from tests.support import stored
from tools import colab
from tools.notebooks.files import METADATA, ToolError, find, write
from tools.publish import links
from tools.publish.address import (
    NO_ADDRESS,
    NOT_FETCHED,
    Address,
    badge,
    marks,
    on_github,
    read_address,
    set_up,
    with_marks,
    without_marks,
    write_address,
)

OLD = """import os
import sys

os.environ.setdefault("COURSE_EDITION", "en")
sys.path.insert(0, os.path.abspath("../.."))  # helpers/ is two folders up"""
MINE = Address("me/my.course")
RELEASE = Address("me/my.course", tag="v1.0")
ADDRESSES = (Address(), MINE, RELEASE)
PROJECT = """[tool.course]
repository = ""   # owner/name
branch = "main"   # the default
tag = ""          # a release

[tool.other]
tag = "stays"
"""
STUBBED = "import sys, types; sys.modules['google.colab'] = types.ModuleType('colab')\n"
TELL = "\nprint(os.environ['COURSE_EDITION'], sys.path[0])"


# --- the repository as it is ---


def complaints(notebook, address):
    """Yield where a notebook and the address say different things."""
    if notebook.cell("setup").source != set_up(notebook.edition, address):
        yield f"{notebook}: the set-up cell is not that of {address}"
    title = notebook.cell("title").source
    if title != with_marks(title, marks(notebook.path, address)):
        yield f"{notebook}: its badge or the link to its twin is not that of {address}"
    code = [cell.source for cell in notebook.code if cell.id != "setup"]
    if any("google.colab" in source for source in code):
        yield f"{notebook}: a cell other than the set-up cell knows of Colab"


def test_notebook_and_address_agree(notebook):
    told = list(complaints(notebook, read_address()))
    assert not told, "\n".join([*told, "run make links"])


def test_nothing_is_left_for_make_links():
    before = {path: path.read_bytes() for path in find()}
    assert links.relink(find(), read_address()) == []
    assert {path: path.read_bytes() for path in find()} == before


def naming(repository, root):
    """Return the names of the files under `root`, notebooks left out, that name a repository."""
    made = ("README.md", "README.ko.md")  # tools.publish.readme writes these; test_readme.py compares
    folders = ("tools", "tests", "helpers", ".ci", ".github", "images")
    files = [path for name in folders for path in (root / name).rglob("*.*")]
    files += [path for path in root.glob("*.*") if path.name not in made]
    ours = [p for p in files if p.is_file() and not {"node_modules", "__pycache__"} & {*p.parts}]
    return sorted(path.name for path in ours if repository.encode() in path.read_bytes())


def test_the_address_stands_in_one_place(tmp_path):
    repository = read_address().repository
    assert not repository or naming(repository, stored.ROOT) == ["pyproject.toml"]
    (tmp_path / "tools" / "node_modules").mkdir(parents=True)
    for file in ("pyproject.toml", "README.md", "tools/a.py", "tools/node_modules/b.js"):
        (tmp_path / file).write_text("see owner/name")
    assert naming("owner/name", tmp_path) == ["a.py", "pyproject.toml"]


# --- set-up cells and badges ---


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda a: f"{a.repository}@{a.tag}")
@pytest.mark.parametrize("edition", stored.EDITIONS)
def test_the_set_up_cell_is_short_and_names_the_edition_once(edition, address, tmp_path):
    source = set_up(edition, address)
    lines = [line for line in source.splitlines() if line]
    assert len(lines) <= 6 and max(map(len, lines)) <= 100
    (line,) = [line for line in lines if f'"COURSE_EDITION", "{edition}"' in line]
    assert [line] == list(set(lines) - set(set_up("xx", address).splitlines()))
    path = tmp_path / "01.ipynb"
    cells = [v4.new_code_cell(source, id="setup")]
    write(v4.new_notebook(cells=cells, metadata=METADATA, nbformat_minor=5), path)
    for command in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--config", stored.ROOT / "pyproject.toml"]
        shown = subprocess.run([*ruff, path], capture_output=True, text=True, check=False)
        assert shown.returncode == 0, shown.stdout


def test_a_tag_is_fetched_else_the_default_branch():
    assert "git clone --depth 1 https://github.com/me/my.course repo" in set_up("en", MINE)
    assert "clone --depth 1 -b v1.0 https://github.com/me/my.course" in set_up("en", RELEASE)


def test_a_badge_leads_to_the_tag_else_the_branch():
    path = stored.ROOT / "notebooks/ko/01_x.ipynb"
    place = "https://colab.research.google.com/github/me/my.course/blob/{}/notebooks/ko/01_x.ipynb"
    assert badge(path, Address()) == ""
    assert badge(path, MINE).endswith(f"]({place.format('main')})")
    assert badge(path, RELEASE).endswith(f"]({place.format('v1.0')})")


@pytest.mark.parametrize(
    ("title", "marked"),
    [
        ("# One\n\nIt promises.", "# One\n\nIt promises.\n\n{}"),
        ("# One\n\nIt promises.\n\n[Korean](x)", "# One\n\nIt promises.\n\n{}\n\n[Korean](x)"),
        ("# One\nIt promises.\n\nMore.", "# One\nIt promises.\n\n{}\n\nMore."),
    ],
)
def test_a_badge_stands_below_the_promise_once(title, marked):
    path = stored.ROOT / "notebooks/en/01_x.ipynb"
    first, second = badge(path, MINE), badge(path, RELEASE)
    once = with_marks(title, first)
    assert once == marked.format(first)
    assert with_marks(once, first) == once
    assert with_marks(once, second) == marked.format(second)
    assert with_marks(once, "") == without_marks(once) == title


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"repository": "just-a-name"}, "'just-a-name' is no repository; write one such as owner"),
        ({"repository": "me/x; rm -r ~"}, "no repository"),
        ({"repository": "me/x", "tag": "--upload-pack=x"}, "no tag; write one such as v1.0"),
        ({"branch": ""}, "no branch; write one such as main"),
    ],
)
def test_an_address_that_is_none_is_refused(given, message):
    with pytest.raises(ToolError, match=message):
        Address(**given)


def test_an_address_too_long_for_a_line_is_refused():
    with pytest.raises(ToolError, match="is [0-9]+ characters too long for a line"):
        set_up("en", Address(f"me/{'x' * 60}"))


# --- make links ---


@pytest.fixture
def folder(tmp_path):
    """Return a folder with notebooks of both editions, whose set-up cell is the former one."""
    for edition in stored.EDITIONS:
        shown = [v4.new_output("stream", text="shown\n")]
        cells = [
            v4.new_markdown_cell("# One\n\nIt promises.", id="title"),
            v4.new_code_cell(OLD.replace('"en"', f'"{edition}"'), id="setup", execution_count=1),
            v4.new_code_cell("print('shown')", id="show", execution_count=2, outputs=shown),
        ]
        notebook = v4.new_notebook(cells=cells, metadata=METADATA, nbformat_minor=5)
        write(notebook, tmp_path / "notebooks" / edition / "01_one.ipynb")
    return tmp_path / "notebooks"


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda a: f"{a.repository}@{a.tag}")
def test_links_mends_every_notebook_and_keeps_its_outputs(folder, address):
    paths = find(folder=folder)
    before = [stored.read(path) for path in paths]
    assert [list(complaints(notebook, address)) for notebook in before] != [[], []]
    assert links.relink(paths, address) == paths
    for path, old in zip(paths, before, strict=True):
        new = stored.read(path)
        assert list(complaints(new, address)) == []
        assert new.cells[2] == old.cells[2] and new.cell("setup").execution_count == 1
        assert {**new.node, "cells": []} == {**old.node, "cells": []}
    assert links.relink(paths, address) == []
    assert links.relink(paths, Address("other/course")) == paths


def test_links_writes_nothing_if_one_notebook_cannot_be_mended(folder):
    broken = folder / "ko" / "01_one.ipynb"
    notebook = nbformat.read(broken, as_version=4)
    notebook.cells[1].id = "set-up"
    write(notebook, broken)
    before = [path.read_bytes() for path in find(folder=folder)]
    with pytest.raises(ToolError, match="ko/01_one needs a code cell with the id setup"):
        links.relink(find(folder=folder), MINE)
    assert [path.read_bytes() for path in find(folder=folder)] == before


def test_the_address_is_stored_and_comments_stay(tmp_path):
    project = tmp_path / "pyproject.toml"
    project.write_text(PROJECT)
    assert read_address(project) == Address()
    write_address(RELEASE, project)
    assert read_address(project) == RELEASE
    assert "# owner/name" in project.read_text() and 'tag = "stays"' in project.read_text()
    write_address(Address(), project)
    assert project.read_text() == PROJECT
    project.write_text("[tool.course]\nrepo = ''\n")
    with pytest.raises(ToolError, match="holds repository, branch and tag"):
        read_address(project)
    with pytest.raises(ToolError, match="needs a line `repository"):
        write_address(MINE, project)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, RELEASE),
        ({"origin": "fork/course"}, Address("fork/course")),
        ({"origin": "me/my.course"}, RELEASE),
        ({"origin": "fork/course", "repo": "me/my.course"}, RELEASE),
        ({"repo": "https://github.com/you/course.git"}, Address("you/course")),
        ({"repo": "you/course", "tag": "v2"}, Address("you/course", tag="v2")),
        ({"tag": "v2"}, Address("me/my.course", tag="v2")),
        ({"tag": "none"}, MINE),
        ({"repo": "none", "origin": "fork/course"}, Address()),
    ],
)
def test_the_address_is_what_was_asked_for_else_the_remote_else_what_is_stored(asked, expected):
    assert links.choose(RELEASE, **asked) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/me/course\n", "me/course"),
        ("https://token@github.com/me/course.git", "me/course"),
        ("git@github.com:me/my.course.git", "me/my.course"),
        ("ssh://git@github.com/me/course/", "me/course"),
        ("https://gitlab.com/me/course", ""),
        ("../course", ""),
        ("", ""),
    ],
)
def test_a_remote_on_github_is_known(url, expected):
    assert on_github(url) == expected


def test_the_remote_is_read_and_its_absence_told(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert links.remote(tmp_path) == ""
    add = ["git", "-C", tmp_path, "remote", "add", "origin", "git@github.com:me/course.git"]
    subprocess.run(add, check=True)
    assert links.remote(tmp_path) == "me/course"
    assert "make links REPO=owner/name" in links.told(Address(), 0)
    assert "me/my.course, tag v1.0" in links.told(RELEASE, 3)


def test_links_tells_a_mistake_in_one_sentence(capsys):
    assert links.main(["--repo", "name"]) == 1
    assert capsys.readouterr().err.startswith("python -m tools.publish.links: 'name' is no repository")


# --- what the set-up cell does ---


@pytest.fixture
def machine(tmp_path):
    """Return a function that runs code where git and python only note that they were called."""
    git = "#!/bin/sh\necho git >> calls; echo words >&2; [ ! -e offline ] && mkdir repo\n"
    python = "#!/bin/sh\n[ -e repo ] || exit 2; echo python $* >> calls; [ ! -e no-pip ]\n"
    for name, text in {"git": git, "python": python}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)

    def run(code):
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    run.folder = tmp_path
    return run


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda a: f"{a.repository}@{a.tag}")
def test_the_set_up_cell_fetches_nothing_where_there_is_no_colab(machine, address):
    shown = machine(set_up("ko", address) + TELL)
    assert shown.stdout.split() == ["ko", str(machine.folder.parents[1])], shown.stderr
    assert not (machine.folder / "calls").exists()


def test_the_set_up_cell_fetches_once_on_colab_and_may_run_twice(machine):
    source = set_up("en", MINE)
    shown = machine(f"{STUBBED}{source}\n{source}{TELL}")
    assert shown.stdout.split() == ["en", str(machine.folder / "repo")], shown.stderr
    called = (machine.folder / "calls").read_text().splitlines()
    assert called == ["git", "python repo/tools/colab.py"] * 2


@pytest.mark.parametrize(
    ("address", "trouble", "sentence"),
    [(Address(), "", NO_ADDRESS), (MINE, "offline", NOT_FETCHED), (MINE, "no-pip", NOT_FETCHED)],
)
def test_the_set_up_cell_fails_with_one_sentence(machine, address, trouble, sentence):
    if trouble:
        (machine.folder / trouble).touch()
    shown = machine(STUBBED + set_up("en", address) + TELL)
    assert (shown.returncode, shown.stdout, shown.stderr) == (1, "", f"{sentence}\n")


# --- what is installed ---


def test_colab_installs_what_is_absent_and_pins_the_rest(monkeypatch):
    versions = dict.fromkeys((*colab.needed(), "ipywidgets"), "1.0")
    versions["num2words"] = versions["sacrebleu"] = None
    asked = []
    monkeypatch.setattr(colab, "version", versions.get)
    monkeypatch.setattr(colab, "install", lambda *given: asked.append(given) or 0)
    assert colab.main() == 0
    ((ranges, pins),) = asked
    assert [text.split(">")[0] for text in ranges] == ["num2words", "sacrebleu"]
    assert {"torch==1.0", "numpy==1.0", "ipython==1.0", "ipywidgets==1.0"} <= set(pins)
    assert not [pin for pin in pins if "None" in pin or "num2words" in pin]
    versions |= {"num2words": "0.5.14", "sacrebleu": "2.6.0"}
    assert colab.main() == 0 and len(asked) == 1


def test_colab_knows_what_is_installed():
    assert colab.version("numpy") and colab.version("no-such-package") is None


def test_colab_tells_when_pip_fails(monkeypatch):
    monkeypatch.setattr(os, "environ", os.environ | {"PIP_NO_INDEX": "1"})
    assert colab.install(["no-such-package"], ["numpy==1.0"]) != 0
