"""Train the stock forecaster and test it beside its baselines.

python projects/stock_lstm/train.py: the next Open of GOOG, about two minutes.
With --csv my.csv --column Close: your own prices. With --data tata --preset
slides: the lecture's recipe to the letter. Writes a run directory with report.md,
metrics.json, figures and the forecaster.
"""

import shlex
import sys
from collections.abc import Sequence

from common.config import config_to_dict, parse_config, select
from common.errors import run_main
from common.resuming import check_inputs, resume_run
from common.runs import RunDirectory, write_csv
from common.startup import quiet_keras
from projects.stock_lstm.config import PRESETS, Config

PROJECT = "stock_lstm"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, given = parse_config(Config, argv, __doc__, PRESETS)
    words = sys.argv[1:] if argv is None else argv
    command = shlex.join(["python", "projects/stock_lstm/train.py", *words])
    run = None
    if config.resume:
        config, run = resume_run(PROJECT, config, given)
    quiet_keras()
    from projects.stock_lstm import sources

    train, later = sources.load_series(config)
    prices = sources.cut(sources.join(train, later), config.until)

    def begin() -> RunDirectory:
        """Make the run's folder, now that the inputs are known as good."""
        inputs = {"sha256": prices.sha256, "rows": len(prices.frame)}
        if run is not None:
            check_inputs(run, inputs)
            return run
        made = RunDirectory.create(PROJECT, config.run_dir, config.overwrite)
        made.save_config(config_to_dict(config), inputs=inputs)
        return made

    if config.recipe == "levels":
        report, folder = _train_levels(config, begin, command, prices, train, later)
    else:
        report, folder = _train_changes(config, begin, command, prices, later)
    print(report.to_text())
    print(f"\nReport, figures and forecaster: {folder}")
    return 0


def _train_changes(config, begin, command, prices, later):
    """Backtest on the newest rows, then fit on all of them for the days to come."""
    from projects.stock_lstm import backtest as testing
    from projects.stock_lstm import forecaster as forecasting
    from projects.stock_lstm.ensemble import Ensemble, Recipe
    from projects.stock_lstm.forecasts import forecast_table
    from projects.stock_lstm.indicators import make_indicators
    from projects.stock_lstm.report import Subject, history_table, make_report
    from projects.stock_lstm.sources import check_rows

    check_rows(prices, config.target)
    indicators = make_indicators(prices.frame, prices.target, config.target)
    test_days = len(later.frame) if config.test_csv else config.test_days
    split = testing.Split(test_days, config.refit_every, config.validation_share)
    testing.check_length(len(indicators), config.context_length, config.horizon, split)
    run = begin()
    with run.lock():
        ensemble = Ensemble(
            select(Recipe, config), indicators.channels.shape[1], config.quiet
        )
        tested = testing.run_backtest(
            indicators, config.target, ensemble, split, run.checkpoints
        )
        forecaster, final = forecasting.fit_forecaster(
            ensemble,
            indicators,
            prices.target,
            config.target,
            config.validation_share,
            tested.record,
            lambda seed: run.checkpoints / f"all-seed-{seed}",
        )
        forecaster.save(run.path)
        histories = tested.histories | {
            f"all rows, net {i}": h for i, h in enumerate(final.histories, 1)
        }
        write_csv(run.path / "prices.csv", prices.frame)
        write_csv(run.path / "history.csv", history_table(histories), index=False)
        forecasts = tested.forecasts
        table = forecast_table(indicators, forecasts, config.target)
        write_csv(run.path / "forecasts.csv", table, index=False)
        subject = Subject(
            prices.source,
            prices.notes,
            prices.target,
            config.target,
            config.model.upper(),
            command,
        )
        report = make_report(
            subject, indicators, forecasts, list(tested.histories.values())
        )
        report.save(run)
    return report, run.path


def _train_levels(config, begin, command, prices, train, later):
    """Fit the slides' net on the training rows, in the order in which they stand."""
    from projects.stock_lstm import slides
    from projects.stock_lstm.ensemble import Recipe
    from projects.stock_lstm.indicators import make_indicators
    from projects.stock_lstm.report import Subject, history_table
    from projects.stock_lstm.slides_report import make_slides_report

    learn, test = slides.split_columns(
        train.frame,
        None if later is None else later.frame,
        prices.target,
        config.test_days,
    )
    slides.check_length(learn, config.context_length)
    indicators = make_indicators(prices.frame, prices.target, "price")
    arrays = slides.make_slides_arrays(
        learn.to_numpy(), test.to_numpy(), config.context_length
    )
    run = begin()
    with run.lock():
        model, history = slides.fit_slides(
            arrays, select(Recipe, config), run.checkpoints / "slides", config.quiet
        )
        forecasts = slides.forecast_slides(model, arrays, test.index, indicators)
        slides.save_slides(model, arrays, prices.target, run.path)
        write_csv(
            run.path / "history.csv", history_table({"slides": history}), index=False
        )
        subject = Subject(
            prices.source, prices.notes, prices.target, "price", "slides' LSTM", command
        )
        newest_first = not learn.index.is_monotonic_increasing
        report = make_slides_report(
            subject, arrays, forecasts, indicators, history, newest_first
        )
        report.save(run)
    return report, run.path


if __name__ == "__main__":
    raise SystemExit(run_main(main))
