"""A trained model under examination: its scores, its answers, and how it ranks them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from common.files import read_json
from projects.couplet.decoding.diversity import choose_different
from projects.couplet.decoding.judges import Weights
from projects.couplet.decoding.request import Request
from projects.couplet.evaluation.systems import batches_by_length
from projects.couplet.lines.characters import is_han
from projects.couplet.metrics import spread
from projects.couplet.network.skills import Skills
from projects.couplet.tokens import BLANK, START, START_REVERSED, Tokens
from projects.couplet.writer import Writer

_CHARACTERS = 8192  # scored at once: 170 MB of logits

# How much log p(b | a), log p(a | b) and log p(b) count when the human line b is to
# be picked. As log p(a) is the same for all choices, log p(a | b) is the mutual
# information too, asked backwards.
PICKS = {
    "forward": (1.0, 0.0, 0.0),
    "mutual": (1.0, 0.0, -1.0),
    "reverse": (0.0, 1.0, 0.0),
    "together": (1.0, 1.0, -1.0),
}


@dataclass(frozen=True, eq=False)
class Found:
    """All that the search has found for one first line.

    Attributes:
        texts: Different second lines.
        parts: float64, shape (lines, 4): log p(b | a), log p(a | b), log p(b), and
            what soft tones take off.
    """

    texts: tuple[str, ...]
    parts: np.ndarray

    def scores(self, weights: Weights) -> np.ndarray:
        """Return what ranks the lines when the judges have these weights."""
        return self.parts @ [1.0, weights.reverse, weights.fluency, 1.0]

    def best(self, weights: Weights) -> str:
        """Return the line that is best then."""
        return self.texts[int(self.scores(weights).argmax())]

    def candidates(self, weights: Weights, count: int) -> list[str]:
        """Return the lines that a user would be shown then."""
        chosen = choose_different(
            [[*map(ord, text)] for text in self.texts],
            self.scores(weights).tolist(),
            count=count,
            num_free=sum(map(is_han, self.texts[0])),
        )
        return [self.texts[number] for number in chosen]


@dataclass(frozen=True, eq=False)
class Trained:
    """A `System` of a trained model.

    Attributes:
        name: What it is called in tables.
        writer: The model at work.
        min_count: Rarer characters stayed unknown to it.
    """

    name: str
    writer: Writer
    min_count: int = 5

    @classmethod
    def load(cls, name: str, folder: Path | None = None) -> "Trained":
        """Load the model of a run; None: the one that comes along.

        Raises:
            UserError: As `Writer.load`.
        """
        config = {}
        if folder is not None:
            saved = read_json(folder / "config.json", "the configuration of a run")
            config = saved.get("config", {})
        return cls(name, Writer.load(folder), config.get("min_count", cls.min_count))

    @property
    def skills(self) -> Skills:
        """What the model has learned."""
        return self.writer.translator.skills

    @property
    def tokens(self) -> Tokens:
        """The characters."""
        return self.writer.tokens

    def log_probs(
        self, first: Sequence[str], second: Sequence[str]
    ) -> list[np.ndarray]:
        """See `System.log_probs`."""
        return self._ask(self._encode(first), self._encode(second))

    def parts(self, first: Sequence[str], second: Sequence[str]) -> np.ndarray:
        """Return log p(b | a), log p(a | b) and log p(b) of pairs.

        Returns:
            float64, shape (pairs, 3); NaN for what was not learned.
        """
        a, b = self._encode(first), self._encode(second)
        parts = np.full((len(a), 3), np.nan)
        parts[:, 0] = _sums(self._ask(a, b))
        if self.skills.reverse:
            parts[:, 1] = _sums(self._ask(b, a, START_REVERSED))
        if self.skills.blank:
            han = self.tokens.han_mask
            blanked = [np.where(han[line], np.int32(BLANK), line) for line in a]
            parts[:, 2] = _sums(self._ask(blanked, b))
        return parts

    def scores(
        self, first: Sequence[str], second: Sequence[str]
    ) -> dict[str, np.ndarray]:
        """See `System.scores`: those of `PICKS` that its skills allow."""
        parts = self.parts(first, second)
        return {name: combine(parts, PICKS[name]) for name in self.picks}

    @property
    def picks(self) -> list[str]:
        """The names out of `PICKS` that go with its skills."""
        learned = (True, self.skills.reverse, self.skills.blank)
        return [
            name
            for name, weights in PICKS.items()
            if all(known or not w for known, w in zip(learned, weights, strict=True))
        ]

    def answer(self, lines: Sequence[str]) -> list[str]:
        """See `System.answer`: the best of what users are shown."""
        weights = self.writer.judges.weights
        return [found.best(weights) for found in self.search(lines)]

    def search(self, lines: Sequence[str], tones: str = "soft") -> list[Found]:
        """Search once, so that any weights of the judges can be tried.

        The search is the one that users get who ask for the usual candidates.
        """
        request = Request(tones=tones)
        request = replace(request, candidates=request.width)
        answers = self.writer.answer_many(lines, request)
        weights = self.writer.judges.weights
        return [_gather(found, weights) for found in answers]

    def _encode(self, lines: Sequence[str]) -> list[np.ndarray]:
        return [np.array(self.tokens.encode(line), np.int32) for line in lines]

    def _ask(
        self,
        sources: Sequence[np.ndarray],
        targets: Sequence[np.ndarray],
        start: int = START,
    ) -> list[np.ndarray]:
        """Ask for the log-probabilities of lines; each question is put once."""
        answers = [np.zeros(0)] * len(targets)
        for numbers in batches_by_length(targets, 1 << 20):
            pairs = np.stack([[sources[n], targets[n]] for n in numbers])
            kinds, places = np.unique(pairs, axis=0, return_inverse=True)
            size = max(1, _CHARACTERS // kinds.shape[2])
            parts = np.split(kinds, range(size, len(kinds), size))
            found = [
                self.writer.translator.log_probs(part[:, 0], part[:, 1], start)
                for part in parts
            ]
            rows = np.concatenate(found)[places.ravel()]
            for number, row in zip(numbers, rows, strict=True):
                answers[number] = row
        return answers


def combine(parts: np.ndarray, weights: Sequence[float]) -> np.ndarray:
    """Weigh what `Trained.parts` returned; what has no weight may be unknown."""
    used = np.flatnonzero(weights)
    return parts[:, used] @ np.asarray(weights)[used]


def mean_spread(found: Sequence[Found], weights: Weights) -> float:
    """Return how much the usual candidates of lines differ; see `metrics.spread`."""
    count = Request.candidates
    return spread([each.candidates(weights, count) for each in found])


def _gather(answers: Sequence, weights: Weights) -> Found:
    """Take answers apart into what each judge says and the price of their tones."""
    parts = np.empty((len(answers), 4))
    for row, answer in zip(parts, answers, strict=True):
        # What was never learned has no weight either.
        alone = (answer.fluency or 0) * max(1, sum(map(is_han, answer.text)))
        row[:3] = answer.log_prob, answer.reverse_log_prob or 0, alone
        row[3] = answer.score - row[:3] @ [1.0, weights.reverse, weights.fluency]
    return Found(tuple(answer.text for answer in answers), parts)


def _sums(lines: Sequence[np.ndarray]) -> np.ndarray:
    return np.array([line.sum(dtype=np.float64) for line in lines])
