r'''Edit a notebook as plain text.

    python -m tools.notebooks.plaintext unpack notebooks/en/01_bottleneck.ipynb  # prints the text
    python -m tools.notebooks.plaintext unpack notebooks/en/01_bottleneck.ipynb -o 01.txt
    python -m tools.notebooks.plaintext pack 01.txt notebooks/en/01_bottleneck.ipynb

A header opens each cell; what follows, up to the next header, is the cell exactly as it stands in
the notebook, Markdown without a prefix and code without quoting:

    # %% [markdown] id=title slide=slide
    # The bottleneck

    How much fits in one vector? Softmax is $\frac{e^{x}}{\sum e^{x}}$.

    # %% [code] id=attend tags=teaches:attention.attend,claim slide=fragment
    def attend(query, key, value):
        """Return the blend of values that each query reads."""

    # %% [markdown] id=next slide=slide
    #| slide: **Next:** attention.
    #| notes: 1 min. Ask: what would you look back at?
    **Next:** a decoder that may look back at all the states of the encoder.

The rules, all of them:

- `[markdown]`, `[code]` or `[raw]`, then `id=` (needed; letters, digits, - and _), `slide=` and
  `tags=a,b` (both optional), and last, for any other metadata, `meta={"a JSON": "object"}`.
- Lines that begin with `#|` right below a header hold what a lecture deck needs: `slide:`
  (slide_text in the metadata), `notes:` (slide_notes) and `show:` (slide_show). Their further lines
  begin with `#|` and three spaces.
- Blank lines around a cell's text do not count.
- A line inside a cell that itself begins with `# %%` or `#|` gets a `\` before it; unpack does so.
- pack takes outputs, execution counts and the notebook's own metadata from the notebook that it
  overwrites. A code cell whose id is new or whose code changed loses its outputs.

The form is not jupytext's: that one comments Markdown out and has no place for `"""` or for ids.
'''

import argparse
import json
import re
import sys
from pathlib import Path

from nbformat import NotebookNode, v4

from tools.notebooks.notebook_files import METADATA, ToolError, read, write

HEADER = re.compile(r"# %%(?:\s|$)")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
KIND = re.compile(r"\[(markdown|code|raw)\]")
WORD = re.compile(r"[^\s,]+")
MARK = r"(?:# %%|#\|)"  # what begins a header or a line of a field
FIELDS = {"slide": "slide_text", "notes": "slide_notes", "show": "slide_show"}
FIELD = re.compile(rf"#\| ({'|'.join(FIELDS)}):(?: (.*))?")
MORE = re.compile(r"#\|(?:   (.*))?")
MAKE = {"markdown": v4.new_markdown_cell, "code": v4.new_code_cell, "raw": v4.new_raw_cell}


def unpack(notebook: NotebookNode) -> str:
    """Return the text form of a notebook, without outputs."""
    texts = [f"{header(cell)}\n{escape(cell.source)}".rstrip("\n") for cell in notebook.cells]
    return "\n\n".join(texts) + "\n"


def pack(text: str, stored: NotebookNode | None = None) -> NotebookNode:
    """Return the notebook that a text describes, with `stored`'s outputs where code is equal."""
    notebook = v4.new_notebook(metadata=stored.metadata if stored else METADATA)
    notebook.nbformat_minor = 5
    outputs = {cell.id: cell for cell in stored.cells if "id" in cell} if stored else {}
    for number, line, lines in blocks(text):
        cell = parse(number, line)
        cell.metadata |= take_fields(number, lines)
        cell.source = unescape("\n".join(lines).strip("\n"))
        if any(cell.id == other.id for other in notebook.cells):
            raise ToolError(f"line {number}: an earlier cell has the id {cell.id!r}; rename one")
        keep_outputs(cell, outputs.get(cell.id))
        notebook.cells.append(cell)
    return notebook


def header(cell: NotebookNode) -> str:
    """Return the lines that carry a cell's type, id and metadata: a header, and its fields."""
    if "id" not in cell:
        raise ToolError(
            f"a cell has no id: {cell.source[:40]!r}; store the notebook in format 4.5, with ids"
        )
    if cell.get("attachments"):
        raise ToolError(
            f"cell {cell.id!r} has attachments, which text cannot hold; "
            "show the image from a code cell instead"
        )
    meta = json.loads(json.dumps(cell.metadata))
    parts = [f"# %% [{cell.cell_type}] id={cell.id}"]
    slide = meta.get("slideshow", {})
    if list(slide) == ["slide_type"] and WORD.fullmatch(str(slide["slide_type"])):
        parts.append(f"slide={meta.pop('slideshow')['slide_type']}")
    tags = meta.get("tags")
    if tags and all(WORD.fullmatch(tag) for tag in tags):
        parts.append(f"tags={','.join(meta.pop('tags'))}")
    fields = [f"\n{field(key, meta.pop(FIELDS[key]))}" for key in FIELDS if is_plain(meta, key)]
    if meta:
        parts.append(f"meta={json.dumps(meta, ensure_ascii=True, sort_keys=True)}")
    return " ".join(parts) + "".join(fields)


def is_plain(meta: dict, key: str) -> bool:
    """Tell whether a field is there and can stand on lines of its own."""
    value = meta.get(FIELDS[key])
    if not isinstance(value, str):
        return False
    lines = value.split("\n") if value else []
    return value == value.strip() and value.splitlines() == lines


def field(key: str, value: str) -> str:
    """Return the lines of one field."""
    first, *more = value.split("\n")
    head = f"#| {key}: {first}" if first else f"#| {key}:"
    return "\n".join([head, *(f"#|   {line}" if line else "#|" for line in more)])


def take_fields(number: int, lines: list[str]) -> dict[str, str]:
    """Take the fields off the lines below a header and return them as metadata."""
    found, key = {}, ""
    while lines and lines[0].startswith("#|"):
        number, line = number + 1, lines.pop(0)
        if match := FIELD.fullmatch(line):
            key = FIELDS[match[1]]
            found[key] = match[2] or ""
        elif key and (match := MORE.fullmatch(line)):
            found[key] += "\n" + (match[1] or "")
        else:
            raise ToolError(
                f"line {number}: {line[:40]!r} is no field; write `#| slide: …`, `#| notes: …` or "
                "`#| show: …`, and further lines with three spaces after `#|`"
            )
    return found


def blocks(text: str) -> list[tuple[int, str, list[str]]]:
    """Split a text into cells: the header's line number, the header, the lines below it."""
    found = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if HEADER.match(line):
            found.append((number, line, []))
        elif found:
            found[-1][2].append(line)
        elif line.strip():
            raise ToolError(
                f"line {number}: {line[:40]!r} stands before the first cell; "
                "begin with a header such as `# %% [markdown] id=title`"
            )
    return found


def parse(number: int, line: str) -> NotebookNode:
    """Return an empty cell with the type, id and metadata that a header line names."""
    fields, has_meta, meta = line.removeprefix("# %%").partition(" meta=")
    kind, *fields = fields.split() or [""]
    if not (known := KIND.fullmatch(kind)):
        raise ToolError(
            f"line {number}: a header begins `# %% [markdown]`, `# %% [code]` or "
            f"`# %% [raw]`, not {line[:40]!r}; in a cell's text write `\\# %%`"
        )
    values = dict(field.partition("=")[::2] for field in fields)
    if unknown := [key for key in values if key not in ("id", "slide", "tags")]:
        raise ToolError(
            f"line {number}: {unknown[0]!r} is not a field; there are id, slide, tags "
            "and, last, meta"
        )
    if not ID.fullmatch(values.get("id", "")):
        given = f"the id {values['id']!r}" if values.get("id") else "no id"
        raise ToolError(
            f"line {number}: the header has {given}; write id= with letters, digits, - and _"
        )
    metadata = read_meta(number, meta) if has_meta else {}
    cell = MAKE[known[1]](id=values["id"], metadata=metadata)
    if "slide" in values:
        cell.metadata["slideshow"] = {"slide_type": values["slide"]}
    if "tags" in values:
        cell.metadata["tags"] = values["tags"].split(",")
    return cell


def read_meta(number: int, text: str) -> dict:
    """Return the JSON object that a header gives as further metadata."""
    try:
        meta = json.loads(text)
    except ValueError:
        meta = None
    if not isinstance(meta, dict):
        raise ToolError(f"line {number}: meta= takes a JSON object and stands last, not {text!r}")
    return meta


def keep_outputs(cell: NotebookNode, stored: NotebookNode | None) -> None:
    """Copy outputs and execution count from the stored code cell if its code is the same."""
    same_kind = stored and cell.cell_type == stored.cell_type == "code"
    if same_kind and cell.source == stored.source.strip("\n"):
        cell.outputs = stored.outputs
        cell.execution_count = stored.execution_count


def escape(source: str) -> str:
    """Mark lines that would read as a header or a field."""
    return re.sub(rf"^(\\*{MARK})", r"\\\1", source.strip("\n"), flags=re.MULTILINE)


def unescape(source: str) -> str:
    """Undo `escape`."""
    return re.sub(rf"^\\(\\*{MARK})", r"\1", source, flags=re.MULTILINE)


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.notebooks.plaintext", description="Edit a notebook as plain text."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    to_text = commands.add_parser("unpack", help="notebook to text")
    to_text.add_argument("notebook", type=Path)
    to_text.add_argument("-o", "--output", type=Path, help="the text file (default: the screen)")
    to_notebook = commands.add_parser("pack", help="text to notebook")
    to_notebook.add_argument("text", type=Path)
    to_notebook.add_argument("notebook", type=Path)
    options = parser.parse_args(arguments)
    try:
        return run(options)
    except ToolError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1


def run(options: argparse.Namespace) -> int:
    """Unpack to a file or the screen, or pack over a notebook."""
    if options.command == "unpack":
        text = unpack(read(options.notebook))
        if options.output:
            options.output.write_text(text, encoding="utf-8", newline="\n")
        else:
            sys.stdout.write(text)
        return 0
    if not options.text.is_file():
        raise ToolError(f"{options.text} is not a file; give the path of a text that unpack wrote")
    stored = read(options.notebook) if options.notebook.exists() else None
    notebook = pack(options.text.read_bytes().decode("utf-8-sig"), stored)
    write(notebook, options.notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    kept = sum(cell.execution_count is not None for cell in code)
    print(f"{len(notebook.cells)} cells; {kept} of {len(code)} code cells keep their outputs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
