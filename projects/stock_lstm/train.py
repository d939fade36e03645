"""Train the stock forecaster and test it beside its baselines.

python projects/stock_lstm/train.py: the next Open of GOOG, about two minutes.
With --csv my.csv --column Close: your own prices. With --data tata --preset
slides: the lecture's recipe to the letter. Writes a run directory with report.md,
metrics.json, figures and the forecaster.
"""

from collections.abc import Sequence

from common.config import parse_config, select
from common.errors import run_main
from common.resuming import RunStart, command_of
from common.runs import write_csv
from common.startup import quiet_keras
from projects.stock_lstm.config import PRESETS, Config


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, given = parse_config(Config, argv, __doc__, PRESETS)
    start = RunStart("stock_lstm", config, given, command_of(__file__, argv))
    config = start.config
    from projects.stock_lstm import sources
    from projects.stock_lstm.reading.csv_format import CsvFormat

    train, later = sources.load_series(config, select(CsvFormat, config))
    prices = sources.cut(sources.join(train, later), config.until)
    start.set_inputs(sha256=prices.sha256, rows=len(prices.frame))
    quiet_keras()  # not sooner: a bad file is told at once
    flow = _train_levels if config.recipe == "levels" else _train_changes
    run, report = flow(start, prices, train, later)
    print(report.to_text(run.path))
    return 0


def _train_changes(start, prices, train, later):
    """Backtest on the newest rows, then fit on all of them for the days to come."""
    from projects.stock_lstm import backtest, forecaster, sources
    from projects.stock_lstm.ensemble import Ensemble, Recipe
    from projects.stock_lstm.forecasts import write_forecasts
    from projects.stock_lstm.indicators import make_indicators
    from projects.stock_lstm.report import Subject, make_report, write_history

    config = start.config
    sources.check_rows(prices, config.target)
    indicators = make_indicators(prices.frame, prices.target, config.target)
    test_days = config.test_days if config.test_csv is None else len(later.frame)
    split = backtest.Split(test_days, config.refit_every)
    recipe = select(Recipe, config)
    backtest.check_length(len(indicators), recipe, split)
    with start.begin() as run:
        ensemble = Ensemble(recipe, indicators.channels.shape[1], config.quiet)
        folder = run.checkpoints
        tested = backtest.run_backtest(
            indicators, ensemble, split, folder, config.classics
        )
        record = tested.record
        fitted, final = forecaster.fit_forecaster(ensemble, indicators, record, folder)
        fitted.save(run.path)
        write_csv(run.path / "prices.csv", prices.frame)
        histories = tested.histories | final.named_histories("all rows")
        write_history(run.path, histories)
        write_forecasts(run.path, indicators, tested.forecasts)
        subject = Subject(
            prices.source, prices.notes, config.model.upper(), start.command
        )
        report = make_report(subject, indicators, tested.forecasts, histories.values())
        report.save(run.path)
    return run, report


def _train_levels(start, prices, train, later):
    """Fit the slides' net on the training rows, in the order in which they stand."""
    from projects.stock_lstm import slides
    from projects.stock_lstm.ensemble import Recipe
    from projects.stock_lstm.indicators import make_indicators
    from projects.stock_lstm.report import Subject, write_history
    from projects.stock_lstm.slides_report import make_slides_report

    config, recipe = start.config, select(Recipe, start.config)
    learn, test = slides.split_columns(train, later, config.test_days)
    slides.check_length(learn, recipe.context_length)
    indicators = make_indicators(prices.frame, prices.target, "price")
    arrays = slides.make_slides_arrays(
        learn.to_numpy(), test.to_numpy(), recipe.context_length
    )
    with start.begin() as run:
        checkpoint = run.checkpoints / "slides"
        model, history = slides.fit_slides(arrays, recipe, checkpoint, config.quiet)
        forecasts = slides.forecast_slides(model, arrays, test.index, indicators)
        slides.save_slides(model, arrays, prices.target, run.path)
        write_history(run.path, {"slides": history})
        subject = Subject(prices.source, prices.notes, "slides' LSTM", start.command)
        backwards = not learn.index.is_monotonic_increasing
        report = make_slides_report(
            subject, arrays, forecasts, indicators, history, backwards
        )
        report.save(run.path)
    return run, report


if __name__ == "__main__":
    raise SystemExit(run_main(main))
