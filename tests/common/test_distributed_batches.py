"""The rows of each process: together they are the batch, and their loss is its loss."""

import keras
import numpy as np
import pytest

from common.distributed_batches import own_rows, share_batches

LOSSES = {
    "mean of rows": keras.losses.MeanSquaredError(),
    "mean by weight": keras.losses.MeanSquaredError("mean_with_sample_weight"),
}


def draw(count, weighted):
    random = np.random.default_rng(count)
    inputs = {"a": random.normal(size=(count, 3)), "b": random.normal(size=(count, 2))}
    shape = (count, 4, 2) if weighted else (count, 2)
    batch = (inputs, random.normal(size=shape).astype("float32"))
    return (*batch, random.uniform(size=(count, 4))) if weighted else batch


def parts_of(batch, ranks, devices):
    return [own_rows(batch, rank, ranks, devices) for rank in range(ranks)]


def test_even_batches_are_cut_and_nothing_else():
    batch = draw(8, weighted=True)
    parts = parts_of(batch, 2, 4)
    assert [len(targets) for _, targets, _ in parts] == [4, 4]
    joined = keras.tree.map_structure(lambda *a: np.concatenate(a), *parts)
    for ours, theirs in zip(
        keras.tree.flatten(joined), keras.tree.flatten(batch), strict=True
    ):
        assert np.allclose(ours, theirs)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("count", "devices"), [(7, 2), (1, 2), (5, 8), (6, 2)])
def test_the_loss_of_all_parts_is_that_of_the_batch(loss, weighted, count, devices):
    _, targets, *weights = batch = draw(count, weighted)
    parts = parts_of(batch, 2, devices)
    assert len({len(part) for _, part, _ in parts}) == 1
    _, filled, filled_weights = keras.tree.map_structure(
        lambda *a: np.concatenate(a), *parts
    )
    assert len(filled) % devices == 0
    expected = loss(targets, 0.3 * targets, *(w.astype("float32") for w in weights))
    received = loss(filled, 0.3 * filled, filled_weights)
    assert float(received) == pytest.approx(float(expected), rel=1e-5)


def test_one_process_keeps_its_batches():
    arrays = draw(4, weighted=False)
    assert share_batches(arrays) is arrays
    assert share_batches(None) is None


def test_sequences_must_bring_weights():
    inputs, targets, _ = draw(4, weighted=True)
    with pytest.raises(ValueError, match="must bring weights"):
        own_rows((inputs, targets), 0, 2, 2)
