"""Couplets of which both lines are written: two models rank them."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from common.errors import UserError
from projects.couplet.cards.cards import Sheet
from projects.couplet.cards.line_files import answer_lines
from projects.couplet.decoding.locks import find_locks
from projects.couplet.decoding.request import Request
from projects.couplet.poems.first_lines import write_first_lines
from projects.couplet.poems.poet import Poet

if TYPE_CHECKING:
    from projects.couplet.writer import Writer

_SPARE = 4  # first lines to write for each couplet that is wanted


def draft_lines(
    folder: Path | None,
    request: Request,
    *,
    length: int,
    theme: str = "",
    first_char: str = "",
) -> list[str]:
    """Write more first lines than are wanted, so that there is a choice.

    Args:
        folder: of a model of poems; None: the one that comes with the project.
        request: its candidates, tones and seed are looked at.
        length: characters of a line, 5 or 7.
        theme: what the lines are about.
        first_char: what they begin with.

    Returns:
        Different lines, those first that the model finds more probable.

    Raises:
        UserError: There is no model, or a wish is unknown to it.
    """
    return write_first_lines(
        Poet.load(folder),
        length=length,
        theme=theme,
        first_char=first_char,
        tones=request.tones,
        count=_SPARE * request.candidates,
        seed=request.seed,
    )


def pair_lines(lines: Sequence[str], request: Request, writer: "Writer") -> list[Sheet]:
    """Answer first lines, and choose the best couplets.

    Scores of different models cannot be added, so their ranks are: a couplet is good
    when its first line is probable to the one and its second to the other.

    Args:
        lines: first lines, those first that their model finds more probable.
        request: what is asked of each second line; lines that it does not suit, such
            as those with a character of the acrostic, are passed over. Its candidates
            are couplets.
        writer: of second lines.

    Returns:
        As many sheets with one card each, or fewer; the best first.

    Raises:
        UserError: No line has an answer.
    """
    fitting = [line for line in lines if _suits(line, request)]
    one = dataclasses.replace(request, candidates=1)
    sheets = answer_lines(fitting, one, writer, skip_bad=True, quiet=True)
    if not sheets:
        raise UserError(
            f"Expected an answer to one of {len(lines)} first lines. Received: none."
            " Wish for less, or take another --seed."
        )
    by_score = sorted(range(len(sheets)), key=lambda i: -sheets[i].cards[0].score)
    ranks = {number: rank for rank, number in enumerate(by_score)}
    best = sorted(ranks, key=lambda number: (number + ranks[number], number))
    return [sheets[number] for number in best[: request.candidates]]


def _suits(line: str, request: Request) -> bool:
    try:
        find_locks(line, request)
    except UserError:
        return False
    return True
