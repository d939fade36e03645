"""The desk at which the page's questions are answered, as JSON-ready values."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from common.errors import UserError
from projects.couplet.cards.cards import attend, make_card, make_sheet
from projects.couplet.decoding.request import Request
from projects.couplet.lines.characters import LONGEST, check_line, is_han
from projects.couplet.lines.judgement import judge

if TYPE_CHECKING:
    from projects.couplet.writer import Writer

_SPARE = 4  # first lines to write for each couplet that is wanted


class Desk:
    """Answers with a writer of second lines and, if there is one, of first lines.

    Args:
        writer: of second lines.
        write_first_lines: returns first lines for `length`, `theme`, `first_char`,
            `count` and `seed`; None where no model of poems is at hand.
    """

    def __init__(
        self,
        writer: "Writer",
        write_first_lines: Callable[..., Sequence[str]] | None = None,
    ):
        self._writer, self._write_first_lines = writer, write_first_lines

    def about(self) -> dict[str, Any]:
        """Return what the page has to know before the first question."""
        return {
            "write_both": self._write_first_lines is not None,
            "longest": LONGEST,
            "tone_source": self._writer.tones.description,
        }

    def answer(self, first: str, request: Request) -> dict[str, Any]:
        """Return the sheet of a first line: its tones, notes, and cards of answers."""
        line, writer = check_line(first), self._writer
        sheet = make_sheet(line, writer.answer(line, request), writer)
        return sheet.attend(writer).to_dict()

    def check(self, first: str, second: str) -> dict[str, Any]:
        """Return the card of a pair, or of a first line alone."""
        writer, line = self._writer, check_line(first)
        other = check_line(second) if second.strip() else None
        judgement = judge(line, other, writer.tones, writer.antithesis).to_dict()
        notes = judgement.pop("notes")
        if other is not None and _match(line, other):  # as the model expects
            told = make_card(line, writer.score(line, other), writer)
            card = attend([told], writer)[0].to_dict()
        else:
            unmeasured = {"fluency": None, "score": None, "attention": None}
            card = judgement | unmeasured | {"second": other or ""}
        source = writer.tones.description
        return {"first": line, "tone_source": source, "notes": notes, "cards": [card]}

    def write_both(
        self, *, theme: str, length: int, first_char: str, count: int, seed: int
    ) -> dict[str, Any]:
        """Return couplets from nothing, the best first.

        Raises:
            UserError: there is no model of first lines, or it writes none of these.
        """
        if self._write_first_lines is None:
            raise UserError(
                "Expected a model that writes first lines. Received: none. Train one"
                " with train_poems.py."
            )
        from projects.couplet.cards.whole_couplets import pair_lines  # loads Keras

        lines = self._write_first_lines(
            length=length,
            theme=theme,
            first_char=first_char,
            count=_SPARE * count,
            seed=seed,
        )
        sheets = pair_lines(lines, Request(candidates=count), self._writer)
        source = self._writer.tones.description
        sheets = [sheet.attend(self._writer) for sheet in sheets]
        cards = [card.to_dict() for sheet in sheets for card in sheet.cards]
        return {"notes": [], "tone_source": source, "cards": cards}


def _match(first: str, second: str) -> bool:
    """Tell whether both lines have characters and punctuation at the same places."""
    return list(map(is_han, first)) == list(map(is_han, second))
