"""One address, and set-up cells and badges that agree with it, in both editions."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat import v4

from tests.support import stored_notebooks as stored
from tools import colab
from tools.notebooks.notebook_files import METADATA, ToolError, find, write
from tools.publish import colab_links as tool
from tools.publish.colab_links import (
    ALONE,
    NOT_FETCHED,
    Address,
    badge,
    choose,
    marks,
    read_address,
    relink,
    set_up,
    with_address,
    with_marks,
    without_marks,
)

MINE = Address("me/my.course")
RELEASE = Address("me/my.course", tag="v1.0")
ADDRESSES = (Address(), MINE, RELEASE)
PROJECT = """[tool.course]
# owner/name
repository = ""
branch = "main"
tag = ""          # a release

[tool.other]
tag = "stays"
"""
STUBBED = "import sys, types; sys.modules['google.colab'] = types.ModuleType('colab')\n"
TELL = "\nprint(os.environ['COURSE_EDITION'], sys.path[0])"

each_address = pytest.mark.parametrize(
    "address", ADDRESSES, ids=lambda a: f"{a.repository}@{a.tag}"
)


# --- the repository as it is ---


def agrees(notebook, address):
    """Tell whether a notebook's set-up cell, badge and link are those of an address."""
    title = notebook.cell("title").source
    return notebook.cell("setup").source == set_up(notebook.edition, address) and (
        title == with_marks(title, marks(notebook.path, address))
    )


def test_a_notebook_has_the_address_and_only_its_set_up_cell_knows_of_colab(notebook):
    assert agrees(notebook, read_address()), "run `python course.py links`"
    code = [cell.source for cell in notebook.code if cell.id != "setup"]
    assert not [source for source in code if "google.colab" in source]


# --- set-up cells and badges ---


@each_address
@pytest.mark.parametrize("edition", stored.EDITIONS)
def test_the_set_up_cell_is_short_and_names_its_edition(edition, address):
    lines = [line for line in set_up(edition, address).splitlines() if line]
    assert len(lines) <= 9 and max(map(len, lines)) <= 100
    assert [line for line in lines if f'"COURSE_EDITION", "{edition}"' in line]


def test_set_up_cell_and_badge_lead_to_the_tag_else_to_the_branch():
    assert (
        'at = "github.com/me/my.course"\nget = f"git clone --depth 1 https://{at} repo"'
        in set_up("en", MINE)
    )
    assert "clone --depth 1 -b v1.0 https://{at} repo" in set_up("en", RELEASE)
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
def test_a_badge_stands_once_below_the_promise(title, marked):
    path = stored.ROOT / "notebooks/en/01_x.ipynb"
    first, second = badge(path, MINE), badge(path, RELEASE)
    once = with_marks(title, first)
    assert once == marked.format(first)
    assert with_marks(once, second) == marked.format(second)
    assert with_marks(once, "") == without_marks(once) == title


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"repository": "me/x; rm -r ~"}, "no repository; write one such as owner/name"),
        ({"repository": "me/x", "tag": "--upload-pack=x"}, "no tag; write one such as v1.0"),
        ({"branch": ""}, "no branch; write one such as main"),
    ],
)
def test_an_address_that_is_none_is_refused(given, message):
    with pytest.raises(ToolError, match=message):
        Address(**given)


# --- the command ---


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a notebook of each edition that has no address yet."""
    for edition in stored.EDITIONS:
        shown = [v4.new_output("stream", text="shown\n")]
        cells = [
            v4.new_markdown_cell("# One\n\nIt promises.", id="title"),
            v4.new_code_cell("import sys", id="setup", execution_count=1),
            v4.new_code_cell("print('shown')", id="show", execution_count=2, outputs=shown),
        ]
        notebook = v4.new_notebook(cells=cells, metadata=METADATA, nbformat_minor=5)
        write(notebook, tmp_path / "notebooks" / edition / "01_one.ipynb")
    return tmp_path / "notebooks"


@each_address
def test_every_notebook_is_linked_and_keeps_its_outputs(folder, address):
    paths = find(folder=folder)
    before = [stored.read(path) for path in paths]
    assert not any(agrees(notebook, address) for notebook in before)
    assert relink(paths, address) == paths
    for path, old in zip(paths, before, strict=True):
        new = stored.read(path)
        assert agrees(new, address)
        assert new.cells[2] == old.cells[2] and new.cell("setup").execution_count == 1
    assert relink(paths, address) == []


def test_no_notebook_is_written_if_one_cannot_be_linked(folder):
    broken = folder / "ko" / "01_one.ipynb"
    notebook = nbformat.read(broken, as_version=4)
    notebook.cells[1].id = "set-up"
    write(notebook, broken)
    before = [path.read_bytes() for path in find(folder=folder)]
    with pytest.raises(ToolError, match="ko/01_one needs a code cell with the id setup"):
        relink(find(folder=folder), MINE)
    assert [path.read_bytes() for path in find(folder=folder)] == before


def test_the_address_is_stored_and_comments_stay():
    released = with_address(PROJECT, RELEASE)
    assert read_address(released) == RELEASE
    assert "# owner/name" in released and 'tag = "stays"' in released
    assert with_address(released, Address()) == PROJECT
    with pytest.raises(ToolError, match="holds repository, branch and tag"):
        read_address("[tool.course]\nrepo = ''\n")
    with pytest.raises(ToolError, match="needs `repository"):
        with_address("[tool.course]\n", MINE)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, RELEASE),
        ({"repo": "you/course"}, Address("you/course")),
        ({"repo": "me/my.course", "tag": "v2"}, Address("me/my.course", tag="v2")),
        ({"tag": "none"}, MINE),
        ({"repo": "none"}, Address()),
    ],
)
def test_the_address_is_what_was_asked_for_else_what_is_stored(asked, expected):
    assert choose(RELEASE, **asked) == expected


def test_the_command_says_in_one_sentence_what_is_no_address(capsys):
    assert tool.main(["--repo", "name"]) == 1
    assert capsys.readouterr().err == (
        "python -m tools.publish.colab_links: 'name' is no repository; "
        "write one such as owner/name\n"
    )


# --- what the set-up cell does ---


@pytest.fixture
def machine(tmp_path):
    """Return a function that runs code where git and python only note that they were called."""
    if os.name == "nt":
        pytest.skip("Colab is Linux, and these stand-ins are shell scripts")
    git = (
        "#!/bin/sh\necho git >> calls; echo words >&2; [ ! -e offline ] && mkdir -p repo/helpers\n"
    )
    python = "#!/bin/sh\n[ -e repo ] || exit 2; echo python $* >> calls; [ ! -e no-pip ]\n"
    for name, text in {"git": git, "python": python}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)

    def run(code):
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
        command = [sys.executable, "-c", code]
        return subprocess.run(
            command, cwd=run.folder, env=environment, capture_output=True, text=True, check=False
        )

    run.folder = tmp_path / "notebooks" / "en"
    run.folder.mkdir(parents=True)
    return run


@each_address
def test_the_set_up_cell_fetches_nothing_where_there_is_no_colab(machine, address):
    (machine.folder.parents[1] / "helpers").mkdir()
    shown = machine(set_up("ko", address) + TELL)
    assert shown.stdout.split() == ["ko", str(machine.folder.parents[1])], shown.stderr
    assert not (machine.folder / "calls").exists()


def test_the_set_up_cell_fetches_the_course_on_colab_and_may_run_twice(machine):
    source = set_up("en", MINE)
    shown = machine(f"{STUBBED}{source}\n{source}{TELL}")
    assert shown.stdout.split() == ["en", str(machine.folder / "repo")], shown.stderr
    called = (machine.folder / "calls").read_text(encoding="utf-8").splitlines()
    assert called == ["git", "python repo/tools/colab.py"] * 2


@pytest.mark.parametrize(
    ("address", "trouble", "sentence"),
    [(Address(), "", ALONE), (MINE, "offline", NOT_FETCHED), (MINE, "no-pip", NOT_FETCHED)],
)
@pytest.mark.parametrize("edition", stored.EDITIONS)
@pytest.mark.parametrize("place", ["on Colab", "away from the course"])
def test_the_set_up_cell_fails_with_one_sentence(
    machine, address, trouble, sentence, edition, place
):
    if trouble:
        (machine.folder / trouble).touch()
    shown = machine((STUBBED if place == "on Colab" else "") + set_up(edition, address) + TELL)
    told = sentence[edition].format(at=f"github.com/{address.repository}")
    assert (shown.returncode, shown.stdout, shown.stderr) == (1, "", f"{told}\n")


# --- what is installed on Colab ---


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


def test_colab_knows_what_is_installed_and_tells_when_pip_fails(monkeypatch):
    assert colab.version("numpy") and colab.version("no-such-package") is None
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert colab.install(["no-such-package"], ["numpy==1.0"]) != 0
