import os
import signal

import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity.features import distributed as ours
from projects.video_activity.features.cache import FeatureCache
from projects.video_activity.features.extraction import extract
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.footage.spans import Span

MOTION = FeatureSettings(backbone="motion", streams=("motion",))


@pytest.fixture(scope="module")
def cluster():
    """Return a cluster of two worker processes on this machine."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as running:
        yield running


def test_a_cluster_makes_what_one_process_makes(cluster, spans, tmp_path):
    one = extract(spans, MOTION, tmp_path / "one", quiet=True)
    many = extract(
        spans,
        MOTION,
        tmp_path / "many",
        scheduler=cluster.scheduler_address,
        quiet=True,
    )
    assert np.allclose(one.features["motion"], many.features["motion"], atol=1e-2)
    assert one.lengths.tolist() == many.lengths.tolist()
    assert one.skipped == many.skipped


def test_a_killed_worker_changes_nothing(
    cluster, write_video, walking_images, tmp_path
):
    images = walking_images(100)
    tasks = [
        (Span(write_video(f"{n}.avi", images), 0.0, None, "a", str(n)), f"key{n}")
        for n in range(16)
    ]
    with cluster.get_client() as client:
        victim = min(client.run(os.getpid).values())
        done = []
        for task, outcome in ours.read_with_dask(
            tasks, MOTION, tmp_path / "cache", cluster.scheduler_address
        ):
            if not done:
                os.kill(victim, signal.SIGKILL)
            done.append(task)
            assert not outcome.reason
        client.wait_for_workers(2, timeout=60)
        assert victim not in client.run(os.getpid).values()
    assert sorted(done, key=str) == sorted(tasks, key=str)
    cache = FeatureCache(tmp_path / "cache")
    assert all(cache.find(key) is not None for _, key in tasks)


def test_a_folder_that_nobody_else_sees_is_told(spans, tmp_path, monkeypatch):
    from projects.video_activity.features import extraction
    from projects.video_activity.features.span_reader import Outcome

    def elsewhere(tasks, settings, folder, scheduler):
        return ((task, Outcome(20)) for task in tasks)

    monkeypatch.setattr(extraction, "read_with_dask", elsewhere)
    with pytest.raises(UserError, match="all workers see expected.*cache, where"):
        extract(spans, MOTION, tmp_path / "cache", scheduler="far:1", quiet=True)
