"""The HTML of an interactive view, as a parser reads it and as Chromium shows it."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

BROWSER = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome", "chrome"])),
    None,
)


def needs_browser(test):
    """Mark a test that starts Chromium: slow, and skipped where there is none."""
    reason = "No Chromium was found: install it, for example with `apt-get install chromium`."
    return pytest.mark.slow(pytest.mark.skipif(BROWSER is None, reason=reason)(test))


class Reader(HTMLParser):
    """Reads HTML as a browser would: tags, the rows of tables, scripts by type, what is open."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.rows, self.scripts, self.open = [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "script":
            self.scripts.append((dict(attrs).get("type"), ""))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, text):
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += text
        if self.open and self.open[-1] == "script":
            kind, so_far = self.scripts[-1]
            self.scripts[-1] = (kind, so_far + text)


def payload(view):
    """Return the data that a view hands to its script."""
    return json.loads(Reader(view._repr_html_()).scripts[0][1])


def dom_after(script, folder, *views, width=1100):
    """Return the page of `views` after `script`, as Chromium writes it out."""
    blocks = "".join(view._repr_html_() for view in views)
    page = folder / "page.html"
    extra = f"<script>addEventListener('load', () => {{ {script} }});</script>"
    page.write_text(f"<!doctype html><meta charset='utf-8'>{blocks}{extra}", encoding="utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000"]
    command += [f"--user-data-dir={folder / 'profile'}", f"--window-size={width},800", "--dump-dom"]
    done = subprocess.run([*command, page.as_uri()], capture_output=True, timeout=60, check=True)
    return done.stdout.decode("utf-8")


def title_after(script, folder, *views, width=1100):
    """Return what `script` has written into the page's title, split at each |."""
    dom = dom_after(script, folder, *views, width=width)
    return re.search("<title>(.*)</title>", dom)[1].split("|")
