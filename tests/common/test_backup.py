"""Backups: whole or passed over, whatever happens to the files or the process."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import ml_dtypes
import numpy as np
import pytest

from common import backup
from common.backup import Backup, read_newest, remove_unfinished, write_state
from common.state import TrainingState

REPOSITORY = Path(__file__).resolve().parents[2]


def make_state(epochs=1, stopped=False):
    special = np.array([np.nan, -0.0, np.inf, 1e-45], "float32")
    memory = {
        "best": 0.1 + 0.2,
        "best_weights": [special, np.full((2, 3), epochs, "float64")],
        "wait": np.int64(3),
        "nothing": None,
    }
    return TrainingState(
        epochs=epochs,
        stopped=stopped,
        model=[special, np.array([2**63, epochs], "uint64")],
        optimizer=[np.array(epochs), np.arange(3).astype(ml_dtypes.bfloat16)],
        callbacks=[("EarlyStopping", memory), ("History", {"history": {"loss": []}})],
    )


def arrays_of(state):
    return [*state.model, *state.optimizer, *state.callbacks[0][1]["best_weights"]]


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_state_comes_back_bit_for_bit(tmp_path):
    state = make_state(epochs=12, stopped=True)
    assert write_state(state, tmp_path / "new").name == "epoch-000012"
    back = read_newest(tmp_path / "new")
    assert (back.epochs, back.stopped) == (12, True)
    for before, after in zip(arrays_of(state), arrays_of(back), strict=True):
        assert (before.dtype, before.shape) == (after.dtype, after.shape)
        assert before.tobytes() == after.tobytes()
    name, memory = back.callbacks[0]
    assert name == "EarlyStopping"
    assert (memory["best"], memory["wait"], memory["nothing"]) == (0.1 + 0.2, 3, None)
    assert back.callbacks[1][1] == {"history": {"loss": []}}


def test_objects_that_would_need_pickle_are_refused(tmp_path):
    state = make_state()
    state.model.append(np.array([object()]))
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        write_state(state, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_newest_two_are_kept(tmp_path):
    assert read_newest(tmp_path) is None
    for epochs in (1, 2, 5):
        write_state(make_state(epochs), tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "epoch-000002",
        "epoch-000005",
    ]
    assert read_newest(tmp_path).epochs == 5


def test_files_agree_with_the_sums_of_sha256sum(tmp_path):
    folder = write_state(make_state(), tmp_path)
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == ["arrays.npz", "state.json"]
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder, capture_output=True).returncode == 0
    assert json.loads((folder / "state.json").read_text())["epochs"] == 1


def cut(path):
    os.truncate(path, path.stat().st_size // 2)


def empty(path):
    os.truncate(path, 0)


def zero_tail(path):
    size = path.stat().st_size
    os.truncate(path, size * 3 // 4)
    os.truncate(path, size)


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [cut, empty, zero_tail, flip, Path.unlink])
@pytest.mark.parametrize("name", ["arrays.npz", "state.json", "SHA256SUMS"])
def test_damage_costs_one_epoch(tmp_path, capsys, name, damage):
    write_state(make_state(1), tmp_path)
    newest = write_state(make_state(2), tmp_path)
    damage(newest / name)
    assert read_newest(tmp_path).epochs == 1
    warning = capsys.readouterr().err
    assert warning.startswith(f"warning: passed over a damaged backup, {newest}: ")
    # The epoch is trained and written anew in the same place.
    write_state(make_state(2), tmp_path)
    assert read_newest(tmp_path).epochs == 2
    assert capsys.readouterr().err == ""


def test_all_damaged_starts_afresh_and_sweeps_them_away(tmp_path, capsys):
    for epochs in (8, 9):
        empty(write_state(make_state(epochs), tmp_path) / "state.json")
    assert read_newest(tmp_path) is None
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert lines[-1] == "warning: no backup is whole; training starts afresh"
    write_state(make_state(1), tmp_path)
    assert names_in(tmp_path) == ["epoch-000001"]


def test_what_killed_writers_leave_is_never_read_and_is_removed(tmp_path):
    write_state(make_state(3), tmp_path)
    unfinished = tmp_path / "epoch-000004.tmp-77"
    write_state(make_state(4), tmp_path / "x").rename(unfinished)
    assert read_newest(tmp_path).epochs == 3
    remove_unfinished(tmp_path)
    assert not unfinished.exists()
    assert read_newest(tmp_path).epochs == 3


@pytest.mark.parametrize("stage", ["arrays", "sums", "sync"])
def test_full_disk_leaves_the_backups_before(tmp_path, monkeypatch, stage):
    for epochs in (1, 2):
        write_state(make_state(epochs), tmp_path)

    def refuse(*args, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    if stage == "arrays":
        monkeypatch.setattr(np, "savez", refuse)
    else:
        monkeypatch.setattr(backup, {"sums": "_sha256", "sync": "_sync"}[stage], refuse)
    with pytest.raises(OSError, match="No space left"):
        write_state(make_state(3), tmp_path)
    monkeypatch.undo()
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "epoch-000001",
        "epoch-000002",
    ]
    assert read_newest(tmp_path).epochs == 2


def train(folder, monkeypatch, minimum_seconds):
    """Train four epochs; return which were written."""
    written = []

    def write_and_tell(state, folder):
        written.append(state.epochs)
        return write_state(state, folder)

    monkeypatch.setattr(backup, "write_state", write_and_tell)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    saving = Backup(folder, minimum_seconds=minimum_seconds)
    ones = np.ones((2, 1))
    model.fit(ones, ones, epochs=4, verbose=0, callbacks=[saving])
    return written


def test_backups_keep_their_distance_but_the_last_is_always_written(
    tmp_path, monkeypatch
):
    assert train(tmp_path / "each", monkeypatch, 0.0) == [1, 2, 3, 4]
    assert train(tmp_path / "rare", monkeypatch, 3600.0) == [1, 4]


def test_writers_killed_at_random_lose_nothing_that_was_written(tmp_path):
    script = Path(__file__).with_name("killed_processes.py")
    told = subprocess.run(
        [sys.executable, script, "backups", tmp_path / "run"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    happened = json.loads(told.stdout)
    assert (happened["lost"], happened["broken"], happened["kept"]) == (0, 0, 2)
    assert happened["unfinished"] >= 5  # kills that fell into a write
    assert happened["epochs"] >= 10
