"""What a run found."""

from collections.abc import Mapping, Sequence

from common.plotting import plot_learning_curves
from common.reporting import Report, Table


def make_report(
    scores: Mapping[str, float], history: Mapping[str, Sequence[float]], command: str
) -> Report:
    """Compare the net with the baseline.

    Args:
        scores: RMSE on the test windows, by name: `net` and `last height`.
        history: of the training.
        command: what reproduces the run.
    """
    best = min(scores, key=scores.__getitem__)
    curves = plot_learning_curves([history], "Loss by epoch", "squared error")
    return Report(
        title="The next height of a wave",
        verdict=f"The better forecast of heights not seen is that of: {best}.",
        command=command,
        tables=[Table("Test windows", ["forecast", "RMSE"], list(scores.items()))],
        figures={"learning_curves": ("Training and validation loss", curves)},
        metrics={"scores": {name: {"rmse": rmse} for name, rmse in scores.items()}},
    )
