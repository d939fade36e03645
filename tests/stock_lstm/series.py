"""Made-up prices and windows for the tests of this folder."""

import numpy as np
import pandas as pd

from projects.stock_lstm.indicators import Indicators


def make_frame(num_rows: int = 260, seed: int = 0, follow: float = 0.0) -> pd.DataFrame:
    """Return bars of a random walk.

    Args:
        num_rows: trading days.
        seed: decides all.
        follow: share of a day's body that the next morning's gap repeats.
    """
    random = np.random.default_rng(seed)
    body = 0.01 * random.normal(size=num_rows)
    gap = 0.004 * random.normal(size=num_rows)
    gap[1:] += follow * body[:-1]
    close = np.log(100) + np.cumsum(gap + body)
    open_ = close - body
    high = np.maximum(open_, close) + 0.004 * np.abs(random.normal(size=num_rows))
    low = np.minimum(open_, close) - 0.004 * np.abs(random.normal(size=num_rows))
    logs = {"open": open_, "high": high, "low": low, "close": close}
    columns = {name: np.exp(values) for name, values in logs.items()}
    columns["volume"] = np.exp(12 + 0.5 * random.normal(size=num_rows))
    index = pd.date_range("2020-01-01", periods=num_rows, freq="B", name="date")
    return pd.DataFrame(columns, index=index)


def make_series(log_target, log_last=None, channels=None, har=None) -> Indicators:
    """Return indicators of given values; volatility 1, days from 2020-01-01 on."""
    log_target = np.asarray(log_target, float)
    n = len(log_target)
    return Indicators(
        column="open",
        target="price" if har is None else "range",
        dates=np.datetime64("2020-01-01", "us") + np.arange(n) * np.timedelta64(1, "D"),
        channels=log_target[:, None] if channels is None else channels,
        names=("own",),
        log_target=log_target,
        log_last=log_target if log_last is None else np.asarray(log_last, float),
        volatility=np.ones(n),
        har=np.zeros((n, 3)) if har is None else har,
    )
