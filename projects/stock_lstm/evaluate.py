"""Evaluate on later rows, or compare the family of nets.

python projects/stock_lstm/evaluate.py --run-dir RUN --csv later.csv [--refit]: how
a finished run does on rows that came after it. With --compare lstm,gru,rnn,ar
[--data tata]: one table of nets, mean and spread over seeds, beside the baselines.
"""

from collections.abc import Sequence
from dataclasses import replace

from common.config import config_from_dict, parse_config, select
from common.errors import UserError, run_main
from common.places import check_folder
from common.resuming import RunStart, command_of
from common.runs import RunDirectory
from common.startup import quiet_keras
from projects.stock_lstm.config import CompareConfig, Config

PROJECT = "stock_lstm"
COMPARISONS = "stock_lstm_compare"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, given = parse_config(CompareConfig, argv, __doc__)
    command = command_of(__file__, argv)
    if config.compare or (config.resume and config.run_dir is None):
        return _compare(config, given, command)
    if config.csv is None:
        raise UserError(
            "Expected --compare KINDS, or --csv with rows later than those of a run."
            " Received neither. How training tested stands in the run's report.md."
        )
    return _judge_later_rows(config, command)


def _judge_later_rows(config, command):
    """Forecast each later row from the rows before it; fit again if asked."""
    if config.output is not None:
        check_folder(config.output, config.overwrite)
    run = RunDirectory.open_newest(PROJECT, config.run_dir)
    quiet_keras()
    from projects.stock_lstm import backtest, later_rows
    from projects.stock_lstm.ensemble import Ensemble, Recipe
    from projects.stock_lstm.forecaster import Forecaster
    from projects.stock_lstm.forecasts import write_forecasts
    from projects.stock_lstm.indicators import make_indicators
    from projects.stock_lstm.reading.csv_format import CsvFormat
    from projects.stock_lstm.report import Subject, make_report

    forecaster = Forecaster.load(run.path)
    frame, num_seen, notes = later_rows.load_later(
        config.csv, select(CsvFormat, config), run.path, forecaster.column
    )
    num_later = later_rows.count_later(frame, num_seen, config.csv)
    indicators = make_indicators(frame, forecaster.column, forecaster.target)
    trained = config_from_dict(Config, run.config())
    folder = config.output or run.path / f"evaluation-{frame.index[-1]:%Y-%m-%d}"
    folder.mkdir(parents=True, exist_ok=True)
    histories = []
    if config.refit:
        recipe = select(Recipe, trained)
        split = backtest.Split(num_later, trained.refit_every)
        backtest.check_length(len(indicators), recipe, split)
        ensemble = Ensemble(recipe, indicators.channels.shape[1], config.quiet)
        tested = backtest.run_backtest(indicators, ensemble, split)
        forecasts, histories = tested.forecasts, list(tested.histories.values())
    else:
        all_later = later_rows.forecast_later(forecaster, indicators, num_seen)
        forecasts = all_later.without_last()
    subject = Subject(config.csv.name, tuple(notes), trained.model.upper(), command)
    report = make_report(subject, indicators, forecasts, histories)
    write_forecasts(folder, indicators, forecasts)
    report.save(folder)
    print(report.to_text(folder))
    return 0


def _compare(config, given, command):
    """Backtest each kind of net with the same windows and seeds."""
    start = RunStart(COMPARISONS, config, given, command)
    config = start.config
    quiet_keras()
    from projects.stock_lstm import backtest, sources
    from projects.stock_lstm.comparison import make_comparison
    from projects.stock_lstm.ensemble import Ensemble, Recipe
    from projects.stock_lstm.indicators import make_indicators
    from projects.stock_lstm.reading.csv_format import CsvFormat
    from projects.stock_lstm.report import Subject

    train, later = sources.load_series(config, select(CsvFormat, config))
    prices = sources.cut(sources.join(train, later), config.until)
    sources.check_rows(prices, config.target)
    indicators = make_indicators(prices.frame, prices.target, config.target)
    split = backtest.Split(config.test_days, config.refit_every)
    backtest.check_length(len(indicators), select(Recipe, config), split)
    start.set_inputs(sha256=prices.sha256, rows=len(prices.frame))
    tested = {}
    with start.begin() as run:
        for kind in config.compare:
            recipe = select(Recipe, replace(config, model=kind))
            ensemble = Ensemble(recipe, indicators.channels.shape[1], config.quiet)
            tested[kind] = backtest.run_backtest(
                indicators, ensemble, split, run.checkpoints / kind, config.classics
            )
        subject = Subject(prices.source, prices.notes, "", command)
        report = make_comparison(subject, indicators, tested)
        report.save(run.path)
    print(report.to_text(run.path))
    return 0


if __name__ == "__main__":
    raise SystemExit(run_main(main))
