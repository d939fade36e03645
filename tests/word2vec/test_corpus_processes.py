"""Corpora while processes are killed, wait for each other, or disturb the text."""

import multiprocessing
import os
import random
import shutil
import signal
import time

import pytest

from common.errors import UserError
from common.files import locked
from projects.word2vec.corpus import CorpusSettings, load_corpus, prepare_corpus


def _settings(path):
    return CorpusSettings(corpus=str(path), tokenizer="blanks", min_count=3)


def _files(cache):
    return sorted(p.name for p in cache.iterdir() if p.suffix != ".lock")


def _fork(work):
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    return process


@pytest.fixture
def long_text(tmp_path):
    """Return a file of several chunks."""
    rng = random.Random(2)
    words = [f"word{rng.randrange(3000)}" for _ in range(300_000)]
    path = tmp_path / "long.txt"
    path.write_text("\n".join(map(" ".join, zip(*[iter(words)] * 20, strict=True))))
    return path


def test_whoever_is_killed_leaves_nothing_that_looks_whole(long_text, tmp_path):
    cache = tmp_path / "cache"
    settings = _settings(long_text)
    undisturbed = prepare_corpus(settings, tmp_path / "undisturbed")
    tokens = undisturbed.path.read_bytes()
    rng = random.Random(3)
    kills = leftovers = 0
    while kills < 10:
        process = _fork(lambda: prepare_corpus(settings, cache))
        time.sleep(rng.uniform(0.0, 0.3))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        kills += process.exitcode == -signal.SIGKILL
        leftovers += any(cache.glob(".*.tmp"))
        for folder in cache.glob("[0-9a-f]*"):
            assert load_corpus(folder).path.read_bytes() == tokens
            shutil.rmtree(folder)
    assert leftovers > 0
    prepared = prepare_corpus(settings, cache)
    assert prepared.path.read_bytes() == tokens
    assert _files(cache) == [prepared.folder.name]


def test_leftovers_go_but_not_the_work_of_the_living(long_text, tmp_path):
    cache = tmp_path / "cache"
    for name in (".dead.tmp", ".alive.tmp"):
        (cache / name).mkdir(parents=True)
        (cache / name / "part").write_text("")
    with locked(cache / ".alive.lock", ""):
        prepared = prepare_corpus(_settings(long_text), cache)
    assert _files(cache) == [".alive.tmp", prepared.folder.name]


def test_of_two_processes_one_waits(long_text, tmp_path, capfd):
    settings, cache = _settings(long_text), tmp_path / "cache"

    def prepare(name):
        def slowly(*_):
            with (tmp_path / "readers").open("a") as file:
                file.write(f"{name}\n")
            time.sleep(0.05)

        prepare_corpus(settings, cache, progress=slowly)

    processes = [_fork(lambda name=name: prepare(name)) for name in "ab"]
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(set((tmp_path / "readers").read_text().split())) == 1
    assert "waiting for another process that encodes" in capfd.readouterr().err


def test_a_changing_text_is_refused(long_text, tmp_path):
    size = long_text.stat().st_size

    def disturb(*_):
        if long_text.stat().st_size == size:
            with long_text.open("a") as file:
                file.write("more\n")

    with pytest.raises(UserError, match="changed while it was read"):
        prepare_corpus(_settings(long_text), tmp_path / "cache", progress=disturb)
    assert _files(tmp_path / "cache") == []
