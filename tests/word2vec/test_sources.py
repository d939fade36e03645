"""Public files are named with the content they have."""

import dataclasses
import hashlib
import re

import pytest

from common.download import CACHE_VARIABLE, MIRROR_VARIABLE, Source
from common.errors import UserError
from projects.word2vec import sources

ALL = {name: value for name, value in vars(sources).items() if type(value) is Source}


@pytest.mark.parametrize("name", sorted(set(ALL) - {"TEXT8"}))
def test_the_mirror_holds_what_is_expected(name, mirror):
    source = ALL[name]
    content = (mirror / source.mirror_path).read_bytes()
    assert len(content) == source.size
    assert hashlib.sha256(content).hexdigest() == source.sha256


@pytest.mark.parametrize("source", ALL.values(), ids=ALL)
def test_an_address_is_pinned_and_a_licence_told(source):
    assert re.fullmatch(r"[0-9a-f]{64}", source.sha256)
    at_github = source.url.startswith("https://raw.githubusercontent.com/")
    pinned = re.search(r"/([0-9a-f]{40}|\d+\.\d+\.\d+)/", source.url)
    assert bool(pinned) == at_github
    assert source.licence and source.citation


def test_their_names_differ():
    assert len({source.name for source in ALL.values()}) == len(ALL) == 6


def test_a_name_is_fetched_and_a_path_is_not(tmp_path, monkeypatch):
    content = b"made up"
    fake = dataclasses.replace(
        sources.TEXT8, size=len(content), sha256=hashlib.sha256(content).hexdigest()
    )
    monkeypatch.setitem(sources.CORPORA, "text8", fake)
    monkeypatch.setenv(MIRROR_VARIABLE, str(tmp_path / "mirror"))
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    copy = tmp_path / "mirror" / fake.mirror_path
    copy.parent.mkdir(parents=True)
    copy.write_bytes(content)
    assert sources.find_corpus("text8") == str(copy)
    assert sources.find_corpus("docs") == "docs"
    assert sources.find_corpus("some/*.txt") == "some/*.txt"
    copy.write_bytes(b"another")
    with pytest.raises(UserError, match=r"Expected sha256 .* for text8\.zip"):
        sources.find_corpus("text8")
    (tmp_path / "text8").write_text("unpacked beforehand")
    assert sources.find_corpus("text8") == "text8"
