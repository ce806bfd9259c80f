"""Small notebooks made by hand, for tests of rules and of tools."""

from nbformat import v4

from tools.notebooks.notebook_files import METADATA, write


def code(source, id, *tags, **metadata):
    """Return a code cell."""
    metadata = {"tags": [*tags], **metadata} if tags else metadata
    return v4.new_code_cell(source, id=id, metadata=metadata)


def markdown(source, id="title", **metadata):
    """Return a Markdown cell."""
    return v4.new_markdown_cell(source, id=id, metadata=metadata)


def notebook(*cells):
    """Return a notebook."""
    return v4.new_notebook(cells=list(cells), metadata=METADATA, nbformat_minor=5)


def put(folder, *cells, stem="01_tiny"):
    """Store a notebook in the English edition under `folder` and return its path."""
    path = folder / "en" / f"{stem}.ipynb"
    write(notebook(*cells), path)
    return path
