"""Several nets: reproducible, apart from each other, blind for later rows."""

import keras
import numpy as np
import pytest

from common.batches import ShuffledBatches
from common.progress import Progress
from projects.stock_lstm.ensemble import shrinkage
from projects.stock_lstm.indicators import make_indicators
from projects.stock_lstm.model import LEVELS
from projects.stock_lstm.windows import make_windows
from tests.stock_lstm.series import make_frame
from tests.stock_lstm.tiny import make_ensemble, make_recipe

pytestmark = pytest.mark.backend

LAST_ROW = 170
HORIZON = 2
OUTPUTS = len(LEVELS) + 1


@pytest.fixture(scope="module")
def series():
    return make_indicators(make_frame(200), "open", "price")


@pytest.fixture(scope="module")
def ensemble(series):
    """Return the one compiled ensemble that all tests here fit."""
    return make_ensemble(series, horizon=HORIZON)


def fit(ensemble, series, folder=None, last_row=LAST_ROW):
    return ensemble.fit_known(series, last_row, folder, "test")


@pytest.fixture(scope="module")
def fitted(ensemble, series):
    return fit(ensemble, series)


def assert_same_weights(one, other):
    for mine, theirs in zip(one.weights, other.weights, strict=True):
        for a, b in zip(mine, theirs, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("mean", "targets", "factor"),
    [
        ([1, 2], [0.5, 1.0], 0.5),
        ([1, 1], [0.0, 0.8], 0.4),  # least squares, not the last day
        ([1, 3], [1.0, 0.0], 0.1),
        ([1, 2], [-1.0, -2.0], 0.0),  # the wrong way: no change
        ([1, 2], [5.0, 10.0], 1.0),  # never beyond the net
        ([0, 0], [1.0, 2.0], 0.0),
    ],
)
def test_shrinkage_by_hand(mean, targets, factor):
    mean, targets = np.array(mean, float)[:, None], np.array(targets)[:, None]
    np.testing.assert_allclose(shrinkage(mean, targets), [factor])


def test_each_step_has_its_own_shrinkage():
    mean = np.array([[1.0, 1.0], [2.0, 2.0]])
    targets = np.array([[0.5, -1.0], [1.0, -1.0]])
    np.testing.assert_allclose(shrinkage(mean, targets), [0.5, 0.0])


def test_what_a_fit_leaves(fitted, ensemble):
    scaler, train, validation, result = fitted
    # Origins 21..168 have both days known; 15 % of 148 are 22; one lies between.
    assert train.origins[[0, -1]].tolist() == [21, 145]
    assert validation.origins[[0, -1]].tolist() == [147, 168]
    assert scaler.spread.shape == result.shrinkage.shape == (HORIZON,)
    assert np.all((result.shrinkage >= 0) & (result.shrinkage <= 1))
    assert len(result.weights) == len(result.histories) == 2
    assert all(len(h["loss"]) == len(h["val_loss"]) == 2 for h in result.histories)
    assert list(result.named_histories("fold 7")) == ["fold 7, net 1", "fold 7, net 2"]
    assert list(ensemble.recipe.seeds) == [3, 4]
    assert list(make_recipe(seed=8, nets=3).seeds) == [8, 9, 10]


def test_the_nets_differ_in_start_and_order(fitted, ensemble, monkeypatch):
    one, other = fitted[3].weights
    assert not np.array_equal(one[0], other[0])
    seeds, make = [], ShuffledBatches.from_arrays

    def watch(*arrays, batch_size, seed):
        seeds.append(seed)
        return make(*arrays, batch_size=batch_size, seed=seed)

    monkeypatch.setattr(ShuffledBatches, "from_arrays", watch)
    _, train, validation, _ = fitted
    ensemble.fit(train, validation, None, "test")
    assert seeds == [3, 4]


def test_the_scaler_has_seen_no_validation_target(fitted, ensemble):
    """It ends with the last training target, row 147, not at the last known row."""
    frame = make_frame(200)
    frame.iloc[148:] *= 3.0
    changed = make_indicators(frame, "open", "price")
    scaler = fit(ensemble, changed)[0]
    np.testing.assert_array_equal(scaler.mean, fitted[0].mean)
    np.testing.assert_array_equal(scaler.spread, fitted[0].spread)


@pytest.mark.skipif(
    keras.backend.backend() == "torch",
    reason="dropout without a seed draws from PyTorch's own stream: no fit repeats",
)
def test_a_fit_repeats_itself_and_knows_no_later_row(ensemble, fitted):
    frame = make_frame(200)
    frame.iloc[LAST_ROW + 1 :] *= np.random.default_rng(1).uniform(0.5, 2, (29, 5))
    changed = make_indicators(frame, "open", "price")
    fit(ensemble, changed, last_row=190)  # leaves no trace
    scaler, _, _, result = fit(ensemble, changed)
    assert_same_weights(result, fitted[3])
    assert result.histories == fitted[3].histories
    np.testing.assert_array_equal(result.shrinkage, fitted[3].shrinkage)
    np.testing.assert_array_equal(scaler.spread, fitted[0].spread)
    longer = fit(ensemble, changed, last_row=LAST_ROW + 1)[3]
    assert longer.histories != fitted[3].histories


def test_a_finished_fit_is_not_done_again(ensemble, series, tmp_path, monkeypatch):
    epochs = []
    monkeypatch.setattr(
        Progress, "on_epoch_begin", lambda self, epoch, logs=None: epochs.append(epoch)
    )
    first = fit(ensemble, series, tmp_path)[3]
    assert epochs == [0, 1, 0, 1]
    second = fit(ensemble, series, tmp_path)[3]
    assert epochs == [0, 1, 0, 1]
    assert_same_weights(first, second)
    assert first.histories == second.histories


def test_the_merged_net_is_the_mean_of_the_nets(ensemble, series, fitted):
    scaler, *_, result = fitted
    windows = make_windows(series, scaler, np.arange(171, 190), 5)
    each = ensemble.residuals(result.weights, windows)
    assert each.shape == (2, 19, HORIZON, OUTPUTS) and each.dtype == np.float64
    assert not np.allclose(each[0], each[1], atol=1e-4)
    merged = ensemble.merged(result.weights)(windows.inputs)
    merged = keras.ops.convert_to_numpy(merged)
    np.testing.assert_allclose(merged, each.mean(axis=0), rtol=1e-4, atol=1e-5)


def test_patience_takes_the_best_epoch(series):
    """With a step size that only does harm, the first epoch is the best."""
    ensemble = make_ensemble(
        series, nets=1, epochs=9, patience=2, learning_rate=0.9, units=2
    )
    _, _, validation, result = fit(ensemble, series)
    losses = result.histories[0]["val_loss"]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + 2 < 9
    ensemble.model.set_weights(result.weights[0])
    kept = ensemble.model.evaluate(validation.inputs, validation.targets, verbose=0)
    assert kept == pytest.approx(losses[best], rel=1e-4)
