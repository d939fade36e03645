"""Fixtures shared by all tests."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from common.files import write_text
from tests.browser import Browser, find_browser

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Return the offline data mirror, or skip the test when there is none."""
    default = REPOSITORY.parent / "shared" / "data"
    folder = Path(os.environ.get("KERAS_PROJECTS_MIRROR", default))
    if not folder.is_dir():
        pytest.skip(f"no data mirror at {folder} (set KERAS_PROJECTS_MIRROR)")
    return folder


@pytest.fixture(scope="session")
def chromium_program() -> str:
    """Return the path of a browser, or skip the test when there is none."""
    program = find_browser()
    if program is None:
        pytest.skip("no Chromium on the PATH (or name it: KERAS_PROJECTS_CHROMIUM)")
    return program


@pytest.fixture(scope="module")
def browser(chromium_program, tmp_path_factory) -> Iterator[Browser]:
    """Yield a browser for pages that are files."""
    with Browser(chromium_program, tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def show(browser, tmp_path) -> Iterator[Callable[[str], str]]:
    """Yield a function that opens the text of a page; nothing may go wrong in it."""

    def open_page(page: str) -> str:
        write_text(tmp_path / "page.html", page)
        address = (tmp_path / "page.html").as_uri()
        browser.open(address)
        return address

    browser.errors.clear()
    browser.requests.clear()
    yield open_page
    assert browser.errors == []
    assert {url.rsplit("/", 1)[1] for url in browser.requests} <= {"page.html"}


def pytest_collection_finish(session: pytest.Session) -> None:
    """Fail a whole run, or one of a backend, that has lost the tests of a project."""
    config = session.config
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    chosen = config.option.keyword or config.option.markexpr not in ("", "backend")
    if whole and not chosen:
        lost = projects_without_tests(REPOSITORY, [item.path for item in session.items])
        if lost:
            raise pytest.UsageError(f"No test was collected for: {', '.join(lost)}")


def projects_without_tests(repository: Path, tested: list[Path]) -> list[str]:
    """Return the projects that none of the files `tested` lies in the folder of."""
    projects = sorted(path.parent.name for path in repository.glob("projects/*/*.py"))
    folders = {path.relative_to(repository / "tests").parts[0] for path in tested}
    return [name for name in dict.fromkeys(projects) if name not in folders]
