"""The built-in corpus: found without imports, in one order, nothing twice."""

import sys
import sysconfig

import pytest

from projects.word2vec.reading.documentation import PACKAGES, Documentation

TEXT = "Says something of at least forty characters"


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install two packages and a tiny standard library; nothing may import them."""
    files = {
        "packages/wv_b/__init__.py": f'"""B. {TEXT}."""\nraise SystemExit',
        "packages/wv_b/z.py": f'"""Z. {TEXT}."""\ndef f(): """B. {TEXT}."""',
        "packages/wv_b/a/deep.py": f'"""Deep.\n\nShared paragraph. {TEXT}."""',
        "packages/wv_b/a/also.py": f'"""Also.\n\nShared paragraph. {TEXT}."""',
        "packages/wv_b/tests/test_b.py": f'"""A test. {TEXT}."""',
        "packages/wv_b/broken.py": f'"""Broken. {TEXT}."""\ndef',
        "packages/wv_a/__init__.py": f'"""A. {TEXT}."""\nraise SystemExit',
        "python/os.py": f'"""OS. {TEXT}."""',
        "python/pydoc_data/topics.py": f"topics = {{'if': 'The if. {TEXT}.'}}",
        "python/site-packages/other.py": f'"""Other. {TEXT}."""',
    }
    for name, source in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    monkeypatch.syspath_prepend(tmp_path / "packages")
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path / "python"))
    return Documentation(("wv_b", "wv_none", "wv_a"))


def test_everything_is_read_once_in_one_order(installed):
    ((text, done),) = installed.read()
    paragraphs = [part.removesuffix(f" {TEXT}.") for part in text.split("\n\n")]
    expected = "B.|Z.|Also.|Shared paragraph.|Deep.|A.|OS.|The if."
    assert "|".join(paragraphs) == expected
    assert done == installed.size
    assert list(installed.read()) == [(text, done)]
    assert not {"wv_a", "wv_b"} & set(sys.modules)


def test_packages_are_told(installed):
    assert installed.notes == ["not installed, so not read: wv_none"]
    names = [package.name for package in installed.packages]
    assert names == ["wv_b", "wv_a", "standard library"]
    size = sum(package.size for package in installed.packages)
    assert (
        size
        == installed.size
        == sum(path.stat().st_size for p in installed.packages for path in p.files)
    )


def test_a_new_version_has_another_identity(installed):
    path = installed.packages[1].files[0]
    path.write_text(path.read_text() + "\n")
    changed = Documentation(("wv_b", "wv_none", "wv_a"))
    pairs = zip(installed.identity, changed.identity, strict=True)
    assert [old == new for old, new in pairs] == [True, False, True]


def test_the_packages_of_the_project_are_there(monkeypatch, tmp_path):
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))
    assert len(Documentation().packages) >= len(PACKAGES)  # TensorFlow is an extra
    documentation = Documentation(("numpy",))
    batches = list(documentation.read())
    text = "".join(text for text, _ in batches)
    assert len(batches) > 1 and len(text) > 500_000
    assert "Compute the arithmetic mean along the specified axis." in text
    assert "__array_interface__" in text  # of the functions in C
    assert [done for _, done in batches] == sorted(done for _, done in batches)
    assert batches[-1][1] == documentation.size
