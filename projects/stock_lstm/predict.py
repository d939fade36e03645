"""Forecast the days after the last row, with bands, from a finished run.

python projects/stock_lstm/predict.py --run-dir runs/stock_lstm/NAME --csv new.csv
prints a table and writes outlook.json and outlook.png. Nothing is trained; rows
later than the run's own adapt the bands only.
"""

from collections.abc import Sequence

from common.config import parse_config, select
from common.errors import run_main
from common.runs import RunDirectory, write_json
from common.startup import quiet_keras
from projects.stock_lstm.config import PredictConfig

PROJECT = "stock_lstm"
SHOWN_DAYS = 60


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(PredictConfig, argv, __doc__)
    run = RunDirectory.open_newest(PROJECT, config.run_dir)
    quiet_keras()
    from common.plotting import save_figure
    from projects.stock_lstm import figures, later_rows, outlook
    from projects.stock_lstm.forecaster import Forecaster
    from projects.stock_lstm.indicators import make_indicators
    from projects.stock_lstm.reading.csv_format import CsvFormat

    forecaster = Forecaster.load(run.path)
    frame, num_seen, notes = later_rows.load_later(
        config.csv, select(CsvFormat, config), run.path, forecaster.column
    )
    indicators = make_indicators(frame, forecaster.column, forecaster.target)
    forecasts = later_rows.forecast_later(forecaster, indicators, num_seen)
    dates = later_rows.presumed_dates(frame.index, forecasts.point.shape[1])
    ahead = outlook.make_outlook(indicators, forecasts, dates)

    folder = config.output or run.path
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "outlook.json", ahead.to_dict())
    figure = figures.plot_outlook(
        indicators.dates[-SHOWN_DAYS:], ahead.known[-SHOWN_DAYS:], ahead
    )
    save_figure(figure, folder / "outlook.png")
    if not config.quiet:
        print(*notes, sep="\n", end="\n\n")
    print(ahead.to_table().to_text())
    print(f"\n{folder / 'outlook.json'}, {folder / 'outlook.png'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(run_main(main))
