"""How Sphinx makes the site out of the pages that tools/publish/site.py lays out for it."""

from pathlib import Path

HERE = Path(__file__).resolve().parent

project = "Attention, measured"
language = "en"
extensions = ["myst_nb"]

# the notebooks as they are stored
nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js = {}  # there are no widgets in the course, and their scripts lie elsewhere
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4

# MathJax lies beside the pages; without these packages it never asks for more of itself
mathjax_path = "mathjax/tex-svg.js"
mathjax3_config = {
    "tex": {"packages": {"[-]": ["autoload", "require"]}},
    "svg": {"fontCache": "local"},
    "options": {"enableMenu": False},
}

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = [str(HERE / "static")]
html_favicon = str(HERE / "static" / "favicon.svg")
html_css_files = ["course.css"]
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system is
html_copy_source = False
html_theme_options = {
    "home_page_in_toc": True,
    "search_bar_text": "Search the course",
    "show_toc_level": 2,
    "use_download_button": False,  # a notebook without helpers/ beside it would not run
}


def name_language(app, page, template, context, doctree):
    """Tell browsers and screen readers the language of a page: that of its edition."""
    if page.startswith("ko/") or page.endswith("-ko"):
        context["language"] = "ko"


def setup(app):
    """Let Sphinx call what is defined here."""
    app.connect("html-page-context", name_language)
