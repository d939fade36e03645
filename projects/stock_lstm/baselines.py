"""Forecasts that a net must beat: the naive ones, and the fitted classics.

All work on logs: `log_target` of shape (N,), origins of shape (n,), forecasts of
shape (n, H). A naive forecast needs no fitting; a fitted one sees training
windows only.
"""

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from threadpoolctl import threadpool_limits

from projects.stock_lstm.indicators import Indicators, moving_mean
from projects.stock_lstm.windows import Windows, fit_scaler, make_windows

SEASON = 5  # trading days in a week
_PENALTIES = 10.0 ** np.arange(-1, 6)


def naive_forecasts(
    indicators: Indicators, origins: np.ndarray, horizon: int
) -> dict[str, np.ndarray]:
    """Return the forecasts that need no fitting, by name."""
    log_target = indicators.log_target
    rules = {"last value": log_target}
    is_price = indicators.target == "price"
    if is_price:
        if not np.array_equal(indicators.log_last, log_target):
            rules["last Close"] = indicators.log_last
        rules["moving average 5"] = moving_mean(log_target, 5)
    else:
        rules["mean of 5 days"] = moving_mean(log_target, 5)
        rules["mean of 22 days"] = moving_mean(log_target, 22)
        rules["moving average .94"] = _exponential_mean(log_target)
    forecasts = {name: _flat(rule[origins], horizon) for name, rule in rules.items()}
    if is_price:
        forecasts["drift"] = drift(log_target, origins, horizon)
    forecasts["seasonal naive 5"] = seasonal(log_target, origins, horizon)
    return forecasts


def drift(log_target: np.ndarray, origins: np.ndarray, horizon: int) -> np.ndarray:
    """Extend the line from the first row to the origin."""
    slope = (log_target[origins] - log_target[0]) / np.maximum(origins, 1)
    return log_target[origins, None] + slope[:, None] * np.arange(1, horizon + 1)


def seasonal(log_target: np.ndarray, origins: np.ndarray, horizon: int) -> np.ndarray:
    """Repeat the value of the same place in the last week of five rows."""
    steps = np.arange(horizon) % SEASON
    return log_target[np.maximum(origins[:, None] + 1 - SEASON + steps, 0)]


def har(
    indicators: Indicators, horizon: int, last_row: int, origins: np.ndarray
) -> np.ndarray:
    """HAR regression (Corsi 2009) fitted on all rows up to `last_row`."""
    scaler = fit_scaler(indicators, horizon, last_row)
    return make_windows(indicators, scaler, origins, context_length=1).anchor


def ridge(train: Windows, validation: Windows, test: Windows) -> np.ndarray:
    """Ridge regression of the residual on all lags; penalty by validation days."""
    design, held_out = _flatten(train), _flatten(validation)

    def loss(penalty: float) -> float:
        fitted = Ridge(alpha=penalty).fit(design, train.targets)
        guess = fitted.predict(held_out).reshape(validation.targets.shape)
        return float(np.mean((guess - validation.targets) ** 2))

    best = min(_PENALTIES, key=loss)
    fitted = Ridge(alpha=best).fit(
        np.concatenate([design, held_out]),
        np.concatenate([train.targets, validation.targets]),
    )
    return test.to_log(fitted.predict(_flatten(test)).reshape(test.targets.shape))


def boosting(train: Windows, validation: Windows, test: Windows) -> np.ndarray:
    """Gradient-boosted trees on the last five rows, stopped by validation days.

    The residual is boosted, not the level: trees cannot leave the range of
    their training targets.
    """
    columns = []
    for h in range(train.targets.shape[1]):
        model = HistGradientBoostingRegressor(
            learning_rate=0.05, max_leaf_nodes=8, early_stopping=True, random_state=0
        )
        # Its threads spin while they wait: 40 times slower beside other programs.
        with threadpool_limits(1, "openmp"):
            model.fit(
                _flatten(train, 5),
                train.targets[:, h],
                X_val=_flatten(validation, 5),
                y_val=validation.targets[:, h],
            )
            columns.append(model.predict(_flatten(test, 5)))
    return test.to_log(np.column_stack(columns))


def constant_quantiles(
    indicators: Indicators, origins: np.ndarray, last_row: int, levels: tuple, span: int
) -> np.ndarray:
    """Return a band of constant width round "no change", shape (n, H, Q).

    The quantiles of the log change over all rows up to `last_row`.
    """
    bands = []
    for h in range(1, span + 1):
        change = indicators.log_target[h : last_row + 1]
        change = change - indicators.log_last[: last_row + 1 - h]
        bands.append(np.quantile(change, levels))
    return indicators.log_last[origins, None, None] + np.array(bands)


def _flatten(windows: Windows, last_rows: int | None = None) -> np.ndarray:
    kept = windows.inputs if last_rows is None else windows.inputs[:, -last_rows:]
    return kept.reshape(len(kept), -1)


def _flat(values: np.ndarray, horizon: int) -> np.ndarray:
    return np.repeat(values[:, None], horizon, axis=1)


def _exponential_mean(values: np.ndarray) -> np.ndarray:
    return pd.Series(values).ewm(alpha=0.06).mean().to_numpy()
