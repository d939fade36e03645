"""The report of the slides' recipe: their plot, and what it hides."""

import numpy as np

from common.plotting import plot_learning_curves
from common.reporting import Report, show_p
from projects.stock_lstm import figures, metrics, scoring
from projects.stock_lstm.forecasts import Forecasts
from projects.stock_lstm.indicators import Indicators
from projects.stock_lstm.report import History, Subject, name_target
from projects.stock_lstm.slides import SlidesArrays


def make_slides_report(
    subject: Subject,
    arrays: SlidesArrays,
    forecasts: Forecasts,
    indicators: Indicators,
    history: History,
    newest_first: bool,
) -> Report:
    """Report the slides' net beside the naive forecasts of the same days.

    Args:
        subject: what the report is about.
        arrays: of the recipe.
        forecasts: without bands; in order of time.
        indicators: of all rows, in order of time.
        history: of the fit.
        newest_first: whether the net learned the rows in reverse.
    """
    name, what = subject.model_name, name_target(indicators)
    log_train = indicators.log_target[: forecasts.origins[0] + 1]
    points = scoring.score_points(forecasts, log_train, "price", name)
    real, predicted = (np.exp(v[:, 0]) for v in (forecasts.actual, forecasts.point))
    if newest_first:  # the slides' plot runs backwards in time
        real, predicted = real[::-1], predicted[::-1]
    days = len(real)
    title = "The same days, best first (p: Diebold-Mariano against the net)"
    few = show_p(scoring.best_naive(points, name).p_value)
    return Report(
        title=f"{subject.source}: the slides' LSTM on {what}, {days} test days",
        verdict=scoring.verdict(points, name),
        command=subject.command,
        tables=[scoring.point_table(points, "price", name, title)],
        warnings=[
            *_order_warnings(arrays, real, predicted, newest_first),
            *scoring.warnings_of(forecasts, log_train, "price", name),
            f"{days} days decide little: against the best naive forecast p is {few}.",
        ],
        notes=subject.notes,
        figures=_figures(real, predicted, what, history, name),
        metrics={
            "test_days": days,
            "scores": scoring.to_json(points),
            "rmse": metrics.rmse(real, predicted),
            "mape_percent": metrics.mape(real, predicted),
            "loss_first_epoch": history["loss"][0],
            "loss_last_epoch": history["loss"][-1],
            "predicted": predicted.tolist(),
        },
    )


def _figures(real, predicted, what, history, name) -> dict:
    curves = plot_learning_curves([history], name, "mean squared error")
    return {
        "prediction": ("The slides' plot", figures.plot_slides(real, predicted, what)),
        "learning_curves": ("Training loss; the recipe has no validation", curves),
    }


def _order_warnings(
    arrays: SlidesArrays, real: np.ndarray, predicted: np.ndarray, newest_first: bool
) -> list[str]:
    """Say what the order of the rows does to the forecast."""
    if not newest_first:
        return []
    window = arrays.to_price(arrays.test_inputs[0, :, 0])
    return [
        "The rows stand newest first, and the recipe takes them as they stand: the"
        " net learns to tell yesterday from tomorrow, and the first test window"
        f" holds the OLDEST prices of the file ({window.mean():.0f} on average)"
        f" although {real[0]:.0f} is to be forecast; hence the first prediction"
        f" {predicted[0]:.0f}. Add --sort to repair the order alone."
    ]
