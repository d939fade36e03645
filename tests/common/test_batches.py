"""Batches: every sample once, an order of its own for each epoch, no state."""

import keras
import numpy as np
import pytest

from common.batches import ShuffledBatches, begin_unlike
from common.errors import UserError

SIZE = 23


def epoch_of(batches, epoch):
    batches.set_epoch(epoch)
    return np.concatenate([batches[i][0] for i in range(len(batches))])


def test_each_epoch_shows_every_sample_once_in_an_order_of_its_own():
    numbers = np.arange(SIZE)
    batches = ShuffledBatches.from_arrays(numbers, -numbers, batch_size=5, seed=4)
    assert [len(batches[i][0]) for i in range(len(batches))] == [5, 5, 5, 5, 3]
    orders = [epoch_of(batches, epoch) for epoch in range(4)]
    for order in orders:
        assert sorted(order) == list(range(SIZE))
    assert len({tuple(order) for order in orders}) == 4
    assert orders[0].tolist() != list(range(SIZE))
    for inputs, targets in batches:
        np.testing.assert_array_equal(inputs, -targets)


def test_order_is_a_function_of_seed_and_epoch():
    numbers = np.arange(SIZE)

    def make(seed):
        return ShuffledBatches.from_arrays(numbers, numbers, batch_size=5, seed=seed)

    expected = np.random.default_rng([4, 3]).permutation(SIZE)
    np.testing.assert_array_equal(epoch_of(make(4), 3), expected)
    used = make(4)
    epoch_of(used, 0)
    np.testing.assert_array_equal(epoch_of(used, 3), expected)
    assert list(epoch_of(make(5), 3)) != list(expected)


def test_without_shuffling_samples_keep_their_order():
    batches = ShuffledBatches.from_arrays(np.arange(7), batch_size=3, shuffle=False)
    assert list(epoch_of(batches, 0)) == list(epoch_of(batches, 1)) == list(range(7))


def make_model():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def seen_in_training(tell_epoch, **options):
    """Return the orders which a training has gone through, one row per epoch."""
    rows = []

    def make_batch(indices):
        rows.append(indices)
        column = indices[:, None].astype("float32") / SIZE
        return column, column

    batches = ShuffledBatches(make_batch, SIZE, batch_size=SIZE, seed=1)
    telling = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: batches.set_epoch(epoch)
    )
    keras.utils.set_random_seed(0)  # with it `fit(arrays)` repeats one order
    make_model().fit(
        batches, verbose=0, callbacks=[telling] if tell_epoch else [], **options
    )
    return batches, [list(row) for row in rows]


def test_fit_goes_through_the_orders_of_its_epochs_also_from_a_later_one():
    batches, rows = seen_in_training(True, initial_epoch=2, epochs=5, shuffle=False)
    assert rows[-3:] == [list(batches.order(epoch)) for epoch in (2, 3, 4)]


def test_orders_differ_even_if_nobody_tells_the_epoch():
    batches, rows = seen_in_training(False, epochs=3)
    # Some backends use up one epoch for building the model.
    first = next(e for e in (0, 1) if rows[-3] == list(batches.order(e)))
    assert rows[-2:] == [list(batches.order(first + more)) for more in (1, 2)]


@pytest.mark.parametrize("kind", [list, tuple, dict])
def test_several_inputs_and_weights(kind):
    numbers = np.arange(SIZE, dtype="float32")[:, None]
    names = ("left", "right")
    arrays = (numbers, numbers * 2)
    inputs = dict(zip(names, arrays, strict=True)) if kind is dict else kind(arrays)
    weights = np.ones(SIZE, "float32")
    batches = ShuffledBatches.from_arrays(inputs, numbers * 3, weights, batch_size=8)
    (batch, targets, weight) = batches[0]
    left, right = batch.values() if kind is dict else batch
    np.testing.assert_array_equal(left + right, targets)
    assert weight.shape == (8,)

    ends = [keras.Input((1,), name=name) for name in names]
    model = keras.Model(
        dict(zip(names, ends, strict=True)) if kind is dict else ends,
        keras.layers.Dense(1)(keras.layers.Concatenate()(ends)),
    )
    model.compile("sgd", "mse")
    history = model.fit(batches, verbose=0, shuffle=False).history
    assert np.isfinite(history["loss"]).all()


def test_windows_are_made_when_they_are_needed():
    series = np.arange(1_000_000, dtype="float32")

    def windows(starts):
        steps = starts[:, None] + np.arange(64)
        return series[steps], series[starts + 64]

    batches = ShuffledBatches(windows, len(series) - 64, batch_size=4)
    inputs, targets = batches[len(batches) // 2]
    assert inputs.shape == (4, 64)
    np.testing.assert_array_equal(inputs[:, -1] + 1, targets)


def test_mistakes_are_named():
    with pytest.raises(UserError, match=r"equally many. Received: \[2, 3\] samples"):
        ShuffledBatches.from_arrays(np.zeros(3), np.zeros(2), batch_size=1)
    with pytest.raises(UserError, match="size=0, batch_size=8"):
        ShuffledBatches.from_arrays(np.zeros(0), batch_size=8)
    with pytest.raises(UserError, match="size=3, batch_size=0"):
        ShuffledBatches.from_arrays(np.zeros(3), batch_size=0)


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([7, 7, 5, 7], [0, 2, 1, 3]),
        ([5, 7, 7], [0, 1, 2]),
        ([7, 7], [0, 1]),
        ([7], [0]),
        ([], []),
    ],
)
def test_the_first_two_batches_differ_in_length(lengths, expected):
    assert begin_unlike(np.array(lengths, int)).tolist() == expected
