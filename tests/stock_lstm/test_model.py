"""The family of nets: one input, one head, and what each of them can see."""

import json
import zipfile

import keras
import numpy as np
import pytest
from sklearn.metrics import mean_pinball_loss

from common.lstm import portable
from projects.stock_lstm import config
from projects.stock_lstm.model import (
    KINDS,
    LEVELS,
    DistributionLoss,
    average,
    build_model,
    set_head_bias,
)

BATCH, LENGTH, CHANNELS, HORIZON, UNITS = 5, 7, 3, 2, 4
OUTPUTS = len(LEVELS) + 1
RANDOM = np.random.default_rng(0)
INPUTS = RANDOM.normal(size=(BATCH, LENGTH, CHANNELS)).astype("float32")
TARGETS = RANDOM.normal(size=(BATCH, HORIZON)).astype("float32")
# Keras 3.15 on TensorFlow meets this in NumPy 2 whenever it saves a variable.
saves = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


@pytest.fixture(scope="module")
def models():
    """Return one net of each kind; tests leave the weights as they find them."""
    keras.utils.set_random_seed(0)
    shape = (LENGTH, CHANNELS, HORIZON, UNITS, 0.1)
    return {kind: build_model(kind, *shape) for kind in KINDS}


@pytest.fixture(params=KINDS)
def model(request, models):
    """Return each net; the weights are put back afterwards."""
    net = models[request.param]
    weights = net.get_weights()
    yield net
    net.set_weights(weights)


def run(model, inputs=INPUTS):
    return np.asarray(model(inputs))


def trained(model):
    """Give a net the random weights of one that has learned something."""
    random = np.random.default_rng(1)
    model.set_weights([0.5 * random.normal(size=w.shape) for w in model.get_weights()])
    return model


def test_the_command_line_offers_every_kind():
    assert KINDS == config.KINDS


def test_outputs_have_a_row_per_step_and_a_column_per_level(model):
    assert run(model).shape == (BATCH, HORIZON, OUTPUTS)
    assert model.output_shape == (None, HORIZON, OUTPUTS)
    assert run(model).dtype == np.float32


def test_an_untrained_net_forecasts_the_quantiles_of_its_targets(model):
    targets = np.random.default_rng(2).normal(size=(40, HORIZON)) * [1, 5] + [0, 9]
    set_head_bias(model, targets.astype("float32"))
    for h in range(HORIZON):
        expected = [*np.quantile(targets[:, h], LEVELS), targets[:, h].mean()]
        outputs = run(model)[:, h]
        np.testing.assert_allclose(outputs, [expected] * BATCH, rtol=1e-5, atol=1e-6)


def test_training_changes_every_weight(model):
    """The first step moves the head, whose zeros hide the rest; then all move."""
    # Adam would move by rounding errors, too: plain steps show true gradients.
    model.compile(keras.optimizers.SGD(1.0), DistributionLoss(), run_eagerly=True)
    before = [w.numpy().copy() for w in model.trainable_weights]
    model.train_on_batch(INPUTS, TARGETS)
    after = [w.numpy() for w in model.trainable_weights]
    changed = [bool(np.any(a != b)) for a, b in zip(after, before, strict=True)]
    assert changed == [False] * (len(changed) - 2) + [True, True]
    model.train_on_batch(INPUTS, TARGETS)
    for weight, old in zip(model.trainable_weights, before, strict=True):
        assert np.any(weight.numpy() != old), weight.path


def test_dropout_is_for_training_only(model):
    trained(model)
    np.testing.assert_array_equal(run(model), run(model))
    noisy = np.asarray(model(INPUTS, training=True))
    differs = not np.allclose(noisy, run(model), atol=1e-6)
    assert differs == (model.name != "ar")  # the linear net has none


@pytest.mark.parametrize("kind", KINDS)
def test_which_channels_a_net_sees(models, kind):
    model = trained(models[kind])
    for channel in range(CHANNELS):
        moved = INPUTS.copy()
        moved[:, :, channel] += 1.0
        sees = not np.allclose(run(model), run(model, moved), atol=1e-6)
        assert sees == (channel == 0 or kind not in ("ar", "mlp")), channel


def test_every_net_sees_every_row_of_the_window(model):
    trained(model)
    for row in range(LENGTH):
        moved = INPUTS.copy()
        moved[:, row] += 3.0
        assert not np.allclose(run(model), run(model, moved), atol=1e-7), row


def test_the_linear_net_is_linear(models):
    model = trained(models["ar"])
    one, other, zero = INPUTS, INPUTS[::-1], 0 * INPUTS
    total = run(model, one) + run(model, other)
    np.testing.assert_allclose(
        run(model, one + other) + run(model, zero), total, atol=1e-5
    )


def test_sizes_are_those_that_were_asked_for(models):
    gates = UNITS * (CHANNELS + UNITS + 1)
    head = HORIZON * OUTPUTS
    expected = {
        "rnn": gates + (UNITS + 1) * head,
        "lstm": 4 * gates + (UNITS + 1) * head,
        "bilstm": 8 * gates + (2 * UNITS + 1) * head,
        "gru": 3 * (gates + UNITS) + (UNITS + 1) * head,  # two biases
        "ar": (LENGTH + 1) * head,
        "mlp": (LENGTH + 1) * UNITS + (UNITS + 1) * head,
        "narx": (LENGTH * CHANNELS + 1) * UNITS + (UNITS + 1) * head,
        "stacked": 200 * (CHANNELS + 51) + 3 * 200 * 101 + 51 * head,
    }
    assert {kind: m.count_params() for kind, m in models.items()} == expected


def test_the_loss_is_pinball_plus_a_little_squared_error():
    outputs = RANDOM.normal(size=(BATCH, HORIZON, OUTPUTS)).astype("float32")
    losses = np.asarray(DistributionLoss().call(TARGETS, outputs))
    assert losses.shape == (BATCH, HORIZON)
    for i in range(BATCH):
        for h in range(HORIZON):
            truth = TARGETS[i, h]
            pinball = [
                mean_pinball_loss([truth], [outputs[i, h, q]], alpha=level)
                for q, level in enumerate(LEVELS)
            ]
            expected = np.mean(pinball) + 0.02 * (truth - outputs[i, h, -1]) ** 2
            assert losses[i, h] == pytest.approx(expected, rel=1e-5)
    mean = float(DistributionLoss()(TARGETS, outputs))
    assert mean == pytest.approx(losses.mean(), rel=1e-6)


def test_the_loss_of_two_levels_by_hand():
    loss = DistributionLoss(levels=(0.2, 0.9), mean_weight=0.5)
    # 2 above the 20 % quantile: .4; 1 below the 90 % one: .1; the mean is off by 4.
    truth, outputs = np.array([[3.0]], "float32"), np.array([[[1, 4, 7]]], "float32")
    result = np.asarray(loss.call(truth, outputs))
    np.testing.assert_allclose(result, [[0.25 + 8.0]])


def test_the_loss_survives_json():
    loss = DistributionLoss((0.1, 0.5, 0.9), 0.3)
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(loss)))
    again = keras.saving.deserialize_keras_object(config)
    assert isinstance(again, DistributionLoss)
    assert (again.levels, again.mean_weight) == ((0.1, 0.5, 0.9), 0.3)


@saves
def test_a_saved_copy_needs_nothing_of_ours(model, tmp_path):
    trained(model)
    path = tmp_path / "model.keras"
    portable(model).save(path)
    again = keras.saving.load_model(path, compile=False, safe_mode=True)
    np.testing.assert_allclose(run(again), run(model), rtol=1e-4, atol=1e-5)
    with zipfile.ZipFile(path) as archive:
        config = archive.read("config.json").decode()
    assert "common" not in config and "stock_lstm" not in config
    plain = json.loads(config)["config"]["layers"]
    assert {layer["module"] for layer in plain} <= {
        *("keras.layers", "keras.src.ops.numpy", "keras.ops")
    }


def test_average_is_the_mean(models):
    shape = (LENGTH, CHANNELS, HORIZON, UNITS, 0.1)
    one, other = trained(models["lstm"]), build_model("lstm", *shape)
    other.name = "other"
    other.set_weights([-2 * w + 0.1 for w in one.get_weights()])
    mean = (run(one) + run(other)) / 2
    merged = average([one, other])
    np.testing.assert_allclose(run(merged), mean, rtol=1e-5, atol=1e-6)
    assert np.abs(run(one) - run(other)).max() > 0.1
    np.testing.assert_array_equal(run(average([one])), run(one))
