"""What can be fitted to clips: each fits, and tells logits of others."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import keras
import numpy as np

from common.batches import ShuffledBatches
from common.errors import UserError
from common.progress import Progress
from common.training import fit
from projects.video_activity.features.clip_set import ClipSet
from projects.video_activity.network.heads import build_recurrent, build_slides
from projects.video_activity.network.pooled import (
    Jury,
    Member,
    build_jury,
    fit_jury,
    jury_logits,
    read_members,
)
from projects.video_activity.network.recipe import JURY, MOTION_JURY, Recipe


class Fitted(Protocol):
    """A candidate after its training."""

    def logits(self, clips: ClipSet) -> np.ndarray:
        """Return the logits of clips, float, (clips, classes)."""

    def build(self, temperature: float) -> keras.Model:
        """Return a model from streams and mask to probabilities."""


class Candidate(Protocol):
    """A way to fit."""

    @property
    def name(self) -> str:
        """What it is called in reports."""

    @property
    def kind(self) -> str:
        """Of candidates of the same kind one is chosen."""

    def fit(self, clips: ClipSet, seed: int, checkpoint: Path | None = None) -> Fitted:
        """Fit to clips; nets leave backups in `checkpoint` and go on from there."""


@dataclass(frozen=True)
class JuryCandidate:
    """Logistic regressions on summaries.

    Attributes:
        seats: The members, each with the strength of its fit.
    """

    seats: tuple[tuple[Member, float], ...]

    @property
    def name(self) -> str:
        """What reports call it."""
        return ", ".join(
            f"{member} C = {strength:g}" for member, strength in self.seats
        )

    @property
    def kind(self) -> str:
        """What it sees."""
        return ", ".join(str(member) for member, _ in self.seats)

    def fit(
        self, clips: ClipSet, seed: int, checkpoint: Path | None = None
    ) -> "FittedJury":
        """Fit; nothing is random."""
        strengths = dict(self.seats)
        summaries = summarize(clips, tuple(strengths))
        jury = fit_jury(summaries, clips.labels, len(clips.classes), strengths)
        return FittedJury(jury, clips.dims, clips.num_frames)


@dataclass(frozen=True)
class FittedJury:
    """See `Fitted`."""

    jury: Jury
    dims: dict[str, int]
    num_frames: int

    def logits(self, clips: ClipSet) -> np.ndarray:
        """See `Fitted.logits`."""
        return jury_logits(self.jury, summarize(clips, tuple(self.jury)))

    def build(self, temperature: float) -> keras.Model:
        """See `Fitted.build`."""
        return build_jury(self.jury, self.dims, self.num_frames, temperature)


@dataclass(frozen=True)
class NetCandidate:
    """A net, trained by `fit` for a fixed number of epochs.

    Attributes:
        name: What reports call it; also its kind.
        make: From streams, number of frames and of classes to a compiled model.
        recipe: Epochs and batch size.
    """

    name: str
    make: Callable[..., keras.Model]
    recipe: Recipe

    @property
    def kind(self) -> str:
        """Its name."""
        return self.name

    def fit(
        self, clips: ClipSet, seed: int, checkpoint: Path | None = None
    ) -> "FittedNet":
        """Train."""
        keras.utils.set_random_seed(seed)
        model = self.make(clips.dims, clips.num_frames, len(clips.classes))
        targets = np.eye(len(clips.classes), dtype=np.float32)[clips.labels]
        batches = ShuffledBatches.from_arrays(
            inputs_of(clips),
            targets,
            balance(clips.labels),
            batch_size=self.recipe.batch_size,
            seed=seed,
        )
        history = fit(
            model,
            batches,
            epochs=self.recipe.epochs,
            checkpoint=checkpoint and checkpoint / self.name,
            callbacks=[Progress(self.name)] if checkpoint else [],
        )
        return FittedNet(model, history)


@dataclass(frozen=True)
class FittedNet:
    """See `Fitted`."""

    model: keras.Model
    history: dict[str, list[float]]

    def logits(self, clips: ClipSet) -> np.ndarray:
        """See `Fitted.logits`: the logarithms of the probabilities."""
        # Asked once or twice: not worth a trace of its own.
        found = self.model(inputs_of(clips), training=False)
        probabilities = keras.ops.convert_to_numpy(found)
        return np.log(np.maximum(probabilities, 1e-7))

    def build(self, temperature: float) -> keras.Model:
        """See `Fitted.build`."""
        if temperature == 1.0:
            return self.model
        cooled = keras.ops.log(self.model.output + 1e-7) / temperature
        probabilities = keras.layers.Softmax(name="probabilities")(cooled)
        return keras.Model(self.model.input, probabilities)


def candidates(recipe: Recipe, clips: ClipSet) -> list[Candidate]:
    """Return what is to be tried on clips; of a jury each member by itself."""
    if recipe.head == "slides":
        return [NetCandidate("slides", build_slides, recipe)]
    found: list[Candidate] = []
    if recipe.head in ("jury", "auto"):
        members = seat_jury(recipe.members, clips.features)
        found += [
            JuryCandidate(((member, strength),))
            for member in members
            for strength in recipe.strengths
        ]
    if recipe.head in ("recurrent", "auto"):
        make = partial(build_recurrent, learning_rate=recipe.learning_rate)
        found.append(NetCandidate("recurrent", make, recipe))
    return found


def seat_jury(texts: Sequence[str], streams: Collection[str]) -> tuple[Member, ...]:
    """Return the members of a jury.

    Args:
        texts: "stream:kind" each; none: what suits the streams.
        streams: Those that are there.

    Raises:
        UserError: A member is misspelled, or its stream is not there.
    """
    if not texts:
        there = {member.partition(":")[0] for member in JURY} <= set(streams)
        texts = JURY if there else MOTION_JURY
    try:
        members = read_members(texts)
    except ValueError as error:
        raise UserError(f"Expected for --members {error}") from error
    strange = [str(member) for member in members if member.stream not in streams]
    if strange:
        raise UserError(
            f"Expected members of the jury for the streams {', '.join(streams)}."
            f" Received: {', '.join(strange)}. Name others with --members, or ask for"
            " their streams with --streams."
        )
    return members


def summarize(clips: ClipSet, members: tuple[Member, ...]) -> dict[Member, np.ndarray]:
    """Return what each member sees of the clips."""
    return {member: member.summarize(clips.features, clips.mask) for member in members}


def inputs_of(clips: ClipSet) -> dict[str, np.ndarray]:
    """Return what models take."""
    return clips.features | {"mask": clips.mask}


def balance(labels: np.ndarray) -> np.ndarray:
    """Return a weight for each clip so that all classes weigh the same, mean 1."""
    counts = np.bincount(labels)
    present = (counts > 0).sum()
    return (len(labels) / present / counts[labels]).astype(np.float32)
