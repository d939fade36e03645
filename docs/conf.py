"""The site: README.md, docs/ and the projects' pages, from the files themselves.

    python -m sphinx -W --keep-going -b html -c docs . site

Warnings are errors: a dead relative link, a missing anchor or picture ends the build.
Nothing is fetched.
"""

from pathlib import Path

from sphinx.application import Sphinx

project = "Keras Applied Projects"
copyright = "its authors, MIT licence"  # noqa: A001 - Sphinx's name for it
extensions = ["myst_parser"]
root_doc = "README"
# The paths are those of the repository, so that links hold here and there.
include_patterns = ["*.md", "docs/*.md", "projects/*/README.md"]
exclude_patterns = [".*", "runs", "data", "site"]
myst_heading_anchors = 4

html_theme = "furo"
html_title = project
html_additional_pages = {"index": "start.html"}
templates_path = ["templates"]
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False

_FOUND = ["docs/results", "docs/claims", "docs/couplet_answers"]
_PROJECTS = ["stock_lstm", "word2vec", "couplet", "video_activity"]
_OTHERS = {f"docs/{page.stem}" for page in Path(__file__).parent.glob("*.md")}
CHAPTERS = {
    "Projects": [f"projects/{name}/README" for name in _PROJECTS],
    "What was found": _FOUND,
    "How it is made": sorted(_OTHERS - set(_FOUND))
    + ["CONTRIBUTING", "SECURITY", "CHANGELOG"],
    "中文": ["README.zh"],
}


def add_chapters(app: Sphinx, page: str, source: list[str]) -> None:
    """Give the front page its chapters here: GitHub would show them as code."""
    if page == root_doc:
        for caption, pages in CHAPTERS.items():
            there = "\n".join(name for name in pages if name in app.env.found_docs)
            options = f":hidden:\n:caption: {caption}\n\n"
            source[0] += "\n\n```{toctree}\n" + options + there + "\n```\n"


def setup(app: Sphinx) -> None:
    """Tell Sphinx of the above."""
    app.connect("source-read", add_chapters)
