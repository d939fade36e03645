"""Couplets of which machines write both lines, as many as are wanted."""

import itertools
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from common.errors import UserError
from projects.couplet.decoding.request import Request
from projects.couplet.pairs.splitting import Pair
from projects.couplet.poems.first_lines import write_first_lines
from projects.couplet.poems.poet import Poet

if TYPE_CHECKING:
    from projects.couplet.writer import Writer

_AT_ONCE = 256  # first lines
_IN_VAIN = 20  # turns without a new couplet, then there are no more


@dataclass(frozen=True)
class Manner:
    """How to write.

    Attributes:
        lengths: Characters of a line, 5 or 7, taken in turns.
        temperature: Of first lines, see `poems.sampling.draw`.
        beam: Of second lines, see `Request`.
        seed: Of chance.
    """

    lengths: tuple[int, ...] = (5, 7)
    temperature: float = 0.7
    beam: int = Request.beam
    seed: int = 0


def write_couplets(  # type: ignore[return] # it ends inside the loop
    poet: Poet,
    writer: "Writer",
    count: int,
    manner: Manner,
    avoided: Collection[str] = (),
    *,
    tell: Callable[[int], None] = lambda done: None,
) -> list[Pair]:
    """Write couplets of which all lines, first or second, differ.

    No line stands in a poem that the poet has read, or among those to avoid.

    Args:
        poet: Writes the first lines.
        writer: Writes the second lines; the best of its usual answers is taken.
        count: How many couplets.
        manner: How.
        avoided: Lines that are not to be written.
        tell: Hears how many are written.

    Raises:
        UserError: There is not enough choice.
    """
    pairs: list[Pair] = []
    used, last = set(avoided), 0
    for turn in itertools.count():
        for pair in _write_some(poet, writer, manner, turn):
            if len(pairs) < count and not used & set(pair):
                used |= set(pair)
                pairs.append(pair)
                last = turn
        tell(len(pairs))
        if len(pairs) == count:
            return pairs
        if turn - last >= _IN_VAIN:
            raise UserError(
                f"Expected {count:,} couplets whose lines all differ. Received:"
                f" {len(pairs):,}, then only known lines. Ask for fewer, or for a"
                " higher --temperature."
            )


def _write_some(
    poet: Poet, writer: "Writer", manner: Manner, turn: int
) -> Iterator[Pair]:
    """Write the couplets of one turn; they depend on the seed and its number alone."""
    seed = np.random.SeedSequence([manner.seed, turn]).generate_state(1)[0]
    lines = write_first_lines(
        poet,
        length=manner.lengths[turn % len(manner.lengths)],
        temperature=manner.temperature,
        count=_AT_ONCE,
        seed=int(seed),
    )
    lines = [line for line in lines if not writer.unknown(line)]
    request = Request(beam=manner.beam)
    for line, answers in zip(lines, writer.answer_many(lines, request), strict=True):
        yield from ((line, a.text) for a in answers[:1] if a.text not in poet.known)
