"""README and TEACHING: renew what they take from the notebooks, in both languages.

    python -m tools.publish.readme

In a README that is the map of the notebooks, the way to Colab, and the claims with their numbers;
in a TEACHING, how long the notebooks run, and their exercises with minutes.

The map gives each notebook's title, its promise and the seconds it took. The claims come from
notebooks/claims.toml, the numbers from the stored outputs, the seeds from notebooks/seeds.json,
and the Colab badges from the address in pyproject.toml. Nothing in these places is typed by hand.
"""

import math
import re
import sys
from pathlib import Path

from nbformat import NotebookNode

from tools.notebooks.notebook_files import ROOT, ToolError, find, name, read
from tools.notebooks.records import read_claims, read_held, read_seconds
from tools.publish.colab_links import Address, badge, read_address
from tools.publish.slide_content import plain

EXERCISE = re.compile(r"### (?:Exercise|연습): (.+?) ([●○]+) · (\d+) ?(?:min|분)")
BADGE = ("[![", "![", "<")  # a paragraph that begins so is no prose
WORDS = {
    "en": {
        "readme": "README.md",
        "teaching": "TEACHING.md",
        "text": "text",
        "map": ("Notebook", "What it shows", "Runs in", "On Colab"),
        "claims": ("Claim", "Measured", "Holds on seeds"),
        "exact": "exact",
        "seconds": ("Notebook", "All cells"),
        "exercises": ("Notebook", "Exercises", "Minutes"),
        "about": "about {} s",
        "minutes": "{} min",
        "count": ("{} ({} claim)", "{} ({} claims)"),
        "open": "Open the notebook",
        "on_colab": (
            "Google Colab runs each notebook in the browser, by itself, with nothing to install. "
            "Its set-up cell fetches this repository and the packages that Colab lacks; that takes "
            "seconds, and what Colab has stays as it is."
        ),
        "to_colab": (
            "Follow the badge beside a notebook in the map, sign in, and choose "
            "*Runtime → Run all*."
        ),
        "no_colab": (
            "This copy does not say where it lies on GitHub, so it has no badges yet: "
            "`python course.py links --repo owner/name` writes them."
        ),
    },
    "ko": {
        "readme": "README.ko.md",
        "teaching": "TEACHING.ko.md",
        "text": "ko",
        "map": ("노트북", "볼 수 있는 것", "실행 시간", "Colab"),
        "claims": ("주장", "측정값", "성립한 시드"),
        "exact": "정확",
        "seconds": ("노트북", "모든 셀"),
        "exercises": ("노트북", "연습", "분"),
        "about": "약 {}초",
        "minutes": "{}분",
        "count": ("{} (주장 {}개)", "{} (주장 {}개)"),
        "open": "노트북 열기",
        "on_colab": (
            "Google Colab에서는 설치 없이 브라우저에서 노트북을 하나씩 실행합니다. 설정 셀이 이 "
            "저장소와 Colab에 없는 패키지를 받아 옵니다. 몇 초면 되고, Colab에 이미 있는 것은 "
            "건드리지 않습니다."
        ),
        "to_colab": (
            "위 표에서 노트북 옆의 배지를 누르고 로그인한 다음, *런타임 → 모두 실행*을 고르세요."
        ),
        "no_colab": (
            "이 사본에는 GitHub 주소가 적혀 있지 않아 아직 배지가 없습니다. "
            "`python course.py links --repo owner/name`이 배지를 써 넣습니다."
        ),
    },
}


def words(notebooks: list[Path]) -> dict:
    """Return the words for notebooks of one edition, in its language."""
    return WORDS[notebooks[0].parent.name]


def the_map(notebooks: list[Path], address: Address) -> str:
    """Return a Markdown table of the notebooks: a link, what each promises, how long it runs.

    With an address there is a column of Colab badges too.
    """
    rows = [words(notebooks)["map"], ["---"] * 4]
    for path in notebooks:
        title, promise = opening(read(path), path)
        took = about(path)
        link = f"[{title}](notebooks/{name(path)}.ipynb)"
        rows.append([link, promise, took, badge(path, address)])
    columns = 4 if address.repository else 3
    return "".join(f"| {' | '.join(row[:columns])} |\n" for row in rows)


def on_colab(notebooks: list[Path], address: Address) -> str:
    """Return the paragraphs on Colab: how to open a notebook there, or what is missing for it."""
    said = words(notebooks)
    return f"\n{said['on_colab']}\n\n{said['to_colab' if address.repository else 'no_colab']}\n\n"


def about(path: Path) -> str:
    """Return how long a notebook ran in English, rounded up to five seconds; a dash if unknown."""
    seconds = read_seconds(path.parents[1]).get(f"en/{path.stem}")
    if seconds is None:
        return "–"
    return WORDS[path.parent.name]["about"].format(5 * math.ceil(seconds / 5))


def opening(notebook: NotebookNode, path: Path) -> tuple[str, str]:
    """Return the heading and the first paragraph of prose of a notebook's title cell."""
    source = next((cell.source for cell in notebook.cells if cell.get("id") == "title"), "")
    heading = re.match(r"# (.+)", source)
    body = re.sub(r"^#.*$", "", source, flags=re.MULTILINE)
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", body)]
    prose = [text for text in paragraphs if text and not text.startswith(BADGE)]
    if not heading or not prose:
        raise ToolError(
            f"{name(path)} needs a cell with the id title: a line `# Heading`, then its promise"
        )
    return heading[1].strip(), _cell(prose[0])


def the_claims(notebooks: list[Path]) -> str:
    """Return a folded table for each notebook: the claim, what was measured, the seeds it held."""
    said, parts = words(notebooks), []
    for path in notebooks:
        notebook, held = read(path), read_held(path)
        title, _ = opening(notebook, path)
        listed = [c for c in read_claims(path.parents[1]) if c["notebook"] == path.stem]
        rows = [f"| {' | '.join(said['claims'])} |", "| --- | --- | --- |"]
        for claim in listed:
            shown, exact = measured(notebook, claim["cell"]), claim.get("exact")
            seeds = said["exact"] if exact else ranges(held.get(claim["cell"], []))
            rows.append(f"| {_cell(claim[said['text']])} | {_shown(shown, path)} | {seeds} |")
        counted = said["count"][len(listed) != 1].format(title, len(listed))
        head = f"<details><summary>{counted}</summary>"
        link = f"[{said['open']}](notebooks/{name(path)}.ipynb)"
        parts.append("\n".join([head, "", *rows, "", link, "", "</details>", ""]))
    return "\n" + "\n".join(parts) + "\n"


def measured(notebook: NotebookNode, cell_id: str) -> str:
    """Return on one line what a claim's cell stored as its result, or a dash if there is none."""
    for cell in notebook.cells:
        if cell.get("id") == cell_id and cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    return " ".join(plain(output.data.get("text/plain", "–")).split())
    return "–"


def ranges(numbers: list[int]) -> str:
    """Return numbers as text, runs of three or more shortened: 0–4, 7."""
    runs = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{r[0]}–{r[-1]}" if len(r) > 2 else ", ".join(map(str, r)) for r in runs]
    return ", ".join(parts) or "–"


def the_seconds(notebooks: list[Path]) -> str:
    """Return a Markdown table of how long all cells of each notebook run together."""
    rows = [f"| {' | '.join(words(notebooks)['seconds'])} |", "| --- | --- |"]
    rows += [f"| {_link(path)} | {about(path)} |" for path in notebooks]
    return "\n" + "\n".join(rows) + "\n\n"


def exercises(notebook: NotebookNode) -> dict[str, tuple[str, str, int]]:
    """Return the title, the dots and the minutes of each exercise, by its cell's id."""
    found = ((cell.get("id"), EXERCISE.match(cell.source)) for cell in notebook.cells)
    return {id: (hit[1], hit[2], int(hit[3])) for id, hit in found if hit}


def the_exercises(notebooks: list[Path]) -> str:
    """Return a Markdown table of the exercises of each notebook and the minutes they take."""
    said = words(notebooks)
    rows = [f"| {' | '.join(said['exercises'])} |", "| --- | --- | --- |"]
    for path in notebooks:
        found = exercises(read(path)).values()
        told = (f"{_cell(t)} {dots} {said['minutes'].format(m)}" for t, dots, m in found)
        rows.append(f"| {_link(path)} | {'; '.join(told)} | {sum(m for *_, m in found)} |")
    return "\n" + "\n".join(rows) + "\n\n"


def update(text: str, notebooks: list[Path], address: Address) -> str:
    """Return a README's text with what stands between its markers made anew."""
    parts = {
        "map": the_map(notebooks, address),
        "colab": on_colab(notebooks, address),
        "claims": the_claims(notebooks),
    }
    return fill(text, parts, words(notebooks)["readme"])


def update_teaching(text: str, notebooks: list[Path]) -> str:
    """Return a TEACHING.md's text with what stands between its markers made anew."""
    parts = {"seconds": the_seconds(notebooks), "exercises": the_exercises(notebooks)}
    return fill(text, parts, words(notebooks)["teaching"])


def fill(text: str, parts: dict[str, str], file: str) -> str:
    """Return a file's text with each part in its place, between two lines that mark it."""
    for marker, made in parts.items():
        place = rf"(?<=<!-- {marker}:begin -->\n).*?(?=<!-- {marker}:end -->)"
        if not re.search(place, text, re.DOTALL):
            raise ToolError(
                f"{file} has no place for the {marker}: give it a line `<!-- {marker}:begin -->`"
                f" and, below it, a line `<!-- {marker}:end -->`"
            )
        text = re.sub(place, lambda _, made=made: made, text, count=1, flags=re.DOTALL)
    return text


def renew() -> None:
    """Bring each README and TEACHING.md up to date with the notebooks as they are stored."""
    made = {}
    for edition, said in WORDS.items():
        readme, teaching = ROOT / said["readme"], ROOT / said["teaching"]
        if edition == "en" or readme.exists():
            notebooks = find(edition=edition)
            made[readme] = update(_text(readme), notebooks, read_address())
        if edition == "en" or teaching.exists():
            made[teaching] = update_teaching(_text(teaching), find(edition=edition))
    for file, text in made.items():
        file.write_text(text, encoding="utf-8")


def _shown(text, path):
    """Return a measured value for a table: as it stands, or as code where it is not translated."""
    if path.parent.name == "en" or text == "–":
        return _cell(text)
    return "`" + text.replace("|", r"\|") + "`"


def _text(file):
    """Return what a file holds, or nothing if there is no such file."""
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _link(path):
    """Return a link that shows the title of a notebook."""
    title, _ = opening(read(path), path)
    return f"[{title}](notebooks/{name(path)}.ipynb)"


def _cell(text):
    """Return text that is safe in a cell of a Markdown table."""
    return text.replace("|", r"\|").replace("<", "&lt;")


def main() -> int:
    """Renew the files; return 1 if that cannot be done."""
    try:
        renew()
    except ToolError as error:
        print(f"python -m tools.publish.readme: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
