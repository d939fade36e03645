"""Forecasts beside its baselines: scores, significance, verdict, warnings."""

from dataclasses import asdict, dataclass

import numpy as np

from common.reporting import Table, show_p
from projects.stock_lstm import metrics
from projects.stock_lstm.forecasts import Forecasts, to_unit
from projects.stock_lstm.model import LEVELS

FITTED = ("ridge", "boosting", "HAR", "ARIMA", "ETS")
SIGNIFICANT = 0.05
_FEW = 0.05  # of the days; fewer outside the training range do no harm
_LEVELS = np.array(LEVELS)
BANDS = {"80 %": (0.1, 0.9), "90 %": (0.05, 0.95), "95 %": (0.025, 0.975)}


@dataclass(frozen=True)
class Score:
    """One forecast's errors over all test days and steps ahead.

    `p_value` is of the Diebold-Mariano test of the net against this forecast on
    squared errors (None for the net itself).
    """

    name: str
    rmse: float
    mae: float
    mase: float
    p_value: float | None = None


@dataclass(frozen=True)
class BandScore:
    """Quality of the forecast distribution; losses in the log of the target."""

    name: str
    pinball: float
    crps: float
    coverage: dict[str, float]
    p_value: float | None = None


def score_points(
    forecasts: Forecasts, log_train: np.ndarray, target: str, model_name: str
) -> list[Score]:
    """Score the net and every rival, best RMSE first.

    Args:
        forecasts: what was forecast.
        log_train: shape (m,), the log series before the test, for MASE.
        target: `price`, `range` or `volume`.
        model_name: what the net is called in the table.
    """
    actual = to_unit(forecasts.actual, target)
    train = to_unit(log_train, target)
    own = to_unit(forecasts.point, target)
    scores = [_score(model_name, actual, own, train, None)]
    for name, log_forecast in forecasts.rivals.items():
        rival = to_unit(log_forecast, target)
        _, p_value = metrics.diebold_mariano(
            path_loss(actual, own), path_loss(actual, rival), actual.shape[1]
        )
        scores.append(_score(name, actual, rival, train, p_value))
    return sorted(scores, key=lambda score: score.rmse)


def score_bands(forecasts: Forecasts, model_name: str) -> list[BandScore]:
    """Score the calibrated quantiles beside a band of constant width."""
    own, constant = forecasts.quantiles, forecasts.constant
    actual = forecasts.actual
    own_losses, constant_losses = (
        np.nanmean(
            [
                metrics.pinball_losses(actual[:, h], quantiles[:, h], _LEVELS)
                for h in range(actual.shape[1])
            ],
            axis=0,
        )
        for quantiles in (own, constant)
    )
    _, p_value = metrics.diebold_mariano(own_losses, constant_losses, actual.shape[1])
    return [
        _band_score(model_name, actual, own, None),
        _band_score("constant width", actual, constant, p_value),
    ]


def path_loss(actual: np.ndarray, forecast: np.ndarray) -> np.ndarray:
    """Return the mean squared error of each path; NaN unless all of it is known."""
    return np.mean((actual - forecast) ** 2, axis=1)


def best_naive(scores: list[Score], model_name: str) -> Score:
    """Return the best of the forecasts that need no fitting."""
    return next(s for s in scores if s.name not in (*FITTED, model_name))


def verdict(scores: list[Score], model_name: str) -> str:
    """Say who won against the best naive forecast, by more than chance or not.

    A fitted baseline that is better than both is named behind it.
    """
    net = next(s for s in scores if s.name == model_name)
    rival = best_naive(scores, model_name)
    change = 100 * (net.rmse / rival.rmse - 1)
    gap = (
        f"RMSE {net.rmse:.4g} of {model_name} against {rival.rmse:.4g} of {rival.name}"
        f" ({change:+.1f} %, Diebold-Mariano p {show_p(rival.p_value)})"
    )
    if rival.p_value >= SIGNIFICANT:
        told = (
            f"No winner: between {model_name} and {rival.name} there is no significant"
            f" difference: {gap}. {rival.name} needs no net."
        )
    else:
        told = f"The winner is {model_name if change < 0 else rival.name}: {gap}."
    first = scores[0]
    if first.name not in (model_name, rival.name):
        told += (
            f" First in the table is {first.name}, RMSE {first.rmse:.4g} (p"
            f" {show_p(first.p_value)} against {model_name})."
        )
    return told


def warnings_of(
    forecasts: Forecasts, log_train: np.ndarray, target: str, model_name: str
) -> list[str]:
    """Say what a good-looking plot of one-step price forecasts hides."""
    if target != "price":
        return []
    actual, point = np.exp(forecasts.actual[:, 0]), np.exp(forecasts.point[:, 0])
    name = "last Close" if "last Close" in forecasts.rivals else "last value"
    last = np.exp(forecasts.rivals[name][:, 0])
    lines = []
    highest, lowest = np.exp(log_train.max()), np.exp(log_train.min())
    above, below = np.mean(actual > highest), np.mean(actual < lowest)
    if above + below > _FEW:
        lines.append(
            f"{above:.0%} of the test days lie above the highest price of the first"
            f" training days ({highest:.2f}), {below:.0%} below the lowest"
            f" ({lowest:.2f}): a net on price levels cannot follow there."
        )
    near, far = metrics.rmse(last, point), metrics.rmse(actual, point)
    if near < far:
        lines.append(
            f"The forecast of {model_name} lies {near:.3g} (root mean square) from the"
            f" {name} it knew and {far:.3g} from what came: a line that hugs the"
            " actual curve is the last price, one day late."
        )
    right = np.mean(np.sign(point - last) == np.sign(actual - last))
    lines.append(f"Direction against the {name}: right on {right:.0%} of the days.")
    if name == "last Close":
        old = np.exp(forecasts.rivals["last value"][:, 0])
        shown = np.mean(np.sign(last - old) == np.sign(actual - old))
        lines[-1] += (
            " Against the older price of the same kind the last Close alone would be"
            f" right on {shown:.0%}: that is known beforehand and no skill."
        )
    return lines


def point_table(scores: list[Score], target: str, model_name: str, title: str) -> Table:
    """Return the table of `score_points`."""
    unit = {"price": "", "range": " (log)", "volume": " (log)"}[target]
    net = next(s for s in scores if s.name == model_name)
    rows = [
        (
            score.name,
            score.rmse,
            score.mae,
            score.mase,
            None if score is net else f"{100 * (net.rmse / score.rmse - 1):+.1f} %",
            None if score is net else show_p(score.p_value),
        )
        for score in scores
    ]
    columns = ("forecast", f"RMSE{unit}", f"MAE{unit}", "MASE", f"{model_name} is", "p")
    return Table(title, columns, rows)


def band_table(scores: list[BandScore], title: str) -> Table:
    """Return the table of `score_bands`; losses in 1/10,000 of the log."""
    rows = [
        (
            score.name,
            f"{1e4 * score.pinball:.2f}",
            f"{1e4 * score.crps:.2f}",
            *(f"{share:.1%}" for share in score.coverage.values()),
            None if score.p_value is None else show_p(score.p_value),
        )
        for score in scores
    ]
    columns = ("bands", "pinball", "CRPS", *(f"in {name}" for name in BANDS), "p")
    return Table(title, columns, rows)


def to_json(scores: list) -> dict[str, dict]:
    """Return name -> measures, as metrics.json holds them."""
    values = map(asdict, scores)
    return {measures.pop("name"): measures for measures in values}


def _score(name, actual, forecast, train, p_value) -> Score:
    return Score(
        name,
        metrics.rmse(actual, forecast),
        metrics.mae(actual, forecast),
        metrics.mase(actual, forecast, train),
        p_value,
    )


def _band_score(name, actual, quantiles, p_value) -> BandScore:
    flat = quantiles.reshape(-1, quantiles.shape[-1])
    truth = actual.reshape(-1)
    covered = {
        band: metrics.coverage(
            truth, flat[:, LEVELS.index(low)], flat[:, LEVELS.index(high)]
        )
        for band, (low, high) in BANDS.items()
    }
    return BandScore(
        name,
        metrics.pinball(truth, flat, _LEVELS),
        metrics.crps(truth, flat, _LEVELS),
        covered,
        p_value,
    )
