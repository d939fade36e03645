"""Known clauses are always known; new ones seldom seem to be."""

import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.poems.novelty import KnownClauses

CLAUSES = [f"第{number}句" for number in range(5000)]


def test_every_known_clause_is_known():
    known = KnownClauses.of(CLAUSES)
    assert all(clause in known for clause in CLAUSES)


def test_one_new_clause_in_a_hundred_seems_known():
    known = KnownClauses.of(CLAUSES)
    mistakes = sum(f"新{number}句" in known for number in range(20_000))
    assert 100 < mistakes < 320


def test_a_clause_takes_ten_bits():
    assert KnownClauses.of(CLAUSES).bits.nbytes == pytest.approx(
        5000 * 9.6 / 8, rel=0.01
    )


def test_nothing_is_known_to_nobody():
    assert "春风" not in KnownClauses.of([])


def test_the_set_returns_from_disk(tmp_path):
    path, known = tmp_path / "known.npy", KnownClauses.of(CLAUSES)
    known.save(path)
    assert np.array_equal(KnownClauses.load(path).bits, known.bits)


def test_a_file_that_is_none_is_told(tmp_path):
    path = tmp_path / "known.npy"
    with pytest.raises(UserError, match="no such file"):
        KnownClauses.load(path)
    for content in (b"", b"text"):
        path.write_bytes(content)
        with pytest.raises(UserError, match="a broken file"):
            KnownClauses.load(path)
    for other in (np.zeros(3), np.zeros((2, 2), "uint8"), np.zeros(0, "uint8")):
        np.save(path, other)
        with pytest.raises(UserError, match="another file"):
            KnownClauses.load(path)
