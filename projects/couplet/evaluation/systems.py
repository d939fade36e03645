"""Systems that answer first lines by counting, and what is asked of any system."""

from collections.abc import Iterator, Sequence, Sized
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from projects.couplet.counting.count_model import CountModel
from projects.couplet.counting.line_ids import LineIds, encode_lines
from projects.couplet.counting.ngrams import NgramModel
from projects.couplet.counting.partners import PairCounts
from projects.couplet.decoding.beam_search import beam_search
from projects.couplet.decoding.constraints import Alphabet, Constraints
from projects.couplet.decoding.request import Request
from projects.couplet.lines.tones import Tones
from projects.couplet.pairs.reading import Pairs
from projects.couplet.tokens import Tokens

_BEAM = 12  # of the count model
_BEAMS = 512  # of all lines in one search
_FREE = Request(candidates=1, beam=_BEAM, tones="off")


class System(Protocol):
    """What can be examined.

    Attributes:
        name: What it is called in tables.
        tokens: Its characters.
    """

    @property
    def name(self) -> str:
        """See above."""

    @property
    def tokens(self) -> Tokens:
        """See above."""

    def log_probs(
        self, first: Sequence[str], second: Sequence[str]
    ) -> list[np.ndarray]:
        """Return the log-probability of each character of second lines, nats."""

    def scores(
        self, first: Sequence[str], second: Sequence[str]
    ) -> dict[str, np.ndarray]:
        """Return ways to score second lines for their first ones, by name.

        Each is of shape (lines,); the last is the one that the system goes by.
        """

    def answer(self, lines: Sequence[str]) -> list[str]:
        """Return one second line for each first line."""


@dataclass(frozen=True, eq=False)
class Partners:
    """Each character is answered by its commonest partner, whatever stands beside.

    Attributes:
        counts: Who faces whom.
        tokens: The characters.
    """

    counts: PairCounts
    tokens: Tokens
    name: str = "commonest partners"

    def log_probs(
        self, first: Sequence[str], second: Sequence[str]
    ) -> list[np.ndarray]:
        """See `System.log_probs`."""
        one, other = _encode(first, second, self.tokens)
        return _split(self.counts.log_probs(one.ids, other.ids), other)

    def scores(
        self, first: Sequence[str], second: Sequence[str]
    ) -> dict[str, np.ndarray]:
        """See `System.scores`: by pointwise mutual information."""
        one, other = _encode(first, second, self.tokens)
        return {"PMI": other.sum_each(self.counts.pmi(one.ids, other.ids))}

    def answer(self, lines: Sequence[str]) -> list[str]:
        """See `System.answer`; what has no partner stays as it is."""
        given = encode_lines(lines, self.tokens)
        best = _split(self.counts.best(given.ids), given)
        return [self._spell(*both) for both in zip(lines, best, strict=True)]

    def _spell(self, line: str, partners: np.ndarray) -> str:
        characters, han = self.tokens.characters, self.tokens.han_mask
        return "".join(
            characters[partner] if han[partner] and char.isalnum() else char
            for char, partner in zip(line, partners.tolist(), strict=True)
        )


@dataclass(frozen=True, eq=False)
class Counted:
    """The count model, searched under the rules of structure.

    Attributes:
        model: With its tables.
        alone: A model of second lines by themselves.
        alphabet: What is written with.
    """

    model: CountModel
    alone: NgramModel
    alphabet: Alphabet
    name: str = "count model"

    @property
    def tokens(self) -> Tokens:
        """The characters."""
        return self.alphabet.tokens

    def log_probs(
        self, first: Sequence[str], second: Sequence[str]
    ) -> list[np.ndarray]:
        """See `System.log_probs`."""
        lines = _encode(first, second, self.tokens)
        return _split(self.model.log_probs(*lines), lines[1])

    def scores(
        self, first: Sequence[str], second: Sequence[str]
    ) -> dict[str, np.ndarray]:
        """See `System.scores`."""
        lines = _encode(first, second, self.tokens)
        forward = lines[1].sum_each(self.model.log_probs(*lines))
        alone = lines[1].sum_each(self.alone.log_probs(lines[1]))
        return {"forward": forward, "mutual": forward - alone}

    def answer(self, lines: Sequence[str]) -> list[str]:
        """See `System.answer`."""
        answers = [""] * len(lines)
        for numbers in batches_by_length(lines, _BEAMS // _BEAM):
            asked = [lines[number] for number in numbers]
            rules = [Constraints.for_line(line, _FREE, self.alphabet) for line in asked]
            sources = np.array([self.tokens.encode(line) for line in asked], np.int32)
            found = beam_search(self.model, sources, rules, beam=_BEAM)
            for number, rule, lines_ in zip(numbers, rules, found, strict=True):
                answers[number] = rule.text(lines_[0].ids)
        return answers


def fit_baselines(
    train: Pairs, valid: Pairs, tokens: Tokens, bigrams: NgramModel, tones: Tones
) -> list[System]:
    """Count in training pairs.

    Args:
        train: The pairs.
        valid: Others, for the weights of the count model.
        tokens: The characters to know.
        bigrams: Of second lines.
        tones: How characters are read.
    """
    lines = _encode(train.first, train.second, tokens)
    held_out = _encode(valid.first, valid.second, tokens)
    counts = PairCounts.from_lines(*lines, len(tokens))
    model = CountModel.fit(*lines, held_out, len(tokens))
    return [
        Partners(counts, tokens),
        Counted(model, bigrams, Alphabet(tokens, tones)),
    ]


def batches_by_length(
    lines: Sequence[Sized], most: int, *, characters: bool = False
) -> Iterator[list[int]]:
    """Yield the numbers of lines of one length, all lines once.

    Args:
        lines: What has a length.
        most: Lines in a batch.
        characters: Whether `most` counts characters instead.
    """
    by_length: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        by_length.setdefault(len(line), []).append(number)
    for length, numbers in sorted(by_length.items()):
        size = max(1, most // length) if characters else most
        for begin in range(0, len(numbers), size):
            yield numbers[begin : begin + size]


def _encode(
    first: Sequence[str], second: Sequence[str], tokens: Tokens
) -> tuple[LineIds, LineIds]:
    return encode_lines(first, tokens), encode_lines(second, tokens)


def _split(values: np.ndarray, lines: LineIds) -> list[np.ndarray]:
    """Cut what there is for each character into lines."""
    return np.split(values, lines.starts[1:-1])
