"""What models are examined on: the pairs of a run, or those that are named."""

import json

import pytest

from common.errors import UserError
from projects.couplet.evaluation.material import load_material
from projects.couplet.pairs.reading import write_rows
from tests.couplet.toy_couplets import draw_pairs

ROWS = list(zip(*draw_pairs(60), strict=True))


@pytest.fixture
def run(tmp_path):
    """Return the folder of a run that learned from a file."""
    write_rows(tmp_path / "mine.tsv", ROWS)
    saved = {"config": {"data": str(tmp_path / "mine.tsv")}}
    (tmp_path / "config.json").write_text(json.dumps(saved))
    return tmp_path


def test_the_pairs_of_a_run_are_those_that_it_learned_from(run):
    found = load_material(None, "test", run)
    assert found.split.train.name == "mine.tsv:train"
    assert found.held_out is found.split.test and not found.references
    assert not found.by_machine
    valid = load_material(None, "valid", run, limit=7)
    assert valid.held_out is valid.split.valid and len(valid.split.train) == 7


def test_pairs_that_are_named_come_first(run):
    found = load_material("sample", "test", run)
    assert found.data == "sample" and found.by_machine and not found.references


@pytest.fixture
def public(tmp_path, monkeypatch):
    """Return a folder of downloads with a public set, prepared here."""
    monkeypatch.delenv("KERAS_PROJECTS_MIRROR", raising=False)
    folder = tmp_path / "cache" / "prepared_couplets"
    folder.mkdir(parents=True)
    for part, rows in (
        ("train", ROWS[20:]),
        ("valid", ROWS[:10]),
        ("test", ROWS[10:20]),
    ):
        write_rows(folder / f"{part}.tsv.xz", rows)
    references = [[first, second, second[::-1]] for first, second in ROWS[10:20]]
    write_rows(folder / "test_refs.tsv.xz", references)
    (folder / "report.md").write_text("# Prepared")
    return tmp_path / "cache"


def test_the_public_test_has_all_answers_of_people(public):
    found = load_material(None, "test", None, public)
    assert [first for first, _ in found.references] == found.held_out.first
    assert {len(answers) for _, answers in found.references} == {2}
    assert not load_material("couplets", "valid", None, public).references


def test_without_the_public_set_the_way_to_the_sample_is_told(tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_PROJECTS_MIRROR", raising=False)
    with pytest.raises(UserError, match="or take --data sample"):
        load_material(None, "test", None, tmp_path)
