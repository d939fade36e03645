"""The site is built from the pages, and dead links end the build."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
pytest.importorskip("furo", reason="the site needs the extra docs")


def build(source: Path, site: Path, *options: str) -> subprocess.CompletedProcess:
    """Build the pages of a folder as docs/conf.py says; warnings are errors."""
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "--keep-going"]
    command += ["-b", "html", "-c", REPOSITORY / "docs", *options, source, site]
    environment = {"PYTHONPATH": str(REPOSITORY), "PATH": os.environ["PATH"]}
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_the_site_is_built_without_a_warning(tmp_path):
    done = build(REPOSITORY, tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "README.html").read_text("utf-8")
    assert 'href="docs/results.html"' in page
    assert (tmp_path / "projects/couplet/README.html").is_file()
    assert "README.html" in (tmp_path / "index.html").read_text("utf-8")
    assert (tmp_path / "README.zh.html").is_file()


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("[dead](nowhere.md)", "nowhere.md"),
        ("[anchor](other.md#nowhere)", "nowhere"),
        ("![picture](nowhere.png)", "nowhere.png"),
    ],
)
def test_what_leads_nowhere_ends_the_build(line, word, tmp_path):
    (tmp_path / "README.md").write_text(f"# Title\n\n{line}\n\n[good](other.md#here)\n")
    (tmp_path / "other.md").write_text("# Other\n\n## Here\n")
    alone = ("-D", "suppress_warnings=toc.not_included,toc.no_title")
    done = build(tmp_path, tmp_path / "site", *alone)
    assert done.returncode != 0
    assert word in done.stderr
    (tmp_path / "README.md").write_text("# Title\n\n[good](other.md#here)\n")
    done = build(tmp_path, tmp_path / "site", *alone)
    assert done.returncode == 0, done.stderr
