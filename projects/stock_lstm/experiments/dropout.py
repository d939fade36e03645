"""Does dropout keep the slides' stock net from overfitting?

python projects/stock_lstm/experiments/dropout.py: rows in order of time, the slides'
net with several shares of dropout, its error on the training rows and on the rows right
behind them after every epoch. Some three minutes; --cuts 0.4,0.7 holds out two parts.
"""

from collections.abc import Sequence

from common.config import parse_config
from common.errors import run_main
from common.experiments import save_experiment
from common.resuming import command_of
from common.startup import quiet_keras
from projects.stock_lstm.experiments.dropout_config import DropoutConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(DropoutConfig, argv, __doc__)
    from projects.stock_lstm.reading.csv_format import CsvFormat
    from projects.stock_lstm.sources import load_series

    prices, _ = load_series(config, CsvFormat(column=config.column))
    quiet_keras(threads=1)  # not sooner: a bad file is told at once
    from projects.stock_lstm.experiments.dropout_report import make_report
    from projects.stock_lstm.experiments.dropout_trial import make_part, train_with

    series = prices.frame[prices.target]
    parts = [make_part(series, cut, config.held_out) for cut in config.cuts]
    curves = {
        part.name: {
            rate: [
                train_with(part, rate, config.epochs, seed, config.quiet)
                for seed in range(config.seeds)
            ]
            for rate in config.rates
        }
        for part in parts
    }
    report = make_report(prices.source, parts, curves, command_of(__file__, argv))
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


if __name__ == "__main__":
    raise SystemExit(run_main(main))
