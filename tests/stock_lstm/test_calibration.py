"""Bands that adapt: known moves, known coverage, no look ahead."""

import numpy as np
import pytest
from scipy import stats

from projects.stock_lstm.calibration import (
    calibrate,
    rolling_shifts,
    scores,
    track_widths,
)

LEVELS = np.array([0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975])
BANDS = {0: 0.95, 1: 0.9, 2: 0.8, 3: 0.5}  # lower level's index -> nominal
NORMAL = stats.norm.ppf(LEVELS)


def adapted(outcomes, quantiles, first):
    """Return the calibrated quantiles of the outcomes from `first` on."""
    n = len(outcomes)
    bands, volatility = np.tile(quantiles, (n, 1, 1)), np.ones(n)
    record = scores(outcomes[:, None], bands, volatility)
    shift = rolling_shifts(record, LEVELS, first)
    return calibrate(bands[first:], shift, volatility[first:])[:, 0]


def covered(outcomes, bands, index):
    low, high = bands[:, index], bands[:, -1 - index]
    return np.mean((outcomes >= low) & (outcomes <= high))


def test_scores_count_in_volatilities():
    result = scores(
        np.array([[3.0, np.nan]]), np.array([[[1.0, 4.0], [0, 0]]]), np.array([2.0])
    )
    np.testing.assert_array_equal(result, [[[1.0, -0.5], [np.nan, np.nan]]])


def test_widths_of_the_middle_band_by_hand():
    """A band that misses every second day: .005 wider after a miss, else narrower."""
    levels = np.array([0.25, 0.5, 0.75])
    step_scores = np.array(
        [
            [0.5, 0.0, -0.5],  # inside
            [-0.1, -0.2, -0.3],  # below
            [0.3, 0.2, 0.1],  # above
            [np.nan, np.nan, np.nan],  # not yet known
            [0.004, 0.0, -0.004],  # inside
        ]
    )
    widths = track_widths(step_scores, levels)
    expected = [[0], [-0.005], [0], [0.005], [0.005], [0]]
    np.testing.assert_allclose(widths, expected, atol=1e-15)


def test_rarer_misses_weigh_more():
    """After one miss each band is wider, after one hit narrower, in balance."""
    miss = track_widths(np.tile(-1.0, (1, 9)), LEVELS)[1]
    hit = track_widths(np.zeros((1, 9)), LEVELS)[1]
    assert (miss > 0).all() and (hit < 0).all()
    assert (np.diff(miss) < 0).all()
    share = np.array([0.05, 0.1, 0.2, 0.5])
    np.testing.assert_allclose(share * miss + (1 - share) * hit, 0, atol=1e-15)


@pytest.mark.parametrize("spread", [0.5, 1.0, 2.0], ids=["wide", "right", "narrow"])
def test_coverage_becomes_nominal_whatever_the_net_says(spread):
    outcomes = spread * np.random.default_rng(0).normal(size=6000)
    bands = adapted(outcomes, NORMAL, 2000)
    for index, nominal in BANDS.items():
        share = covered(outcomes[2000:], bands, index)
        assert share == pytest.approx(nominal, abs=0.02)


def test_coverage_comes_back_after_volatility_doubles():
    random = np.random.default_rng(1)
    outcomes = random.normal(size=2000) * np.repeat([1, 2], 1000)
    bands = adapted(outcomes, NORMAL, 1000)
    later, plain = outcomes[1100:], np.tile(NORMAL, (900, 1))
    for index, nominal in BANDS.items():
        fixed = covered(later, plain, index)
        assert fixed < nominal - 0.15
        # Half of the lost coverage at least; the middle band moves slowest.
        assert covered(later, bands[100:], index) > (nominal + fixed) / 2


@pytest.mark.parametrize("step", [0, 1, 4])
def test_an_outcome_enters_when_it_is_known(step):
    """Origin 20 sees row 20 + step + 1 first; before that it may change nothing."""
    record = np.random.default_rng(2).normal(size=(60, 5, 9))
    planted = record.copy()
    planted[20, step] = -99.0 if (record[20, step, 0] > 0) else 99.0
    record[20, step] = 0.0
    plain, moved = (rolling_shifts(r, LEVELS, 10) for r in (record, planted))
    differs = np.any(plain != moved, axis=2)
    known = 20 + step + 1 - 10
    assert not differs[:known].any()
    assert differs[known, step]
    assert not np.delete(differs, step, axis=1).any()


def test_unknown_outcomes_change_nothing():
    record = np.random.default_rng(3).normal(size=(30, 9))
    holes = np.insert(record, [7, 7, 20], np.nan, axis=0)
    widths = track_widths(holes, LEVELS)
    np.testing.assert_array_equal(widths[8], widths[7])
    np.testing.assert_array_equal(widths[-1], track_widths(record, LEVELS)[-1])


def test_shifts_are_symmetric_and_leave_the_median():
    record = np.random.default_rng(4).normal(size=(50, 2, 9))
    shifts = rolling_shifts(record, LEVELS, 5)
    assert shifts.shape == (45, 2, 9)
    np.testing.assert_array_equal(shifts[..., 4], 0)
    np.testing.assert_array_equal(shifts, -shifts[..., ::-1])
    assert np.abs(shifts[-1, :, 0]).min() > 0


def test_nothing_known_is_no_shift():
    shifts = rolling_shifts(np.full((3, 2, 9), np.nan), LEVELS, 0)
    np.testing.assert_array_equal(shifts, np.zeros((3, 2, 9)))


def test_shifts_count_in_volatilities_and_the_order_is_kept():
    quantiles = np.array([[[1.0, 2.0, 3.0]], [[1.0, 2.0, 3.0]]])
    shift = np.array([[[-0.5, 0.0, 0.5]], [[2.0, 0.0, -2.0]]])  # the second crosses
    result = calibrate(quantiles, shift, np.array([2.0, 1.0]))
    np.testing.assert_allclose(result, [[[0, 2, 4]], [[1, 2, 3]]])
