"""Choosing among candidates and calibrating, by groups that were not learned from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from scipy.special import softmax

from projects.video_activity import metrics
from projects.video_activity.features.clip_set import ClipSet
from projects.video_activity.footage.splitting import fewest_groups, grouped_folds
from projects.video_activity.network.calibration import fit_temperature
from projects.video_activity.network.candidates import (
    Candidate,
    Fitted,
    JuryCandidate,
    candidates,
)
from projects.video_activity.network.recipe import Recipe

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Choice:
    """What was chosen and why.

    Attributes:
        chosen: The candidates whose logits are averaged; one, or two.
        temperature: By which they are divided.
        losses: Log loss on held-out groups by the name of each choice, nats.
    """

    chosen: tuple[Candidate, ...]
    temperature: float
    losses: dict[str, float]

    @property
    def name(self) -> str:
        """What reports call it."""
        return " + ".join(candidate.name for candidate in self.chosen)


@dataclass(frozen=True)
class Fit:
    """A classifier: candidates fitted to all clips, calibrated.

    Attributes:
        choice: What was chosen.
        parts: The fitted candidates.
    """

    choice: Choice
    parts: tuple[Fitted, ...]

    def probabilities(self, clips: ClipSet) -> np.ndarray:
        """Return float (clips, classes), rows summing to 1."""
        logits = np.mean([part.logits(clips) for part in self.parts], axis=0)
        return softmax(logits / self.choice.temperature, axis=1)

    def build(self) -> keras.Model:
        """Return all of it as one Keras model."""
        temperature = self.choice.temperature
        models = [part.build(temperature) for part in self.parts]
        if len(models) == 1:
            return models[0]
        inputs = {name: x for model in models for name, x in model.input.items()}
        outputs = [
            model({name: inputs[name] for name in model.input}) for model in models
        ]
        logs = [keras.ops.log(output + 1e-7) for output in outputs]
        mean = keras.layers.Average()(logs)
        probabilities = keras.layers.Softmax(name="probabilities")(mean)
        return keras.Model(inputs, probabilities, name="blend")


def fit_classifier(
    clips: ClipSet,
    recipe: Recipe,
    tell: Tell = lambda text: None,
    checkpoint: Path | None = None,
) -> Fit:
    """Choose, calibrate and fit; nothing but these clips is looked at.

    Args:
        clips: To learn from.
        recipe: What to try.
        tell: Told what comes next.
        checkpoint: Folder for the backups of nets that learn from all the clips.

    Raises:
        UserError: See `candidates`.
    """
    choice = choose(clips, candidates(recipe, clips), recipe, tell)
    tell(f"fit {choice.name}")
    parts = tuple(
        candidate.fit(clips, recipe.seed, checkpoint) for candidate in choice.chosen
    )
    return Fit(choice, parts)


def choose(
    clips: ClipSet, tried: Sequence[Candidate], recipe: Recipe, tell: Tell
) -> Choice:
    """Compare candidates on held-out groups.

    The best of each kind is kept: a strength for each member of the jury, who then
    judge together. The jury, a net and the mean of both are compared again.
    """
    count = min(recipe.inner_folds, fewest_groups(clips.labels, clips.groups)[1])
    if recipe.head == "slides" or count < 2:
        first = _keep_best(dict.fromkeys(tried, 0.0))
        return Choice(next(iter(_combine(dict.fromkeys(first, np.zeros(1))))), 1.0, {})
    folds = grouped_folds(clips.labels, clips.groups, count, recipe.seed)
    logits: dict[Candidate, np.ndarray] = {}
    losses: dict[Candidate, float] = {}
    for candidate in tried:
        tell(f"try {candidate.name}")
        logits[candidate] = cross_fit(candidate, clips, folds, recipe.seed)
        losses[candidate] = _loss(logits[candidate], clips.labels)
    options = _combine({kept: logits[kept] for kept in _keep_best(losses)})
    named = {candidate.name: loss for candidate, loss in losses.items()}
    scores = {key: _loss(found, clips.labels) for key, found in options.items()}
    named |= {" + ".join(c.name for c in key): loss for key, loss in scores.items()}
    chosen = min(scores, key=scores.__getitem__)
    return Choice(chosen, fit_temperature(options[chosen], clips.labels), named)


def _keep_best(losses: dict[Candidate, float]) -> list[Candidate]:
    """Return the candidate of least loss of each kind, the first of equals."""
    best: dict[str, Candidate] = {}
    for candidate, loss in losses.items():
        if loss < losses[best.setdefault(candidate.kind, candidate)]:
            best[candidate.kind] = candidate
    return list(best.values())


def _combine(
    logits: dict[Candidate, np.ndarray],
) -> dict[tuple[Candidate, ...], np.ndarray]:
    """Return what can be chosen, with its logits: the jury, a net, the mean of both."""
    members = [each for each in logits if isinstance(each, JuryCandidate)]
    options: dict[tuple[Candidate, ...], np.ndarray] = {}
    if members:
        jury = JuryCandidate(tuple(seat for member in members for seat in member.seats))
        options[(jury,)] = np.mean([logits[member] for member in members], axis=0)
    options |= {(each,): logits[each] for each in logits if each not in members}
    if len(options) > 1:
        both = tuple(candidate for key in options for candidate in key)
        options[both] = np.mean(list(options.values()), axis=0)
    return options


def cross_fit(
    candidate: Candidate,
    clips: ClipSet,
    folds: Sequence[tuple[np.ndarray, np.ndarray]],
    seed: int,
) -> np.ndarray:
    """Return logits (clips, classes), each of a fit that has not seen its fold."""
    logits = np.zeros((len(clips.labels), len(clips.classes)))
    for train, test in folds:
        fitted = candidate.fit(clips.select(train), seed)
        logits[test] = fitted.logits(clips.select(test))
    return logits


def _loss(logits: np.ndarray, labels: np.ndarray) -> float:
    cooled = softmax(logits / fit_temperature(logits, labels), axis=1)
    return metrics.log_loss(cooled, labels)
