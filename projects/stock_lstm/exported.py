"""What of a finished run is handed to other programs: the nets, averaged."""

from pathlib import Path

import numpy as np

from common.exporting import Part
from common.files import read_json
from projects.stock_lstm.forecaster import Forecaster, load_model
from projects.stock_lstm.indicators import make_indicators
from projects.stock_lstm.later_rows import load_prices
from projects.stock_lstm.model import LEVELS
from projects.stock_lstm.windows import first_origin, make_windows

_OTHER_BATCH = 7  # windows in a second trial


def exported_part(folder: Path, batch_size: int) -> Part:
    """Return the model of a run with its newest windows as examples.

    Args:
        folder: Of the run.
        batch_size: Windows in the first trial.

    Raises:
        UserError: A file of the run is missing or broken.
    """
    values = read_json(folder / "scaler.json", "the scaler of the run")
    if isinstance(values, dict) and values.get("recipe") == "levels":
        return _slides_part(folder, batch_size)
    forecaster = Forecaster.load(folder)
    frame = load_prices(folder / "prices.csv")
    indicators = make_indicators(frame, forecaster.column, forecaster.target)
    context_length = forecaster.model.input_shape[1]
    newest = np.arange(first_origin(context_length), len(indicators))[::-1]
    windows = (
        make_windows(
            indicators, forecaster.scaler, np.resize(newest, count), context_length
        )
        for count in (batch_size, _OTHER_BATCH)
    )
    meaning = {
        "window": "(rows, days, channels): the last day is the last known one;"
        " (channel - mean) / deviation of scaler.json, kept in -6 .. 6",
        "channels": list(indicators.names),
        "output": "(rows, days ahead, quantiles and mean): log(target) = anchor +"
        " volatility * spread * output; see indicators.py and windows.py",
        "quantile_levels": list(LEVELS),
    }
    examples = [{"window": each.inputs} for each in windows]
    return Part("forecaster", forecaster.model, examples, meaning)


def _slides_part(folder: Path, batch_size: int) -> Part:
    model = load_model(folder / "model.keras")
    random = np.random.default_rng(0)
    examples = [
        {"window": random.random((count, *model.input_shape[1:]), np.float32)}
        for count in (batch_size, _OTHER_BATCH)
    ]
    meaning = {
        "window": "(rows, days, 1): (price - lowest) / (highest - lowest), the numbers"
        " of scaler.json, in the order of the file",
        "output": "(rows, 1): the next price on the same scale",
    }
    return Part("forecaster", model, examples, meaning)
