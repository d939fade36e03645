"""Trainings that several processes share, one of which dies."""

import json
from pathlib import Path

import numpy as np
import pytest

from common.distribution import joined
from common.errors import UserError
from tests.common.processes import start_together, wait_for

PROGRAM = Path(__file__).with_name("distributed_training.py")
FEW = 1e-5  # sums of float32 in another order


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Return what a training of one process told."""
    pytest.importorskip("jax")
    folder = tmp_path_factory.mktemp("alone")
    return _told(wait_for(start_together([PROGRAM, folder], 1))[0])


def _told(result):
    code, out, error = result
    assert code == 0, error
    return json.loads(out.splitlines()[-1])


def _assert_alike(one, other):
    assert one["history"].keys() == other["history"].keys()
    for name, values in one["history"].items():
        assert other["history"][name] == pytest.approx(values, abs=FEW), name
    for ours, theirs in zip(one["weights"], other["weights"], strict=True):
        assert np.allclose(ours, theirs, atol=1e-4)


@pytest.mark.distributed
def test_a_killed_process_ends_the_others_and_all_go_on(alone, tmp_path):
    first, killed = wait_for(start_together([PROGRAM, tmp_path, 3], 2))
    assert killed[0] == -9
    code, _, error = first
    assert code == 2, error
    assert "one has gone" in error.splitlines()[-1]
    assert "--resume" in error.splitlines()[-1]
    assert "Traceback" not in error
    results = wait_for(start_together([PROGRAM, tmp_path], 2))
    assert results[1][:2] == (0, "")
    resumed = _told(results[0])
    assert resumed["told"] == "hello, 你好"
    assert len(resumed["history"]["loss"]) == 5
    _assert_alike(alone, resumed)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "JOB_ADDRESSES=\\(unset\\), NUM_PROCESSES=\\(unset\\)"),
        ({"JOB_ADDRESSES": "here", "NUM_PROCESSES": "2", "PROCESS_ID": "0"}, "=here"),
        ({"JOB_ADDRESSES": "a:1", "NUM_PROCESSES": "2", "PROCESS_ID": "2"}, "ID=2"),
        ({"JOB_ADDRESSES": "a:1", "NUM_PROCESSES": "x", "PROCESS_ID": "0"}, "SES=x"),
        ({"JOB_ADDRESSES": "a:1", "NUM_PROCESSES": "2", "PROCESS_ID": "1"}, "Only"),
    ],
)
def test_what_is_missing_is_told(changes, word, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    for name in ("JOB_ADDRESSES", "NUM_PROCESSES", "PROCESS_ID"):
        monkeypatch.delenv(f"KERAS_DISTRIBUTION_{name}", raising=False)
    for name, value in changes.items():
        monkeypatch.setenv(f"KERAS_DISTRIBUTION_{name}", value)
    with pytest.raises(UserError, match=word):
        with joined():
            pass
