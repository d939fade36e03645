"""Rolling-origin evaluation: forecast each test day from the days before it.

    |---- train ----|- validation -|--- fold 1 ---|--- fold 2 ---| ...
    |---- train -------------|- validation -------|   (refitted)  |

The net is refitted every `refit_every` test days on all rows then known; every
score is out of sample. All values are logs of the target.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import UserError
from projects.stock_lstm import baselines, calibration
from projects.stock_lstm.ensemble import Ensemble, Fitted, Recipe
from projects.stock_lstm.forecasts import Forecasts, true_values
from projects.stock_lstm.indicators import Indicators
from projects.stock_lstm.model import LEVELS
from projects.stock_lstm.statistical import classic_forecasts
from projects.stock_lstm.windows import first_origin, make_windows

_LEVELS = np.array(LEVELS)
_FEWEST_WINDOWS = 50  # to learn from; fewer are noise


@dataclass(frozen=True)
class Split:
    """Which rows serve for what.

    Attributes:
        test_days: test days at the end of the series.
        refit_every: test days between two fits.
    """

    test_days: int
    refit_every: int


@dataclass(frozen=True)
class Backtest:
    """What a backtest leaves.

    Attributes:
        forecasts: of every test day.
        seed_points: float64, shape (S, n, H), logs, of each net alone.
        record: float64, shape (m, H, Q), scores for the next calibration.
        fits: of each fold.
    """

    forecasts: Forecasts
    seed_points: np.ndarray
    record: np.ndarray
    fits: tuple[Fitted, ...]

    @property
    def histories(self) -> dict[str, dict[str, list[float]]]:
        """Return the history of every fit by its name."""
        named: dict[str, dict[str, list[float]]] = {}
        for i, fit in enumerate(self.fits, 1):
            named |= fit.named_histories(f"fold {i}")
        return named


@dataclass(frozen=True)
class _Fold:
    """Forecasts of one fold's origins, before calibration."""

    origins: np.ndarray
    point: np.ndarray
    quantiles: np.ndarray
    seed_points: np.ndarray
    rivals: dict[str, np.ndarray]
    constant: np.ndarray
    fitted: Fitted


def run_backtest(
    indicators: Indicators,
    ensemble: Ensemble,
    split: Split,
    checkpoints: Path | None = None,
    classics: bool = False,
) -> Backtest:
    """Fit fold after fold and forecast every test day.

    Args:
        indicators: of all rows; long enough by `check_length`.
        ensemble: how to fit.
        split: which rows serve for what.
        checkpoints: folder that makes the fits resumable; None: they are not.
        classics: whether to forecast with ARIMA and ETS, too.
    """
    starts = range(
        len(indicators) - 1 - split.test_days, len(indicators) - 1, split.refit_every
    )
    folds = []
    for i, start in enumerate(starts):
        stop = min(start + split.refit_every, len(indicators) - 1)
        folds.append(
            _run_fold(
                indicators,
                ensemble,
                np.arange(start, stop),
                checkpoints and checkpoints / f"fold-{i + 1}",
                f"fold {i + 1}/{len(starts)}",
            )
        )
        if classics:
            folds[-1].rivals.update(
                classic_forecasts(
                    indicators.log_target,
                    folds[-1].origins,
                    start,
                    ensemble.recipe.horizon,
                )
            )
    return _join(indicators, folds, split.test_days)


def check_length(num_rows: int, recipe: Recipe, split: Split) -> None:
    """Raise a UserError when the series is too short to learn and test on."""
    learn = _FEWEST_WINDOWS + recipe.horizon  # that many keep clear of validation
    fewest = math.ceil(learn / (1 - recipe.validation_share))
    before = first_origin(recipe.context_length)
    needed = before + fewest + split.test_days + 1
    if num_rows < needed:
        raise UserError(
            f"Expected at least {needed} rows: {before} before the first"
            f" window, {fewest} to learn from, {split.test_days} to test"
            f" on, 1 to start from. Received: {num_rows} rows. Give more rows, or"
            " lower --test-days or --context-length."
        )


def _run_fold(indicators, ensemble, origins, checkpoint, name) -> _Fold:
    scaler, train, validation, fitted = ensemble.fit_known(
        indicators, origins[0], checkpoint, name
    )
    # From the validation days on, so that the first test day can be calibrated.
    since = np.arange(validation.origins[0], origins[-1] + 1)
    windows = make_windows(indicators, scaler, since, ensemble.recipe.context_length)
    outputs = ensemble.residuals(fitted.weights, windows)
    log_outputs = np.array([windows.to_log(output) for output in outputs])
    anchor = windows.anchor
    seed_points = anchor + fitted.shrinkage * (log_outputs[..., -1] - anchor)
    horizon = ensemble.recipe.horizon
    rivals = baselines.naive_forecasts(indicators, since, horizon)
    if indicators.target != "price":
        rivals["HAR"] = baselines.har(indicators, horizon, origins[0], since)
    rivals["ridge"] = baselines.ridge(train, validation, windows)
    rivals["boosting"] = baselines.boosting(train, validation, windows)
    return _Fold(
        origins=since,
        point=seed_points.mean(axis=0),
        quantiles=np.sort(log_outputs[..., :-1].mean(axis=0), axis=-1),
        seed_points=seed_points,
        rivals=rivals,
        constant=baselines.constant_quantiles(
            indicators, since, origins[0], LEVELS, horizon
        ),
        fitted=fitted,
    )


def _join(indicators: Indicators, folds: list[_Fold], num_test: int) -> Backtest:
    """Put the folds end to end; the first keeps its validation days as record."""
    first_test = len(indicators) - 1 - num_test

    def join(part: Callable[[_Fold], np.ndarray], axis: int = 0) -> np.ndarray:
        parts = []
        for i, fold in enumerate(folds):
            known = folds[i - 1].origins[-1] + 1 - fold.origins[0] if i else 0
            parts.append(np.take(part(fold), np.arange(known, len(fold.origins)), axis))
        return np.concatenate(parts, axis)

    origins = join(lambda fold: fold.origins)
    quantiles = join(lambda fold: fold.quantiles)
    horizon = quantiles.shape[1]
    actual = true_values(indicators, origins, horizon)
    volatility = indicators.volatility[origins]
    record = calibration.scores(actual, quantiles, volatility)
    test = origins >= first_test
    shift = calibration.rolling_shifts(record, _LEVELS, int(np.argmax(test)))
    forecasts = Forecasts(
        origins=origins[test],
        actual=actual[test],
        point=join(lambda fold: fold.point)[test],
        rivals={
            name: join(lambda fold, name=name: fold.rivals[name])[test]
            for name in folds[0].rivals
        },
        quantiles=calibration.calibrate(quantiles[test], shift, volatility[test]),
        constant=join(lambda fold: fold.constant)[test],
    )
    seed_points = join(lambda fold: fold.seed_points, axis=1)[:, test]
    return Backtest(forecasts, seed_points, record, tuple(f.fitted for f in folds))
