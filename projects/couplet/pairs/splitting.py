"""Training, validation and test pairs that share no line."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

Pair = tuple[str, str]


@dataclass(frozen=True)
class Split:
    """Pairs by what they are for.

    Attributes:
        train: No line of these stands in `valid` or `test`, first or second.
        valid: No line of these stands in `test`.
        test: For the last judgement.
        references: For each first line of `test` all second lines that are known.
        dropped: How many pairs were left out, by reason.
    """

    train: list[Pair]
    valid: list[Pair]
    test: list[Pair]
    references: list[list[str]]
    dropped: Counter[str]


def split_pairs(
    pairs: Sequence[Pair],
    test: Sequence[Pair] | None,
    *,
    num_valid: int,
    num_test: int,
    seed: int,
) -> Split:
    """Hold pairs back, and keep their lines out of training in either position.

    Args:
        pairs: All different.
        test: The pairs that the publisher held back; None: draw some.
        num_valid: How many to draw for validation.
        num_test: How many to draw for the test, if none are given.
        seed: Of the draw.
    """
    generator = np.random.default_rng(seed)
    rest, dropped = list(pairs), Counter[str]()
    if test is None:
        test, rest = _draw(rest, num_test, generator)
    known: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for first, second in [*test, *pairs]:
        known[first][second] = None
    rest = _without(rest, test, "a line of the test", dropped)
    valid, rest = _draw(rest, num_valid, generator)
    train = _without(rest, valid, "a line of validation", dropped)
    firsts = dict.fromkeys(first for first, _ in test)
    references = [[first, *known[first]] for first in firsts]
    return Split(train, valid, list(test), references, dropped)


def _draw(
    pairs: Sequence[Pair], count: int, generator: np.random.Generator
) -> tuple[list[Pair], list[Pair]]:
    """Return some pairs and the others, both in their order."""
    drawn = np.zeros(len(pairs), bool)
    size = min(count, len(pairs))
    drawn[generator.choice(len(pairs), size, replace=False)] = True
    parts: tuple[list[Pair], list[Pair]] = ([], [])
    for pair, held in zip(pairs, drawn.tolist(), strict=True):
        parts[not held].append(pair)
    return parts


def _without(
    pairs: Iterable[Pair], held: Iterable[Pair], reason: str, dropped: Counter[str]
) -> list[Pair]:
    lines = {line for pair in held for line in pair}
    kept = []
    for pair in pairs:
        if pair[0] in lines or pair[1] in lines:
            dropped[reason] += 1
        else:
            kept.append(pair)
    return kept
