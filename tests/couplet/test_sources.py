"""Where the data of couplets is found, and what is said where it is not."""

import csv

import pytest

from common.errors import UserError
from projects.couplet import sources
from projects.couplet.sources import COUPLETS, POEMS, RHYMES

FINDERS = [
    (sources.find_poems, POEMS),
    *((lambda cache, part=part: sources.find_couplets(part, cache), COUPLETS[part])
      for part in COUPLETS),
]  # fmt: skip


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    def refuse(*_, **__):
        raise OSError("the network was asked")

    monkeypatch.delenv("KERAS_PROJECTS_MIRROR", raising=False)
    monkeypatch.setattr("urllib.request.urlopen", refuse)


@pytest.mark.parametrize(
    ("find", "source"), FINDERS, ids=lambda x: getattr(x, "name", "")
)
def test_what_is_prepared_here_is_never_downloaded(find, source, tmp_path):
    with pytest.raises(UserError) as caught:
        find(tmp_path)
    message = str(caught.value)
    assert "\n" not in message and source.name in message and source.url in message
    assert "KERAS_PROJECTS_MIRROR" in message and source.licence in message


def test_the_error_names_the_command_that_prepares(tmp_path):
    prepared = "python projects/couplet/prepare.py .*or take --data sample"
    with pytest.raises(UserError, match=prepared):
        sources.find_couplets("train", tmp_path)
    with pytest.raises(UserError, match="train_poems.py"):
        sources.find_poems(tmp_path)


def test_what_prepare_has_finished_comes_first(tmp_path):
    folder = tmp_path / "prepared_couplets"
    folder.mkdir()
    (folder / "valid.tsv.xz").write_bytes(b"any content")
    with pytest.raises(UserError, match="Received: neither"):
        sources.find_couplets("valid", tmp_path)  # cut short
    (folder / "report.md").write_text("# Prepared")
    assert sources.find_couplets("valid", tmp_path) == folder / "valid.tsv.xz"


def test_the_public_set_is_at_hand_when_whole(tmp_path, monkeypatch):
    assert not sources.has_couplets(tmp_path)
    folder = tmp_path / "prepared_couplets"
    folder.mkdir()
    (folder / "train.tsv.xz").write_bytes(b"any content")
    assert not sources.has_couplets(tmp_path)  # cut short
    (folder / "report.md").write_text("# Prepared")
    assert sources.has_couplets(tmp_path)
    lying = tmp_path / "mirror" / "couplet"
    lying.mkdir(parents=True)
    monkeypatch.setenv("KERAS_PROJECTS_MIRROR", str(lying.parent))
    for part, whole in (("train", False), ("valid", False), ("test", True)):
        (lying / f"{part}.tsv.xz").write_bytes(b"any content")
        assert sources.has_couplets(tmp_path / "empty") is whole


def test_another_file_of_that_name_is_refused(tmp_path):
    (tmp_path / "tang_5_7.txt.xz").write_bytes(b"x")
    with pytest.raises(UserError, match="Expected 3,247,328 bytes"):
        sources.find_poems(tmp_path)


def test_rhymes_are_downloaded_on_demand_alone(tmp_path):
    assert sources.find_rhymes(tmp_path) is None
    with pytest.raises(UserError, match="could not be fetched"):
        sources.find_rhymes(tmp_path, download=True)


def test_the_mirror_serves(mirror, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_PROJECTS_MIRROR", str(mirror))
    assert sources.find_rhymes(tmp_path) == mirror / RHYMES.mirror_path
    for find, source in FINDERS:
        if source is not COUPLETS["train"]:  # 16 MB
            assert find(tmp_path) == mirror / source.mirror_path


def test_sizes_and_hashes_are_those_of_the_mirror(mirror):
    with open(mirror / "MANIFEST.csv", encoding="utf-8", newline="") as file:
        known = {row[0]: row[1:] for row in csv.reader(file)}
    for source in (RHYMES, POEMS, *COUPLETS.values()):
        assert known[source.mirror_path] == [str(source.size), source.sha256]
