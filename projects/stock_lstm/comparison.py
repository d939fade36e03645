"""Several kinds of net on the same days: one table, mean and spread over seeds."""

from collections.abc import Mapping

import numpy as np

from common.reporting import Report, Table, show_p, show_spread
from projects.stock_lstm import metrics, scoring
from projects.stock_lstm.backtest import Backtest
from projects.stock_lstm.forecasts import Forecasts, to_unit
from projects.stock_lstm.indicators import Indicators
from projects.stock_lstm.report import Subject, name_target


def make_comparison(
    subject: Subject, indicators: Indicators, tested: Mapping[str, Backtest]
) -> Report:
    """Compare nets by the RMSE of each seed alone and of their mean.

    Args:
        subject: what the comparison is about.
        indicators: of all rows.
        tested: kind of net -> its backtest, all on the same days.
    """
    target = indicators.target
    forecasts = next(iter(tested.values())).forecasts
    actual = to_unit(forecasts.actual, target)
    rivals = {name: to_unit(f, target) for name, f in forecasts.rivals.items()}
    naive = {name: f for name, f in rivals.items() if name not in scoring.FITTED}
    best = min(naive, key=lambda name: metrics.rmse(actual, naive[name]))
    best_loss = scoring.path_loss(actual, rivals[best])
    nets = {kind.upper(): test for kind, test in tested.items()}
    rows = [_net_row(kind, test, target, best_loss) for kind, test in nets.items()]
    rows += [_rival_row(name, actual, f, best_loss) for name, f in rivals.items()]
    rows.sort(key=lambda row: row["ensemble"])
    days, what = len(forecasts.origins), name_target(indicators)
    return Report(
        title=f"{subject.source}: {what}, {len(nets)} kinds of net, {days} test days",
        verdict=_verdict(rows, best),
        command=subject.command,
        tables=[_table(rows, best)],
        notes=subject.notes,
        metrics={
            "best_naive": best,
            "test_days": days,
            "scores": {row.pop("name"): row for row in map(dict, rows)},
        },
    )


def _net_row(kind: str, test: Backtest, target: str, best_loss: np.ndarray) -> dict:
    forecasts: Forecasts = test.forecasts
    actual = to_unit(forecasts.actual, target)
    seeds = [metrics.rmse(actual, to_unit(p, target)) for p in test.seed_points]
    point = to_unit(forecasts.point, target)
    _, p_value = metrics.diebold_mariano(
        scoring.path_loss(actual, point), best_loss, actual.shape[1]
    )
    own, constant = scoring.score_bands(forecasts, kind)
    return {
        "name": kind,
        "seeds": seeds,
        "ensemble": metrics.rmse(actual, point),
        "p_value": p_value,
        "coverage_90": own.coverage["90 %"],
        "pinball_change": own.pinball / constant.pinball - 1,
    }


def _rival_row(name, actual, forecast, best_loss) -> dict:
    _, p_value = metrics.diebold_mariano(
        scoring.path_loss(actual, forecast), best_loss, actual.shape[1]
    )
    return {
        "name": name,
        "seeds": [],
        "ensemble": metrics.rmse(actual, forecast),
        "p_value": p_value,
    }


def _table(rows: list[dict], best: str) -> Table:
    cells = [
        (
            row["name"],
            show_spread(row["seeds"]) if row["seeds"] else None,
            row["ensemble"],
            None if row["name"] == best else show_p(row["p_value"]),
            f"{row['coverage_90']:.1%}" if row["seeds"] else None,
            f"{row['pinball_change']:+.1%}" if row["seeds"] else None,
        )
        for row in rows
    ]
    columns = (
        "forecast",
        "RMSE of one seed",
        "RMSE of their mean",
        f"p against {best}",
        "in 90 %",
        "pinball against constant bands",
    )
    return Table("Best first (p: Diebold-Mariano on squared errors)", columns, cells)


def _verdict(rows: list[dict], best: str) -> str:
    rival = next(row for row in rows if row["name"] == best)
    nets = [row for row in rows if row["seeds"]]
    better = [
        row["name"]
        for row in nets
        if row["p_value"] < scoring.SIGNIFICANT and row["ensemble"] < rival["ensemble"]
    ]
    worse = [
        row["name"]
        for row in nets
        if row["p_value"] < scoring.SIGNIFICANT and row["ensemble"] > rival["ensemble"]
    ]
    say = [f"Best naive forecast: {best}, RMSE {rival['ensemble']:.4g}."]
    say.append(f"Better than it, beyond chance: {', '.join(better) or 'no net'}.")
    if worse:
        say.append(f"Worse, beyond chance: {', '.join(worse)}.")
    return " ".join(say)
