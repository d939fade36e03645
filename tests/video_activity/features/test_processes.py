import multiprocessing

import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity.features import processes
from projects.video_activity.features.cache import FeatureCache
from projects.video_activity.features.extraction import extract
from projects.video_activity.features.processes import read_in_processes
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.footage.spans import Span

MOTION = FeatureSettings(backbone="motion", streams=("motion",))


@pytest.fixture
def tasks(write_video, walking_images):
    """Return ten videos and the keys of their features."""
    images = walking_images(60)
    return [
        (Span(write_video(f"{n}.avi", images), 0.0, None, "a", str(n)), f"key{n}")
        for n in range(10)
    ]


def _kill_one_child():
    victim = next(
        child for child in multiprocessing.active_children() if child.is_alive()
    )
    victim.kill()
    victim.join()


def test_many_processes_make_what_one_makes(spans, tmp_path, capsys):
    one = extract(spans, MOTION, tmp_path / "one")
    many = extract(spans, MOTION, tmp_path / "many", workers=2)
    assert np.allclose(one.features["motion"], many.features["motion"], atol=1e-2)
    assert one.lengths.tolist() == many.lengths.tolist()
    assert one.labels.tolist() == many.labels.tolist()
    assert one.skipped == many.skipped
    assert capsys.readouterr().err.count("features: 48 frames in") == 2


def test_a_killed_process_is_replaced(tasks, tmp_path, capsys):
    done = []
    for task, outcome in read_in_processes(tasks, MOTION, tmp_path / "cache", 2):
        done.append((task, outcome))
        if len(done) == 2:
            _kill_one_child()
    assert sorted(key for (_, key), _ in done) == sorted(key for _, key in tasks)
    assert all(not outcome.reason for _, outcome in done)
    cache = FeatureCache(tmp_path / "cache")
    assert all(cache.find(key) is not None for _, key in tasks)
    assert "a process died" in capsys.readouterr().err


def test_processes_that_die_again_and_again_are_told(tasks, tmp_path, monkeypatch):
    def die(*arguments):
        raise processes.BrokenProcessPool
        yield

    monkeypatch.setattr(processes, "_attempt", die)
    with pytest.raises(UserError, match="2 processes.*lower --workers"):
        list(read_in_processes(tasks, MOTION, tmp_path / "cache", 2))
