"""A trained encoder-decoder at work: step by step, or over whole lines at once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from common.compiled import compiled
from common.errors import UserError
from common.files import read_json, write_json
from projects.couplet.network.architecture import Architecture
from projects.couplet.network.model import EncoderDecoder, build_model
from projects.couplet.network.skills import Skills
from projects.couplet.network.weights import load_weights, save_weights
from projects.couplet.tokens import START, UNKNOWN, Tokens

_FORM, _WEIGHTS = "model.json", "weights.npz"
_MODELS = ("encode", "step", "score", "looking")

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Translator:
    """The `StepModel` of beam_search.py, over lines that all have one length.

    Attributes:
        model: With its weights.
        form: What it was built as.
        tokens: Its characters.
        skills: What it has learned.
    """

    model: EncoderDecoder
    form: Architecture
    tokens: Tokens
    skills: Skills = Skills()

    @cached_property
    def _run(self) -> dict[str, Callable[[Any], Any]]:
        models = {name: getattr(self.model, name) for name in _MODELS}
        return {name: compiled(model) for name, model in models.items() if model}

    @cached_property
    def _state_names(self) -> tuple[str, ...]:
        names = (tensor.name for tensor in self.model.step.inputs)
        return tuple(name for name in names if name.startswith("state_"))

    def save(self, folder: Path) -> None:
        """Write form, characters and weights (float16) into a folder."""
        self.tokens.save(folder)
        save_weights(self.model.full, folder / _WEIGHTS)
        described = {"architecture": self.form.to_dict()}
        write_json(folder / _FORM, described | {"skills": self.skills.to_dict()})

    @classmethod
    def load(cls, folder: Path) -> "Translator":
        """Read what `save` wrote.

        Raises:
            UserError: A file is missing, broken, or of another model.
        """
        if not (folder / _FORM).is_file():
            raise UserError(
                f"Expected a trained model. Received: {folder} without {_FORM}. Name"
                " the folder of a finished run of train.py."
            )
        values = read_json(folder / _FORM, "the form of a model")
        form = Architecture.from_dict(_part(values, "architecture"), folder / _FORM)
        tokens = Tokens.load(folder)
        model = build_model(len(tokens), form, padded=False)
        load_weights(model.full, folder / _WEIGHTS)
        return cls(model, form, tokens, Skills.from_dict(_part(values, "skills")))

    def begin(self, sources: np.ndarray) -> tuple[Arrays, Arrays]:
        """See `StepModel.begin`."""
        memory = self._run["encode"](sources) | {"source": sources}
        empty = np.zeros((len(sources), self.form.units), np.float32)
        return memory, dict.fromkeys(self._state_names, empty)

    def step(
        self, memory: Arrays, state: Arrays, previous: np.ndarray, position: int
    ) -> tuple[np.ndarray, Arrays]:
        """See `StepModel.step`."""
        inputs = self.step_inputs(memory, state, previous, position)
        after = self._run["step"](inputs)
        return after.pop("log_probs"), after

    def step_inputs(
        self, memory: Arrays, state: Arrays, previous: np.ndarray, position: int
    ) -> Arrays:
        """Return what `model.step` takes, from what `step` does."""
        here = slice(position, position + 1)
        inputs = memory | state
        inputs["previous"] = previous[:, None]
        inputs["here"] = memory["source"][:, here]
        inputs["encoded_here"] = memory["encoded"][:, here]
        return inputs

    def log_probs(
        self, sources: np.ndarray, targets: np.ndarray, start: int = START
    ) -> np.ndarray:
        """Tell how probable the characters of whole lines are.

        Args:
            sources: Ids, int32, (lines, length).
            targets: Ids of the same shape.
            start: `START` for second lines, `START_REVERSED` for first ones.

        Returns:
            float32, (lines, length): the log-probability of each character given the
            source and the characters before; 0 for unknown characters, which no
            model speaks of.
        """
        inputs = _teach(sources, targets, start) | {"target": targets}
        own = self._run["score"](inputs)
        return np.where(targets == UNKNOWN, np.float32(0), own)

    def look(self, sources: np.ndarray, targets: np.ndarray) -> np.ndarray | None:
        """Return the attention while writing `targets`: (lines, length, length).

        Rows sum to 1; column j is the j-th character of the source. None for a model
        without attention.
        """
        if self.model.looking is None:
            return None
        weights = self._run["looking"](_teach(sources, targets, START))
        return weights[..., ::-1] if self.form.reverse_source else weights


def _part(values: Any, name: str) -> dict[str, Any]:
    part = values.get(name) if isinstance(values, dict) else None
    return part if isinstance(part, dict) else {}


def _teach(sources: np.ndarray, targets: np.ndarray, start: int) -> Arrays:
    starts = np.full((len(targets), 1), start, np.int32)
    previous = np.concatenate([starts, targets[:, :-1]], axis=1)
    return {"source": sources, "previous": previous}
