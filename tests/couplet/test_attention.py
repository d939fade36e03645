"""Each way to look back, against the formula of its paper in NumPy."""

import keras
import numpy as np
import pytest

from projects.couplet.network.architecture import ATTENTIONS
from projects.couplet.network.attention import LookBack
from tests.couplet.toy_couplets import random_weights

BATCH, STEPS, PLACES, UNITS = 3, 4, 6, 8
MASK = np.arange(PLACES) < np.array([6, 4, 2])[:, None]
_random = np.random.default_rng(1)
QUERIES = _random.normal(size=(BATCH, STEPS, UNITS)).astype("float32")
ENCODED = _random.normal(size=(BATCH, PLACES, UNITS)).astype("float32")


@pytest.fixture(scope="module", params=ATTENTIONS[1:])
def layer(request):
    made = LookBack(request.param, UNITS)
    made(QUERIES, ENCODED)
    random_weights(made)
    return made


def look(layer, mask=None, queries=QUERIES, encoded=ENCODED):
    given = None if mask is None else keras.ops.convert_to_tensor(mask)
    return [keras.ops.convert_to_numpy(x) for x in layer(queries, encoded, given)]


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def bell(layer, query, count):
    """Return what the bell takes from the score of each place, for one query."""
    hidden = np.tanh(query @ layer.hidden.kernel + layer.hidden.bias)
    center = (count - 1) * sigmoid(hidden @ layer.center.kernel + layer.center.bias)
    return (np.arange(count) - center) ** 2 / (2 * 2.0**2)


def score(layer, query, encoded):
    """Return the scores of all places for one query, by the papers."""
    if layer.kind == "multi_head":
        inner = layer.inner
        q, k = (
            np.einsum("...u,uhd->...hd", x, np.array(dense.kernel)) + dense.bias
            for x, dense in (
                (query, inner.query_dense),
                (encoded, inner.key_dense),
            )
        )
        return np.einsum("hd,phd->hp", q, k) / q.shape[-1] ** 0.5
    asked = query @ np.array(layer.query.kernel)
    if layer.kind == "additive":
        return np.tanh(asked + encoded) @ np.array(layer.inner.scale)
    scores = encoded @ asked
    if layer.kind == "scaled_dot":
        return scores / UNITS**0.5
    return (
        scores - bell(layer, query, len(encoded)) if layer.kind == "local" else scores
    )


def reference(layer, query, encoded):
    """Return the weighted sum and the weights of one query over real places."""
    weights = softmax(score(layer, query, encoded))
    if layer.kind != "multi_head":
        return weights @ encoded, weights
    inner = layer.inner
    values = np.einsum("pu,uhd->phd", encoded, np.array(inner.value_dense.kernel))
    heads = np.einsum("hp,phd->hd", weights, values + inner.value_dense.bias)
    output = inner.output_dense
    context = np.einsum("hd,hdu->u", heads, np.array(output.kernel)) + output.bias
    return context, weights.mean(axis=0)


@pytest.mark.parametrize("masked", [False, True])
def test_sums_and_weights_are_those_of_the_papers(layer, masked):
    contexts, weights = look(layer, MASK if masked else None)
    for row in range(BATCH):
        count = MASK[row].sum() if masked else PLACES
        for step in range(STEPS):
            context, own = reference(layer, QUERIES[row, step], ENCODED[row, :count])
            np.testing.assert_allclose(contexts[row, step], context, atol=2e-5)
            np.testing.assert_allclose(weights[row, step, :count], own, atol=2e-5)
            assert not weights[row, step, count:].any()


def test_weights_of_a_step_sum_to_1(layer):
    for mask in (None, MASK):
        _, weights = look(layer, mask)
        assert weights.shape == (BATCH, STEPS, PLACES)
        np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5)


def test_a_reversed_source_has_its_padding_in_front(layer):
    mask = MASK[:, ::-1]
    contexts, weights = look(layer, mask)
    for row, count in enumerate(MASK.sum(axis=1)):
        alone = look(
            layer, None, QUERIES[row : row + 1], ENCODED[row : row + 1, -count:]
        )
        np.testing.assert_allclose(contexts[row], alone[0][0], atol=2e-5)
        np.testing.assert_allclose(weights[row, :, -count:], alone[1][0], atol=2e-5)


def test_a_layer_returns_from_its_configuration(layer):
    copy = LookBack.from_config(layer.get_config())
    copy(QUERIES, ENCODED)
    copy.set_weights(layer.get_weights())
    np.testing.assert_array_equal(look(copy)[0], look(layer)[0])


def test_the_local_kind_looks_near_its_center():
    layer = LookBack("local", UNITS)
    layer(QUERIES, ENCODED)
    zeros = [np.zeros_like(weight) for weight in layer.get_weights()]
    layer.set_weights(zeros)  # no score; the center is the middle of the line
    _, weights = look(layer, MASK)
    expected = np.exp(-((np.arange(4) - 1.5) ** 2) / 8)
    np.testing.assert_allclose(weights[1, 0, :4], expected / expected.sum(), atol=1e-6)
