"""ARIMA and exponential smoothing, from the optional package statsmodels.

They never won here (docs/results.md), so they are an extra.
"""

import warnings

import numpy as np

_ORDERS = ((0, 1, 0), (0, 1, 1), (1, 1, 0), (1, 1, 1), (2, 1, 0))


def classic_forecasts(
    log_target: np.ndarray, origins: np.ndarray, start: int, horizon: int
) -> dict[str, np.ndarray]:
    """Forecast with ARIMA (order by AIC) and ETS (additive, damped trend).

    Parameters are fitted on the rows up to `start` and kept; the states follow
    the rows up to each origin.

    Args:
        log_target: shape (N,).
        origins: shape (n,), consecutive rows.
        start: the last row that the parameters may see.
        horizon: steps ahead.

    Returns:
        name -> shape (n, H).
    """
    from statsmodels.tsa.arima.model import ARIMA
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    def arima(values: np.ndarray, order: tuple[int, int, int]) -> ARIMA:
        return ARIMA(values, order=order)

    def ets(values: np.ndarray) -> ETSModel:
        return ETSModel(values, error="add", trend="add", damped_trend=True)

    seen = log_target[: start + 1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # convergence; the score shows its worth
        fits = {order: arima(seen, order).fit() for order in _ORDERS}
        order = min(fits, key=lambda candidate: fits[candidate].aic)
        smoothing = ets(seen).fit(disp=False)
        by_arima, by_ets = [], []
        for origin in origins:
            known = log_target[: origin + 1]
            state = arima(known, order).smooth(fits[order].params)
            by_arima.append(state.forecast(horizon))
            by_ets.append(ets(known).smooth(smoothing.params).forecast(horizon))
    return {"ARIMA": np.array(by_arima), "ETS": np.array(by_ets)}
