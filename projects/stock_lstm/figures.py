"""The figures of a run. All take plain arrays; entry points save them."""

import numpy as np
from matplotlib.figure import Figure

from common.plotting import (
    BLACK,
    BLUE,
    GRAY,
    GREEN,
    ORANGE,
    label_axes,
    make_figure,
)
from projects.stock_lstm.model import LEVELS
from projects.stock_lstm.outlook import Outlook

_LOW, _HIGH = LEVELS.index(0.05), LEVELS.index(0.95)
_ZOOM = 60  # rows shown large


def plot_forecast(
    dates: np.ndarray,
    actual: np.ndarray,
    point: np.ndarray,
    quantiles: np.ndarray,
    rival: tuple[str, np.ndarray],
    title: str,
    unit: str,
) -> Figure:
    """Draw actual, forecast, its 90 % band and the best naive forecast over it.

    Args:
        dates: datetime64, shape (n,), of the days forecast.
        actual: shape (n,), in `unit`.
        point: shape (n,).
        quantiles: shape (n, Q).
        rival: name and forecast, shape (n,), of the best naive one.
        title: what is forecast.
        unit: of the vertical axis.
    """
    figure, (whole, zoom) = make_figure(2, height=7.6)
    for axis, part in ((whole, slice(None)), (zoom, slice(-_ZOOM, None))):
        axis.fill_between(
            dates[part],
            quantiles[part, _LOW],
            quantiles[part, _HIGH],
            color=BLUE,
            alpha=0.18,
            lw=0,
            label="90 % band",
        )
        axis.plot(dates[part], actual[part], color=BLACK, lw=1.3, label="actual")
        axis.plot(dates[part], point[part], color=BLUE, lw=1.2, label="forecast")
        axis.plot(
            dates[part], rival[1][part], color=ORANGE, lw=1.8, ls=":", label=rival[0]
        )
    label_axes(whole, title, "", unit)
    label_axes(
        zoom,
        f"The last {min(_ZOOM, len(dates))} days: {rival[0]} needs no net",
        "",
        unit,
    )
    return figure


def plot_errors(
    dates: np.ndarray,
    error: np.ndarray,
    rival: tuple[str, np.ndarray],
    model_name: str,
    unit: str,
) -> Figure:
    """Draw each day's error, and how the squared errors of the two add up.

    Args:
        dates: datetime64, shape (n,).
        error: shape (n,), actual minus forecast.
        rival: name and error, shape (n,), of the best naive forecast.
        model_name: what the net is called.
        unit: of the errors.
    """
    figure, (daily, total) = make_figure(
        2, height=6.4, sharex=True, height_ratios=(3, 2)
    )
    daily.axhline(0, color=GRAY, lw=0.8)
    daily.vlines(dates, 0, error, color=BLUE, lw=1.6, alpha=0.8, label=model_name)
    daily.plot(dates, rival[1], ".", color=ORANGE, ms=4, label=rival[0])
    label_axes(daily, "Error of each day: actual minus forecast", "", unit)
    gain = np.nancumsum(rival[1] ** 2 - error**2)
    total.axhline(0, color=GRAY, lw=0.8)
    total.plot(dates, gain, color=BLUE)
    label_axes(
        total,
        f"Squared error saved against {rival[0]}, added up (rising: the net is ahead)",
        "",
        f"{unit}²",
    )
    return figure


def plot_calibration(
    actual: np.ndarray,
    bands: dict[str, np.ndarray],
) -> Figure:
    """Draw how often the outcome fell below each quantile, against its level.

    Args:
        actual: shape (n,), log of the target.
        bands: name -> shape (n, Q), quantiles of `LEVELS`.
    """
    figure, axis = make_figure(height=5)
    levels = np.array(LEVELS)
    known = np.isfinite(actual)
    noise = 1.96 * np.sqrt(levels * (1 - levels) / known.sum())
    axis.fill_between(
        levels,
        levels - noise,
        levels + noise,
        color=GRAY,
        alpha=0.2,
        lw=0,
        label=f"chance (95 %, {known.sum()} days)",
    )
    axis.plot([0, 1], [0, 1], color=GRAY, lw=0.8)
    for (name, quantiles), color in zip(bands.items(), (BLUE, ORANGE), strict=True):
        below = np.mean(actual[known, None] <= quantiles[known], axis=0)
        axis.plot(levels, below, "o-", color=color, lw=1.2, ms=5, label=name)
    label_axes(
        axis,
        "Calibration: on the diagonal a band holds what it promises",
        "level of the quantile",
        "share of days below it",
    )
    return figure


def plot_outlook(dates: np.ndarray, known: np.ndarray, ahead: Outlook) -> Figure:
    """Draw the last known days and the forecast that follows them.

    Args:
        dates: datetime64, shape (n,), of the known rows to show.
        known: shape (n,), their values.
        ahead: the forecast of the next rows.
    """
    figure, axis = make_figure()
    axis.plot(dates, known, color=BLACK, lw=1.3, label="known")
    # The bands open at the last known value, so that one day is visible, too.
    spread = np.concatenate([dates[-1:], ahead.dates.to_numpy()])
    bands = np.vstack([np.full(len(LEVELS), known[-1]), ahead.quantiles])
    for low, shade in ((0, 0.12), (1, 0.2), (2, 0.3)):
        axis.fill_between(
            spread,
            bands[:, low],
            bands[:, -1 - low],
            color=BLUE,
            alpha=shade,
            lw=0,
            label=f"{1 - 2 * LEVELS[low]:.0%} band",
        )
    axis.plot(ahead.dates, ahead.point, "o", color=BLUE, ms=4, label="forecast")
    low, high = ahead.quantiles[-1, 1], ahead.quantiles[-1, -2]
    title = f"{ahead.name}: {ahead.point[-1]:.5g}, 90 % band {low:.5g} .. {high:.5g}"
    label_axes(axis, f"{title} on {ahead.dates[-1]:%Y-%m-%d}", "", ahead.name)
    return figure


def plot_slides(real: np.ndarray, predicted: np.ndarray, column: str) -> Figure:
    """Draw the slides' plot: real in black, predicted in green, no dates.

    Args:
        real: shape (m,), in the order of the test rows.
        predicted: shape (m,).
        column: name of the price column.
    """
    figure, axis = make_figure()
    axis.plot(real, color="black", label=f"real {column} price")
    axis.plot(predicted, color=GREEN, label=f"predicted {column} price")
    label_axes(axis, "Stock price prediction", "test row", f"{column} price")
    return figure
