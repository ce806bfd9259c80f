"""Write the repository's address into the notebooks and the README.

    python -m tools.publish.links                                  # from the git remote named origin
    python -m tools.publish.links --repo owner/name
    python -m tools.publish.links --repo owner/name --tag v1.0     # a release
    python -m tools.publish.links --repo none                      # no address, no badges

Notebooks keep their outputs. With no --repo and no remote on GitHub, the address that
pyproject.toml has stays. A tag stays as long as the repository does; `--tag none` removes it.
"""

import argparse
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

from tools.notebooks.files import ROOT, ToolError, find, read, write
from tools.publish.address import Address, link, on_github, read_address, write_address
from tools.publish.readme import renew


def remote(root: Path = ROOT) -> str:
    """Return the owner/name of the git remote named origin if it is on GitHub, or nothing."""
    command = ["git", "-C", str(root), "config", "--get", "remote.origin.url"]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return on_github(shown.stdout)


def choose(stored: Address, repo: str = "", tag: str = "", origin: str = "") -> Address:
    """Return the address to write: as asked, else that of the git remote, else as stored."""
    given = on_github(repo) or repo or origin or stored.repository
    repository = "" if given == "none" else given
    kept = stored.tag if repository == stored.repository else ""
    return Address(repository, stored.branch, "" if tag == "none" else tag or kept)


def relink(paths: list[Path], address: Address) -> list[Path]:
    """Bring notebooks into the form that an address asks for; return those that changed."""
    notebooks = [(path, read(path)) for path in paths]
    before = deepcopy(notebooks)
    for path, notebook in notebooks:
        link(notebook, path, address)
    changed = [new for new, old in zip(notebooks, before, strict=True) if new != old]
    for path, notebook in changed:
        write(notebook, path)
    return [path for path, _ in changed]


def main(arguments: list[str] | None = None) -> int:
    """Write the address everywhere and tell which it is; return 1 if that cannot be done."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.publish.links",
        description="Write the repository's address everywhere.",
    )
    parser.add_argument("--repo", default="", help="owner/name on GitHub, or none")
    parser.add_argument("--tag", default="", help="the tag that Colab fetches, or none")
    options = parser.parse_args(arguments)
    try:
        address = choose(read_address(), options.repo, options.tag, remote())
        changed = relink(find(), address)
        write_address(address)
        renew()
    except ToolError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    print(told(address, len(changed)))
    return 0


def told(address: Address, changed: int) -> str:
    """Return in one sentence which address the notebooks have now."""
    if not address.repository:
        return (
            f"No address is set, so there are no Colab badges ({changed} notebooks changed): "
            "make links REPO=owner/name sets one, and so does a git remote on GitHub."
        )
    at = f"tag {address.tag}" if address.tag else f"branch {address.branch}"
    return f"The address is {address.repository}, {at} ({changed} notebooks changed)."


if __name__ == "__main__":
    sys.exit(main())
