import csv
import dataclasses
import json

import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity.verdicts import Verdict, VerdictFile

CLASSES = ("safe", "criminal")
SEEN = Verdict.of(3.0, 6.0004, CLASSES, np.array([0.25, 0.75], np.float32))
UNSEEN = Verdict.not_judged(6.0, 9.0, "the camera moves")


def test_the_likeliest_class_is_the_label():
    assert SEEN.label == "criminal"
    assert SEEN.judged
    assert SEEN.probability == 0.75
    assert Verdict.of(0, 3, CLASSES, [0.5, 0.5]).label == "safe"


def test_a_window_that_is_not_judged_has_no_label_but_a_reason():
    assert (UNSEEN.label, UNSEEN.probability, UNSEEN.judged) == (None, None, False)
    assert UNSEEN.reason == "the camera moves"
    assert UNSEEN.to_dict()["probabilities"] == {}


def test_verdicts_cannot_be_changed_and_need_a_value_for_each_class():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SEEN.label = "safe"
    with pytest.raises(ValueError):
        Verdict.of(0, 3, CLASSES, [1.0])


def test_json_holds_plain_rounded_numbers():
    line = SEEN.to_json("Tür.mp4")
    assert "Tür.mp4" in line and "\n" not in line
    assert json.loads(line) == {
        "file": "Tür.mp4",
        "start": 3.0,
        "end": 6.0,
        "label": "criminal",
        "judged": True,
        "reason": "",
        "probabilities": {"safe": 0.25, "criminal": 0.75},
    }


def test_a_csv_has_one_column_for_each_class(tmp_path):
    path = tmp_path / "verdicts.csv"
    with VerdictFile(path, CLASSES) as table:
        table.add("a, b.mp4", SEEN)
        table.add("a, b.mp4", UNSEEN)
        assert not path.exists()
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert rows[0]["file"] == "a, b.mp4"
    assert (rows[0]["safe"], rows[0]["criminal"]) == ("0.25", "0.75")
    assert (rows[1]["safe"], rows[1]["label"]) == ("", "")
    assert rows[1]["judged"] == "False"


def test_the_table_of_a_live_source_is_there_after_each_row(tmp_path):
    path = tmp_path / "verdicts.jsonl"
    with pytest.raises(KeyboardInterrupt):
        with VerdictFile(path, CLASSES, live=True) as table:
            table.add("0", SEEN)
            assert json.loads(path.read_text()) == {"file": "0", **SEEN.to_dict()}
            table.add("0", UNSEEN)
            raise KeyboardInterrupt
    assert len(path.read_text().splitlines()) == 2


def test_half_a_table_of_files_is_no_table(tmp_path):
    (tmp_path / "verdicts.csv").write_text("before")
    with pytest.raises(RuntimeError):
        with VerdictFile(tmp_path / "verdicts.csv", CLASSES) as table:
            table.add("a.mp4", SEEN)
            raise RuntimeError
    assert [p.name for p in tmp_path.iterdir()] == ["verdicts.csv"]
    assert (tmp_path / "verdicts.csv").read_text() == "before"


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_a_name_that_is_no_text_does_not_stop_the_table(tmp_path, suffix):
    path = tmp_path / f"verdicts{suffix}"
    with VerdictFile(path, CLASSES) as table:
        table.add("caf\udce9.mp4", SEEN)
    assert r"caf\udce9.mp4" in path.read_text()


def test_the_folders_of_a_table_are_made(tmp_path):
    with VerdictFile(tmp_path / "a" / "b" / "verdicts.csv", CLASSES) as table:
        table.add("a.mp4", SEEN)
    assert (tmp_path / "a" / "b" / "verdicts.csv").read_text().count("\n") == 2


@pytest.mark.parametrize("name", ["verdicts.xlsx", "verdicts"])
def test_a_table_that_cannot_be_written_is_refused_before_the_work(tmp_path, name):
    with pytest.raises(UserError, match="Received"):
        VerdictFile(tmp_path / name, CLASSES)
