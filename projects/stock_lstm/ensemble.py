"""Several seeds of one net, fitted on the past and averaged.

One compiled model serves all fits: it is set back to the state of a fresh one
for each seed, so TensorFlow traces the training step once.
"""

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from common.batches import ShuffledBatches
from common.progress import Progress
from common.state import reinitialize
from common.training import fit
from projects.stock_lstm.indicators import Indicators
from projects.stock_lstm.model import (
    DistributionLoss,
    average,
    build_model,
    set_head_bias,
)
from projects.stock_lstm.windows import (
    Scaler,
    Windows,
    first_origin,
    fit_scaler,
    make_windows,
    split_origins,
)

_PREDICT_BATCH = 1024
# Chosen on days before any test (TATA 2013-2017, GOOG 2006-2007), by the pinball loss
# of prices and the RMSE of range and volume.
_LEARNING_RATES = {"price": 3e-3, "range": 1e-3, "volume": 1e-3}
_MEAN_WEIGHTS = {"price": 0.02, "range": 0.5, "volume": 0.5}


@dataclass(frozen=True)
class Recipe:
    """How to build and fit one net; the meaning of each is that of the flag."""

    target: str
    model: str
    context_length: int
    horizon: int
    units: int
    dropout: float
    learning_rate: float | None
    batch_size: int
    epochs: int
    patience: int
    nets: int
    seed: int
    validation_share: float

    @property
    def seeds(self) -> range:
        """Return the seed of each net."""
        return range(self.seed, self.seed + self.nets)


@dataclass(frozen=True)
class Fitted:
    """The weights of each seed's net, and what their validation told.

    Attributes:
        weights: per seed the arrays of `model.get_weights()`.
        shrinkage: float64, shape (H,), in [0, 1]: the share of the mean's
            distance from "no change" that validation days supported.
        histories: per seed the history of the fit.
    """

    weights: tuple[list[np.ndarray], ...]
    shrinkage: np.ndarray
    histories: tuple[dict[str, list[float]], ...]

    def named_histories(self, name: str) -> dict[str, dict[str, list[float]]]:
        """Return the history of each net under a name of its own."""
        return {f"{name}, net {i}": h for i, h in enumerate(self.histories, 1)}


class Ensemble:
    """Fits and runs the nets of one `Recipe`.

    Args:
        recipe: how to build and fit.
        num_channels: F of the windows.
        quiet: whether to keep progress to itself.
    """

    def __init__(self, recipe: Recipe, num_channels: int, quiet: bool = False):
        self.recipe = recipe
        self.quiet = quiet
        self.model = self._build(num_channels)
        self.model.compile(
            optimizer=keras.optimizers.Adam(
                recipe.learning_rate or _LEARNING_RATES[recipe.target]
            ),
            loss=DistributionLoss(mean_weight=_MEAN_WEIGHTS[recipe.target]),
        )

    def fit(
        self,
        train: Windows,
        validation: Windows,
        checkpoint: Path | None,
        progress: str,
    ) -> Fitted:
        """Fit a fresh net per seed with early stopping on the validation days.

        Args:
            train: the windows to learn from.
            validation: later windows, to stop on and to fit the shrinkage on.
            checkpoint: folder which makes the fits resumable, or None.
            progress: what this fit is called on screen.
        """
        recipe, weights, histories = self.recipe, [], []
        held_out = (validation.inputs, validation.targets)
        for i, seed in enumerate(recipe.seeds):
            reinitialize(self.model, seed)
            set_head_bias(self.model, train.targets)
            batches = ShuffledBatches.from_arrays(
                train.inputs, train.targets, batch_size=recipe.batch_size, seed=seed
            )
            name = f"{progress}, net {i + 1}/{len(recipe.seeds)}"
            history = fit(
                self.model,
                batches,
                epochs=recipe.epochs,
                validation=held_out,
                patience=recipe.patience,
                checkpoint=checkpoint and checkpoint / f"seed-{seed}",
                callbacks=[Progress(name, quiet=self.quiet)],
            )
            weights.append(self.model.get_weights())
            histories.append(history)
        mean = self.residuals(tuple(weights), validation)[..., -1].mean(axis=0)
        return Fitted(
            tuple(weights), shrinkage(mean, validation.targets), tuple(histories)
        )

    def fit_known(
        self,
        indicators: Indicators,
        last_row: int,
        checkpoint: Path | None,
        progress: str,
    ) -> tuple[Scaler, Windows, Windows, Fitted]:
        """Fit scaler and nets on the rows known at the evening of `last_row`.

        Returns:
            The scaler, the training windows, the validation windows, the fit.
        """
        recipe = self.recipe
        train_origins, validation_origins = split_origins(
            first_origin(recipe.context_length),
            last_row,
            recipe.horizon,
            recipe.validation_share,
        )
        last_known = train_origins[-1] + recipe.horizon
        scaler = fit_scaler(indicators, recipe.horizon, last_known)
        train, validation = (
            make_windows(indicators, scaler, origins, recipe.context_length)
            for origins in (train_origins, validation_origins)
        )
        fitted = self.fit(train, validation, checkpoint, progress)
        return scaler, train, validation, fitted

    def residuals(
        self, weights: tuple[list[np.ndarray], ...], windows: Windows
    ) -> np.ndarray:
        """Return each net's output, float64, shape (S, n, H, Q + 1)."""
        outputs = []
        for values in weights:
            self.model.set_weights(values)
            outputs.append(
                self.model.predict(windows.inputs, batch_size=_PREDICT_BATCH, verbose=0)
            )
        return np.asarray(outputs, float)

    def merged(self, weights: tuple[list[np.ndarray], ...]) -> keras.Model:
        """Return one model whose output is the mean over the seeds."""
        models = []
        for i, values in enumerate(weights):
            model = self._build(self.model.input_shape[-1])
            model.name = f"net_{i}"
            model.set_weights(values)
            models.append(model)
        return average(models)

    def _build(self, num_channels: int) -> keras.Model:
        recipe = self.recipe
        return build_model(
            recipe.model,
            recipe.context_length,
            num_channels,
            recipe.horizon,
            recipe.units,
            recipe.dropout,
        )


def shrinkage(mean: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return the least-squares factor of `mean` for `targets`, kept in [0, 1].

    Args:
        mean: shape (n, H), the forecast residuals.
        targets: shape (n, H), the true ones.

    Returns:
        float64, shape (H,); 0 says "forecast no change", 1 "trust the net".
    """
    power = (mean**2).sum(axis=0)
    factor = (mean * targets).sum(axis=0) / np.where(power > 0, power, 1.0)
    return np.clip(factor, 0.0, 1.0)
