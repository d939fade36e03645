"""What can be said of a line or a pair of a user's own."""

import dataclasses
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from projects.couplet.cards.terminal_text import in_columns, wrap
from projects.couplet.lines.antithesis import Antithesis
from projects.couplet.lines.characters import is_han
from projects.couplet.lines.rules import Finding, check_first_line, check_pair
from projects.couplet.lines.tones import LEVEL, OBLIQUE, Tones

_SIGNS = {True: "✓", False: "✗", None: "–"}
_LEGEND = "平 level, 仄 oblique, 入 entering (oblique), 中 may be either, ？ unknown."
_STRENGTHS = (
    "对仗: how much likelier the two characters face each other than by chance"
    " (logarithm; 0: chance)."
)


@dataclass(frozen=True)
class Judgement:
    """Tones, rules and antithesis of a first line, or of a pair.

    Attributes:
        first: The first line, normalized.
        second: The second line; None where the first is judged alone.
        first_tones: 平, 仄, 入, 中 or ？ for each character, "" at punctuation.
        second_tones: The same of the second line; empty without one.
        tone_source: Which table of tones serves, one sentence.
        findings: What each rule says.
        antithesis: The strength at each position, see `Antithesis`; None without
            its table, or for lines that cannot be compared.
        notes: What else may help, one sentence each.
    """

    first: str
    second: str | None
    first_tones: list[str]
    second_tones: list[str]
    tone_source: str
    findings: list[Finding]
    antithesis: list[float | None] | None
    notes: list[str]

    def to_dict(self) -> dict[str, Any]:
        """Return values that JSON can hold."""
        return dataclasses.asdict(self)

    def to_text(self, width: int = 80) -> str:
        """Return it for a terminal of a number of columns."""
        parts = [*self._rows(width), ""]
        for finding in self.findings:
            told = f"{_SIGNS[finding.passed]} {finding.rule}: {finding.text}"
            parts.append(wrap(told, width, "  "))
        parts += [wrap(f"! {note}", width, "  ") for note in self.notes]
        legend = [_LEGEND, self.tone_source] + [_STRENGTHS] * bool(self.antithesis)
        return "\n".join([*parts, "", *(wrap(text, width) for text in legend)])

    def _rows(self, width: int) -> list[str]:
        names, rows = ["上联", ""], [list(self.first), self.first_tones]
        if self.second is not None:
            names += ["下联", ""]
            rows += [list(self.second), self.second_tones]
        if self.antithesis:
            names.append("对仗")
            rows.append(["" if s is None else f"{s:+.1f}" for s in self.antithesis])
        even = zip(*zip_longest(*rows, fillvalue=""), strict=True)
        return in_columns(names, [list(row) for row in even], 5, width)


def judge(
    first: str, second: str | None, tones: Tones, antithesis: Antithesis | None = None
) -> Judgement:
    """Judge a first line alone, or a pair.

    Args:
        first: A line as `check_line` returns it.
        second: Another, or None.
        tones: The tones to go by.
        antithesis: How well characters face each other; None leaves it out.
    """
    findings = check_first_line(first, tones)
    strengths = None
    if second is not None:
        findings = check_pair(first, second, tones)
        if antithesis and len(first) == len(second):
            strengths = antithesis.strengths(first, second)
    return Judgement(
        first,
        second,
        _marks(first, tones),
        _marks(second or "", tones),
        tones.description,
        findings,
        strengths,
        _notes(first, second, tones),
    )


def _notes(first: str, second: str | None, tones: Tones) -> list[str]:
    if _may_end(first, OBLIQUE, tones):
        return []
    if second is None:
        return ["Second lines (下联) end on 平: it may serve as one of these."]
    if _may_end(second, LEVEL, tones):
        return []
    return ["The lines may have changed places: it is the first that ends on 仄."]


def _may_end(line: str, side: str, tones: Tones) -> bool:
    last = next(char for char in reversed(line) if is_han(char))
    return tones.of(last).may_be(side)


def _marks(line: str, tones: Tones) -> list[str]:
    return [tone.mark if tone else "" for tone in tones.of_line(line)]
