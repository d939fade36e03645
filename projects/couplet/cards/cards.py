"""The cards of answers: both lines, their tones, the rules, how characters match."""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from projects.couplet.cards.terminal_text import display_width, fit, in_columns, wrap
from projects.couplet.lines.characters import is_han
from projects.couplet.lines.rules import Finding, check_first_line, check_pair

if TYPE_CHECKING:
    from projects.couplet.lines.antithesis import Antithesis
    from projects.couplet.lines.tones import Tones
    from projects.couplet.writer import Answer, Writer

WIDTH = 80  # columns of a terminal that does not tell its own
_SIGNS = {True: "✓", False: "✗", None: "–"}
# What the signs and figures of the cards mean; the last one is of whole cards.
LEGEND = (
    "平 level, 仄 oblique, 入 entering (oblique), 中 may be either, ？ unknown.",
    "score ranks the candidates: higher is better. fluency: log-probability of a"
    " character, the first line not told.",
    "对仗: how much likelier the two characters face each other than by chance"
    " (logarithm; 0: chance).",
)


@dataclass(frozen=True)
class Card:
    """What can be told of one answer.

    Attributes:
        first: the line given.
        second: the line written.
        first_tones: 平, 仄, 入, 中 or ？ for each character, "" at punctuation.
        second_tones: the same of the second line.
        tone_source: which table of tones serves, one sentence.
        findings: what each rule says of the pair.
        antithesis: for each position, how much likelier the two characters face
            each other than by chance, as a logarithm; None where unknown.
        fluency: log-probability of a character of the second line by itself; None
            from a model that never learned it.
        score: what ranks the answers of a line, higher is better.
        attention: a row for each character of the second line, in it a share for
            each character of the first; None unless `attend` has added it, and
            for a model without attention.
    """

    first: str
    second: str
    first_tones: list[str]
    second_tones: list[str]
    tone_source: str
    findings: list[Finding]
    antithesis: list[float | None]
    fluency: float | None
    score: float
    attention: list[list[float]] | None = None

    @property
    def rules_told(self) -> list[Finding]:
        """The rules that are kept or broken, not those that do not apply."""
        return [finding for finding in self.findings if finding.passed is not None]

    def to_dict(self) -> dict[str, Any]:
        """Return values that JSON can hold, numbers with four digits."""
        return _plain(dataclasses.asdict(self))

    def to_text(self, width: int = WIDTH) -> str:
        """Return the whole card for a terminal.

        Args:
            width: columns of the terminal.
        """
        strengths = ["" if s is None else f"{s:+.1f}" for s in self.antithesis]
        rows = [list(self.first), self.first_tones]
        rows += [list(self.second), self.second_tones, strengths]
        lines = in_columns(["上联", "", "下联", "", "对仗"], rows, 5, width)
        kept = [f.rule for f in self.findings if f.passed]
        if kept:
            lines.append(wrap(f"{_SIGNS[True]} {', '.join(kept)}", width, "  "))
        for finding in self.findings:
            if not finding.passed:
                told = f"{_SIGNS[finding.passed]} {finding.rule}: {finding.text}"
                lines.append(wrap(told, width, "  "))
        return "\n".join([self._figures(), *lines])

    def to_brief_text(self, name: str, width: int = WIDTH) -> str:
        """Return the second line with its tones, and the figures beside it.

        Args:
            name: of the card, at the left.
            width: columns of the terminal.
        """
        rows = [list(self.second), self.second_tones]
        lines = in_columns([fit(name, 4), ""], rows, 3, width)
        beside = max(26, 4 + max(map(display_width, lines)))
        if beside + display_width(self._figures()) > width:
            return "\n".join([*lines, f"      {self._figures()}"])
        return "\n".join([fit(lines[0], beside) + self._figures(), *lines[1:]])

    def _figures(self) -> str:
        told = self.rules_told
        rules = f"rules {sum(bool(f.passed) for f in told)} of {len(told)}"
        fluency = "–" if self.fluency is None else f"{self.fluency:.2f}"
        return f"score {self.score:.2f}  fluency {fluency}  {rules}"


@dataclass(frozen=True)
class Sheet:
    """A first line and the cards of its answers, the best first.

    Attributes:
        first: the line given.
        first_tones: as those of a card.
        tone_source: which table of tones serves, one sentence.
        notes: what the user should know of the first line, one sentence each.
        cards: of the answers.
    """

    first: str
    first_tones: list[str]
    tone_source: str
    notes: list[str]
    cards: list[Card]

    def attend(self, writer: "Writer") -> "Sheet":
        """Return the sheet with the attention of each card."""
        return dataclasses.replace(self, cards=attend(self.cards, writer))

    def to_dict(self) -> dict[str, Any]:
        """Return values that JSON can hold."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return values | {"cards": [card.to_dict() for card in self.cards]}

    def to_text(self, width: int = WIDTH, *, explain: bool = False) -> str:
        """Return first line, notes and cards for a terminal.

        Args:
            width: columns of the terminal.
            explain: whether each card tells all.
        """
        notes = [wrap(f"! {note}", width, "  ") for note in self.notes]
        if explain:
            cards = [
                f"{fit(f'{i}.', 3)} {card.to_text(width)}"
                for i, card in enumerate(self.cards, 1)
            ]
            return "\n\n".join(filter(None, ["\n".join(notes), *cards]))
        head = in_columns(["上联", ""], [list(self.first), self.first_tones], 3, width)
        names = [f"{number}." for number in range(1, len(self.cards) + 1)]
        names = ["下联"] if len(names) == 1 else names
        named = zip(names, self.cards, strict=True)
        cards = [card.to_brief_text(name, width) for name, card in named]
        return "\n".join([*head, *notes, *cards])


def make_card(first: str, answer: "Answer", writer: "Writer") -> Card:
    """Tell what can be told of one answer.

    Args:
        first: the line given, normalized.
        answer: what the writer wrote.
        writer: has the tones of characters, and their antithesis or None.
    """
    tones: Tones = writer.tones
    antithesis: Antithesis | None = writer.antithesis
    strengths: list[float | None] = [None] * len(first)
    if antithesis is not None:
        strengths = antithesis.strengths(first, answer.text)
    return Card(
        first=first,
        second=answer.text,
        first_tones=mark_tones(first, tones),
        second_tones=mark_tones(answer.text, tones),
        tone_source=tones.description,
        findings=check_pair(first, answer.text, tones),
        antithesis=strengths,
        fluency=answer.fluency,
        score=float(answer.score),
    )


def attend(cards: Sequence[Card], writer: "Writer") -> list[Card]:
    """Return cards with the attention of their answers; it takes some time.

    Args:
        cards: of one first line.
        writer: whose model has written the second lines, or judges them.
    """
    if not cards:
        return []
    shares = writer.attention(cards[0].first, [card.second for card in cards])
    if shares is None:
        return list(cards)
    return [
        dataclasses.replace(card, attention=[list(map(float, r)) for r in rows])
        for card, rows in zip(cards, shares, strict=True)
    ]


def make_sheet(first: str, answers: Sequence["Answer"], writer: "Writer") -> Sheet:
    """Put the cards of all answers to a line together.

    Args:
        first: the line given, normalized.
        answers: what the writer wrote, the best first.
        writer: that wrote them.
    """
    return Sheet(
        first=first,
        first_tones=mark_tones(first, writer.tones),
        tone_source=writer.tones.description,
        notes=make_notes(first, writer),
        cards=[make_card(first, answer, writer) for answer in answers],
    )


def make_notes(first: str, writer: "Writer") -> list[str]:
    """Tell what a user should know of a first line: rare characters, broken rules."""
    notes = []
    unknown = list(dict.fromkeys(writer.unknown(first)))
    if unknown:
        notes.append(
            f"The model has not learned {'、'.join(unknown)}: what faces it is chosen"
            " by the rest of the line."
        )
    findings = check_first_line(first, writer.tones)
    return notes + [f.text for f in findings if f.passed is False]


def mark_tones(line: str, tones: "Tones") -> list[str]:
    """Return the mark of each character's tone, "" at punctuation."""
    return [tones.of(char).mark if is_han(char) else "" for char in line]


def legend(tone_source: str, width: int = WIDTH, *, explain: bool = False) -> str:
    """Return what the signs and figures of the cards mean, for a terminal."""
    texts = (tone_source, *(LEGEND if explain else LEGEND[:-1]))
    return "\n".join(wrap(text, width) for text in texts)


def _plain(value: Any) -> Any:
    """Round numbers; what is no number (not finite) becomes null."""
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
