"""Dask clusters: found, started, or told in one line why not."""

import sys

import pytest

from common import cluster
from common.cluster import connect
from common.errors import UserError


def test_processes_are_started_and_work():
    pytest.importorskip("distributed")
    with connect("local:1", "") as client:
        assert client.submit(sum, [1, 2, 3]).result(timeout=60) == 6


def test_a_cluster_that_does_not_answer_is_told(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 1)
    with pytest.raises(UserError, match="Received: tcp://127.0.0.1:9 "):
        with connect("tcp://127.0.0.1:9", ""):
            pass


@pytest.mark.parametrize("scheduler", ["local", "local:0", "local:x", "a b", "9"])
def test_what_is_no_address_is_told_without_a_client(scheduler, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(distributed, "Client", None)
    with pytest.raises(UserError, match=f"Received: {scheduler} \\(no address"):
        with connect(scheduler, ""):
            pass


def test_the_missing_package_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UserError, match="--scheduler.*not installed.*extra `dask`"):
        with connect("local:2", ""):
            pass


def test_dying_workers_are_told_with_advice():
    distributed = pytest.importorskip("distributed")
    with pytest.raises(UserError, match="one after another died.*Lower the limit."):
        with connect("local:1", "Lower the limit."):
            raise distributed.KilledWorker("task-1", None, 3)
