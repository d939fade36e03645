"""What all objectives of the fast step have in common."""

import keras
import numpy as np
import pytest

from projects.word2vec import banded
from projects.word2vec.banded import Layout
from tests.word2vec import pair_by_pair as slow

TINY = Layout(window=2, batch_size=4, steps=3, chunk=2)


def numbers(tensor):
    return keras.ops.convert_to_numpy(tensor)


def test_a_layout_counts_itself():
    assert (TINY.words, TINY.chunks, TINY.halo) == (12, 2, 6)
    assert Layout(5, 512, 256).chunk == 16


def test_pairs_count_by_their_distance():
    """Drawn from 1..2, a window reaches two words far half the time."""
    np.testing.assert_array_equal(
        TINY.band(), [[0.5, 1, 0, 1, 0.5, 0], [0, 0.5, 1, 0, 1, 0.5]]
    )
    assert TINY.band().dtype == np.float32
    drawn = np.random.default_rng(0).integers(1, 6, 100_000)
    band = Layout(5, 16, 1, 16).band()
    for distance in range(1, 6):
        assert band[7, 12 + distance] == band[7, 12 - distance]
        reached = (drawn >= distance).mean()
        assert band[7, 12 + distance] == pytest.approx(reached, abs=0.01)


def test_each_word_of_a_slab_is_a_center_once():
    np.testing.assert_array_equal(TINY.positions(2), [[0, 1], [6, 7]])
    for layout in (TINY, slow.pairs_layout(), slow.pairs_layout(8)):
        seen = [
            layout.positions(layout.chunk) + at * layout.chunk
            for at in range(layout.steps)
        ]
        np.testing.assert_array_equal(np.sort(seen, None), np.arange(layout.words))
        for at, places in enumerate(seen):
            expected = np.array(slow.centers_of(layout, at)) - layout.window
            np.testing.assert_array_equal(places.reshape(-1), expected)


@pytest.mark.parametrize("layout", [TINY, slow.pairs_layout()])
def test_bands_see_what_stands_around(layout):
    slab = slow.make_slab(slow.pairs_layout(), 9)
    slab = {name: slab[name][-layout.words - 2 * layout.window :] for name in slab}
    given = slow.tensors(slab)
    for at in range(layout.steps):
        halo, pairs = map(numbers, banded.bands(layout, given, at))
        own = numbers(banded.own_words(layout, halo))
        places = slow.centers_of(layout, at)
        np.testing.assert_array_equal(own, slab["words"][places])
        flat = pairs.reshape(layout.batch_size, layout.halo)
        for number, here in enumerate(places):
            words, weights = slow.window_of(layout, slab, here)
            expected = dict.fromkeys(words, 0.0)
            for word, weight in zip(words, weights, strict=True):
                expected[word] += weight
            found = dict.fromkeys(words, 0.0)
            for word, weight in zip(
                halo[number // layout.chunk], flat[number], strict=True
            ):
                if weight:
                    found[word] += weight
            assert found == pytest.approx(expected, abs=1e-6)
    assert pairs.any()


def test_only_rows_with_many_updates_are_scaled_down():
    scales = banded.row_scales(np.array([0.0, 0.1, 0.2, 0.4]), 100, cap=20)
    np.testing.assert_allclose(scales, [1, 1, 1, 0.5])
    assert scales.dtype == np.float32


@pytest.mark.parametrize("dim, columns", [(1, 16), (16, 16), (17, 32)])
def test_tables_have_full_registers_and_lose_nothing(dim, columns):
    matrices = slow.random_matrices(5, 4, dim)
    tables = banded.to_tables(*matrices)
    assert [tuple(table.shape) for table in tables] == [(5, columns), (4, columns)]
    assert {keras.backend.standardize_dtype(table.dtype) for table in tables} == {
        "float32"
    }
    back = banded.to_matrices(tables, dim)
    for ours, table, matrix in zip(back, tables, matrices, strict=True):
        np.testing.assert_array_equal(ours, matrix.astype(np.float32))
        assert not numbers(table)[:, dim:].any()
        before = numbers(table).copy()
        ours += 1  # a copy, that later steps or readers do not share
        np.testing.assert_array_equal(numbers(table), before)


def test_rows_that_are_named_twice_take_both_changes():
    random = np.random.default_rng(0)
    table, changes = random.normal(size=(4, 3)), random.normal(size=(5, 3))
    ids, scales = np.array([2, 0, 2, 2, 3]), np.array([1, 1, 0.5, 0.25])
    expected = table.copy()
    np.add.at(expected, ids, changes * scales[ids, None])
    given = [keras.ops.convert_to_tensor(a, "float32") for a in (table, changes)]
    ids = keras.ops.convert_to_tensor(ids, "int32")
    scales = keras.ops.convert_to_tensor(scales, "float32")
    ours = banded.add_rows(given[0], ids, given[1], scales)
    np.testing.assert_allclose(numbers(ours), expected, atol=1e-6)


def test_products_by_rows_and_by_columns():
    random = np.random.default_rng(0)
    a, b = random.normal(size=(2, 3, 4)), random.normal(size=(2, 5, 4))
    c = random.normal(size=(2, 3, 6))
    a, b, c = (array.astype(np.float32) for array in (a, b, c))
    given = [keras.ops.convert_to_tensor(array) for array in (a, b, c)]
    np.testing.assert_allclose(
        numbers(banded.by_rows(given[0], given[1])),
        np.einsum("ngd,nhd->ngh", a, b),
        atol=1e-5,
    )
    np.testing.assert_allclose(
        numbers(banded.by_columns(given[0], given[2])),
        np.einsum("ngh,ngd->nhd", a, c).reshape(8, 6),
        atol=1e-5,
    )


class Counting:
    """An objective that writes down in which order it was called."""

    layout = TINY

    def loss(self, tables, slab):
        return keras.ops.sum(tables[0]) + slab["words"][0] + slab["constant"]

    def step(self, tables, slab, at, rate):
        return tables[0] * 10 + keras.ops.cast(at, "float32"), tables[1] + rate


def test_a_program_takes_all_steps_in_order_and_the_loss_before():
    program = banded.make_program(Counting())
    tables = [keras.ops.full((1, 1), 7.0), keras.ops.zeros((1, 1))]
    slab = {
        "words": np.array([3.0], np.float32),
        "rates": np.array([1, 20, 300], np.float32),
    }
    constants = slow.tensors({"constant": np.float32(0.5)})
    center, context, loss = program(*tables, constants, slab)
    assert numbers(center) == 7012 and numbers(context) == 321
    assert float(loss) == 10.5
