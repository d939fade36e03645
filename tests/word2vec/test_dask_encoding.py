import os
import signal
import sys

import pytest

from common.errors import UserError
from projects.word2vec import dask_encoding
from projects.word2vec.corpus import CorpusSettings, prepare_corpus
from projects.word2vec.encoding import Part
from tests.word2vec.plain_words import random_sentences


@pytest.fixture(scope="module")
def cluster():
    """Return a cluster of two worker processes on this machine."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as running:
        yield running


@pytest.fixture
def texts(tmp_path):
    """Return a folder of texts: one long line, sentences, an archive, nothing."""
    folder = tmp_path / "texts"
    folder.mkdir()
    sentences = [". ".join(map(" ".join, random_sentences(n, 2000))) for n in range(3)]
    (folder / "a.txt").write_text(sentences[0])
    (folder / "b.txt").write_text(sentences[1].replace(". ", ".\n\n"))
    (folder / "c.txt").write_text("")
    (folder / "d.txt").write_text(sentences[2])
    return folder


def _bytes(corpus):
    names = ("tokens.bin", "vocabulary.txt")
    return [(corpus.folder / name).read_bytes() for name in names]


def _same(corpus, other):
    def values(corpus):
        ignored = ("folder", "vocabulary", "notes")
        return {k: v for k, v in vars(corpus).items() if k not in ignored}

    return values(corpus) == values(other) and _bytes(corpus) == _bytes(other)


@pytest.mark.parametrize("change", [{}, {"max_distinct": 20}, {"phrases": 1}])
def test_many_processes_make_what_one_makes(
    change, cluster, texts, tmp_path, monkeypatch
):
    monkeypatch.setattr(dask_encoding, "PIECE", 3_000)
    values = {"corpus": str(texts), "min_count": 2, **change}
    one = prepare_corpus(CorpusSettings(**values), tmp_path / "one")
    told = []
    many = prepare_corpus(
        CorpusSettings(**values, scheduler=cluster.scheduler_address),
        tmp_path / "many",
        progress=lambda *now: told.append(now),
    )
    assert _same(one, many)
    assert many.notes == one.notes
    total = sum(path.stat().st_size for path in texts.iterdir())
    assert len(told) > total / 5_000
    assert told[-1] == (total, total, one.num_words)
    assert len(list(many.folder.iterdir())) == 3


def test_a_killed_worker_changes_nothing(cluster, texts, tmp_path, monkeypatch):
    monkeypatch.setattr(dask_encoding, "PIECE", 3_000)
    values = {"corpus": str(texts), "min_count": 2}
    one = prepare_corpus(CorpusSettings(**values), tmp_path / "one")
    with cluster.get_client() as client:
        victims = sorted(client.run(os.getpid).values())
        killed = []

        def kill(done, total, words):
            if not killed and done > total / 5:
                killed.append(victims[0])
                os.kill(victims[0], signal.SIGKILL)

        many = prepare_corpus(
            CorpusSettings(**values, scheduler=cluster.scheduler_address),
            tmp_path / "many",
            progress=kill,
        )
        client.wait_for_workers(2, timeout=60)
        assert killed[0] not in client.run(os.getpid).values()
        begun_again = client.run_on_scheduler(_count_tasks_taken_back)
    assert begun_again > 0
    assert _same(one, many)


def _count_tasks_taken_back(dask_scheduler):
    """Count the tasks that a worker held, or had done, when it died."""
    return sum(
        start in ("processing", "memory") and finish in ("released", "waiting")
        for _, start, finish, *_ in dask_scheduler.transition_log
    )


def test_an_error_in_a_piece_is_that_of_one_process(cluster, texts, tmp_path):
    data = (texts / "d.txt").read_bytes()
    (texts / "d.txt").write_bytes(data + b" \xff")
    settings = CorpusSettings(
        corpus=str(texts), scheduler=cluster.scheduler_address, tokenizer="words"
    )
    with pytest.raises(UserError, match=f"d.txt. .*at offset {len(data) + 1}"):
        prepare_corpus(settings, tmp_path / "cache")
    assert not any(path.is_dir() for path in (tmp_path / "cache").iterdir())


def test_two_processes_can_be_started_for_it(texts, tmp_path):
    pytest.importorskip("distributed")
    values = {"corpus": str(texts), "min_count": 2}
    one = prepare_corpus(CorpusSettings(**values), tmp_path / "one")
    many = prepare_corpus(
        CorpusSettings(**values, scheduler="local:2"), tmp_path / "many"
    )
    assert _same(one, many)


def test_the_missing_package_is_told(texts, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    settings = CorpusSettings(corpus=str(texts), scheduler="local:2")
    with pytest.raises(UserError, match="--scheduler.*not installed.*extra `dask`"):
        prepare_corpus(settings, tmp_path / "cache")


def test_parts_that_nobody_else_sees_are_told(tmp_path):
    parts = [Part(tmp_path / "part-000000-0000", 1, 1)]
    with pytest.raises(UserError, match=f"{tmp_path}, where part-000000-0000.tokens"):
        dask_encoding._refuse_unseen(parts, tmp_path)
