"""Counts in sorted arrays, beside a plain dictionary."""

from collections import Counter

import numpy as np
import pytest

from common.errors import UserError
from projects.couplet.counting.count_table import (
    CountTable,
    join_ids,
    load_tables,
    save_tables,
)


@pytest.fixture(scope="module")
def observed():
    generator = np.random.default_rng(0)
    return generator.integers(0, 30, 400), generator.integers(0, 11, 400)


@pytest.fixture(scope="module")
def table(observed):
    return CountTable.from_pairs(*observed, 11)


def test_counts_are_those_of_a_dictionary(table, observed):
    pairs = Counter(zip(*map(np.ndarray.tolist, observed), strict=True))
    contexts, outcomes = (grid.ravel() for grid in np.mgrid[0:35, 0:11])
    expected = [
        pairs[c, o] for c, o in zip(contexts.tolist(), outcomes.tolist(), strict=True)
    ]
    assert table.count(contexts, outcomes).tolist() == expected
    assert (
        table.total(np.arange(35)).tolist()
        == np.sum(np.reshape(expected, (35, 11)), axis=1).tolist()
    )
    assert (
        table.variety(np.arange(35)).tolist()
        == np.count_nonzero(np.reshape(expected, (35, 11)), axis=1).tolist()
    )


def test_rows_are_all_that_followed(table, observed):
    asked = np.array([3, 99, 0, 3, 29])
    rows = table.rows(asked)
    dense = np.zeros((5, 11), int)
    dense[rows.row, rows.outcome] = rows.count
    for context, row in zip(asked, dense, strict=True):
        outcomes = observed[1][observed[0] == context]
        assert row.tolist() == np.bincount(outcomes, minlength=11).tolist()
    assert len(table.rows(np.array([99])).row) == 0


def test_ids_are_joined_as_digits():
    ids = [np.array([1, 9]), np.array([2, 0]), np.array([3, 4])]
    assert join_ids(ids, 10).tolist() == [123, 904]
    big = [np.array([7499])] * 3
    assert join_ids(big, 7500).tolist() == [7500**3 - 1]
    with pytest.raises(ValueError, match="fewer with 7500"):
        join_ids(big * 2, 7500)


def test_what_is_saved_is_loaded_and_small(tmp_path, table):
    keys = np.cumsum(np.random.default_rng(1).integers(1, 500, 100_000)) + 2**55
    large = CountTable(7000, keys, np.ones(len(keys), np.int32))
    path = tmp_path / "tables.npz"
    save_tables(path, {"some": table, "large": large}, weights=np.array([0.25]))
    tables, arrays = load_tables(path)
    assert list(tables) == ["some", "large"]
    assert arrays["weights"].tolist() == [0.25]
    for name, expected in {"some": table, "large": large}.items():
        assert tables[name].num_outcomes == expected.num_outcomes
        np.testing.assert_array_equal(tables[name].keys, expected.keys)
        np.testing.assert_array_equal(tables[name].counts, expected.counts)
    assert path.stat().st_size < 2 * len(keys)


def test_other_files_are_refused(tmp_path, table):
    path = tmp_path / "tables.npz"
    save_tables(path, {"some": table})
    whole = path.read_bytes()
    np.savez(tmp_path / "other.npz", some_keys=np.zeros((8, 3), np.uint8))
    for name, data in [
        ("cut.npz", whole[: len(whole) // 2]),
        ("text.npz", b"no archive"),
        ("empty.npz", b""),
        ("other.npz", (tmp_path / "other.npz").read_bytes()),
    ]:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UserError, match=name):
            load_tables(tmp_path / name)
    with pytest.raises(UserError, match="absent"):
        load_tables(tmp_path / "absent.npz")
