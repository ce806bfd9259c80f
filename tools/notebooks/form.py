"""Form of a notebook that is computed: stated minutes, hidden code, folded headings.

- The minutes to read, in the cell `goals`, are the words of the core by 60.
- The code of a cell that shows a measured sentence is hidden in JupyterLab, on Colab and the site.
- Headings of what goes further, cells tagged `further`, are folded.
"""

import re

from nbformat import NotebookNode

WORDS_A_MINUTE = 60
FURTHER, CLAIM, HIDDEN_ON_SITE = "further", "claim", "hide-input"
STATED = re.compile(r"(about |읽는 데 )\d+( minutes? to read|분)")
TITLE = "# @title Measured · 측정\n"  # Colab shows it in place of the code
CODE_APART = {"setup", "imports"}
# ids of cells that ask the reader to do or to think something
ASKS = re.compile("exercise|(longer|challenge|think)(-|$)")


def core_words(notebook: NotebookNode) -> int:
    """Return how many words of prose and code everybody reads.

    Set-up, imports, hidden code, what goes further, and the cells that ask the reader to do or to
    think something are left out: exercises, longer ones, open challenges, questions.
    """
    count = 0
    for cell in notebook.cells:
        tags, name = cell.metadata.get("tags", []), cell.get("id", "")
        if FURTHER in tags or ASKS.match(name) or name in CODE_APART or is_measured(cell):
            continue
        code = cell.cell_type == "code"
        count += len(re.findall(r"\w+", cell.source) if code else cell.source.split())
    return count


def minutes(notebook: NotebookNode) -> int:
    """Return how many minutes the core takes to read."""
    return max(1, round(core_words(notebook) / WORDS_A_MINUTE))


def without_minutes(text: str) -> str:
    """Return prose with the stated minutes taken out, which each edition has of its own."""
    return STATED.sub(r"\1\2", text)


def shape(notebook: NotebookNode) -> None:
    """Bring a notebook into its computed form."""
    for cell in notebook.cells:
        if is_measured(cell):
            cell.source = TITLE + cell.source.removeprefix(TITLE)
            cell.metadata["jupyter"] = {"source_hidden": True}
            cell.metadata["cellView"] = "form"
            cell.metadata["tags"] = [t for t in cell.metadata["tags"] if t != HIDDEN_ON_SITE]
            cell.metadata["tags"].append(HIDDEN_ON_SITE)
        heads = cell.cell_type == "markdown" and re.match("#{1,3} ", cell.source)
        if heads and FURTHER in cell.metadata.get("tags", []):
            cell.metadata["jp-MarkdownHeadingCollapsed"] = True
    for cell in notebook.cells:
        if cell.get("id") == "goals":
            cell.source = STATED.sub(rf"\g<1>{minutes(notebook)}\2", cell.source)


def is_measured(cell: NotebookNode) -> bool:
    """Tell whether a cell shows a measured sentence or table."""
    claim = cell.cell_type == "code" and CLAIM in cell.metadata.get("tags", [])
    return claim and re.search(r"\bmeasured(_table)?\(", cell.source) is not None
