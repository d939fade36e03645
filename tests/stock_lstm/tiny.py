"""Nets so small that a whole backtest takes seconds."""

from projects.stock_lstm.ensemble import Ensemble, Recipe
from projects.stock_lstm.indicators import Indicators

_RECIPE = {
    "target": "price",
    "model": "lstm",
    "context_length": 5,
    "horizon": 1,
    "units": 4,
    "dropout": 0.1,
    "learning_rate": 0.01,
    "batch_size": 64,
    "epochs": 2,
    "patience": 2,
    "nets": 2,
    "seed": 3,
    "validation_share": 0.15,
}


def make_recipe(**changes) -> Recipe:
    """Return a recipe of two nets of four units, two epochs each."""
    return Recipe(**_RECIPE | changes)


def make_ensemble(series: Indicators, **changes) -> Ensemble:
    """Return the ensemble of `make_recipe` for a series."""
    recipe = make_recipe(target=series.target, **changes)
    return Ensemble(recipe, series.channels.shape[1], quiet=True)
