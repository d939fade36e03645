"""From forecasts to the report of a run: tables, verdict, warnings, figures."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from common.files import write_csv
from common.plotting import plot_learning_curves
from common.reporting import Report, Table, show_p
from projects.stock_lstm import figures, metrics, scoring
from projects.stock_lstm.forecasts import Forecasts, to_unit
from projects.stock_lstm.indicators import Indicators

_LONG_PATHS = (
    "On long paths the Diebold-Mariano test is too eager: of true ties it calls 7 % a"
    " difference at 10 steps, 9 % at 20 and 18 % at 60, instead of 5 %."
)
History = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Subject:
    """What a report is about.

    Attributes:
        source: name of the series.
        notes: what reading it had to settle.
        model_name: what the net is called in tables.
        command: what reproduces the report.
    """

    source: str
    notes: tuple[str, ...]
    model_name: str
    command: str


def name_target(indicators: Indicators) -> str:
    """Return what is forecast, for titles and axes."""
    column = indicators.column.capitalize()
    return {"price": column, "range": "log(High/Low)", "volume": "log volume"}[
        indicators.target
    ]


def make_report(
    subject: Subject,
    indicators: Indicators,
    forecasts: Forecasts,
    histories: Collection[History] = (),
) -> Report:
    """Score forecasts beside their rivals and draw them.

    Args:
        subject: what the report is about.
        indicators: of all rows.
        forecasts: with bands.
        histories: of the fits behind them.
    """
    target, name = indicators.target, subject.model_name
    log_train = indicators.log_target[: forecasts.origins[0] + 1]
    points = scoring.score_points(forecasts, log_train, target, name)
    bands = scoring.score_bands(forecasts, name)
    rival = scoring.best_naive(points, name).name
    days, horizon = forecasts.actual.shape
    ahead = "the next day" if horizon == 1 else f"the next {horizon} days"
    what = name_target(indicators)
    tables = [
        scoring.point_table(
            points,
            target,
            name,
            "Point forecasts, best first (p: Diebold-Mariano against the net)",
        ),
        scoring.band_table(
            bands, "Bands (losses in 1/10,000 of the log; p on pinball losses)"
        ),
    ]
    if horizon > 1:
        tables.append(_by_step(forecasts, target, name, rival))
    return Report(
        title=f"{subject.source}: {what} of {ahead}, {days} test days",
        verdict=scoring.verdict(points, name),
        command=subject.command,
        tables=tables,
        warnings=[
            *scoring.warnings_of(forecasts, log_train, target, name),
            *([_LONG_PATHS] if horizon > 5 else []),
        ],
        notes=subject.notes,
        figures=_figures(subject, rival, indicators, forecasts, histories),
        metrics={
            "test_days": days,
            "horizon": horizon,
            "scores": scoring.to_json(points),
            "bands": scoring.to_json(bands),
        },
    )


def write_history(folder: Path, fits: Mapping[str, History]) -> None:
    """Write the losses of every fit, by its name, to `history.csv`."""
    parts = [
        pd.DataFrame({"fit": name, "epoch": range(1, len(h["loss"]) + 1), **h})
        for name, h in fits.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    write_csv(folder / "history.csv", table, index=False)


def _by_step(forecasts: Forecasts, target: str, name: str, rival: str) -> Table:
    """Compare net and best naive forecast at each step of the path."""
    rows = []
    for h in range(min(forecasts.actual.shape)):  # later steps are not known yet
        actual, net, naive = (
            to_unit(values[:, h], target)
            for values in (forecasts.actual, forecasts.point, forecasts.rivals[rival])
        )
        loss, other = (actual - net) ** 2, (actual - naive) ** 2
        _, p_value = metrics.diebold_mariano(loss, other, h + 1)
        low, high = forecasts.quantiles[:, h, 1], forecasts.quantiles[:, h, -2]
        inside = metrics.coverage(forecasts.actual[:, h], low, high)
        rows.append(
            (
                str(h + 1),
                metrics.rmse(actual, net),
                metrics.rmse(actual, naive),
                show_p(p_value),
                f"{inside:.1%}",
            )
        )
    columns = ("days ahead", f"RMSE {name}", f"RMSE {rival}", "p", "in 90 %")
    return Table("Step by step", columns, rows)


def _figures(subject, rival, indicators, forecasts, histories) -> dict:
    """Draw step 1 of every forecast; a longer path has its table."""
    target, name = indicators.target, subject.model_name
    what = name_target(indicators)
    dates = indicators.dates[forecasts.origins + 1]
    actual, point, naive = (
        to_unit(values[:, 0], target)
        for values in (forecasts.actual, forecasts.point, forecasts.rivals[rival])
    )
    quantiles = to_unit(forecasts.quantiles[:, 0], target)
    bands = {
        name: forecasts.quantiles[:, 0],
        "constant width": forecasts.constant[:, 0],
    }
    drawn = {
        "forecast": (
            f"Forecast against actual with the 90 % band; {rival} drawn over it",
            figures.plot_forecast(
                dates, actual, point, quantiles, (rival, naive), subject.source, what
            ),
        ),
        "errors": (
            "Errors by day, and where the net gained on the naive forecast",
            figures.plot_errors(
                dates, actual - point, (rival, actual - naive), name, what
            ),
        ),
        "calibration": (
            "Share of days below each quantile",
            figures.plot_calibration(forecasts.actual[:, 0], bands),
        ),
    }
    if histories:
        title = f"{len(histories)} fits of {name}; dots: the epoch that was kept"
        curves = plot_learning_curves(list(histories), title)
        drawn["learning_curves"] = ("Learning curves of all fits", curves)
    return drawn
