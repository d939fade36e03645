"""Level and oblique tones (平仄) and rhymes of characters.

Verse goes by 平水韵, the rhymes of the examinations. What that table does not have,
or all characters where it is not at hand, is read as today; of the entering tones
(入声), as of 一, 国, 竹, which are no longer heard, only common ones are known then.
"""

import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import UserError
from projects.couplet import sources
from projects.couplet.lines import modern_readings
from projects.couplet.lines.characters import is_han
from projects.couplet.lines.modern_readings import ENTERING, LEVEL, OBLIQUE
from projects.couplet.lines.traditional import to_simplified

CLASSICAL = "平水韵"
MODERN = "pypinyin"

# Slips of the table: other characters (蘤, 龘, 皃, 宧 ...) were simplified to these.
_WRONG = {
    "花": "四纸",
    "龙": "十四缉",
    "儿": "三觉",
    "绘": "十蒸",
    "维": "二十七沁",
    "宦": "四支",
    "猪": "五尾",
    "优": "二十五有",
}
_MISSING = {"先": ("下平声部", "一先")}  # the rhyme is called by this character


@dataclass(frozen=True)
class Tone:
    """How a character may be read.

    Attributes:
        readings: `LEVEL`, `OBLIQUE`, both or, for an unknown character, neither.
        entering: Whether it is among the entering tones, which are oblique.
        source: Which table says so: "平水韵", "pypinyin" or "unknown".
    """

    readings: frozenset[str]
    entering: bool = False
    source: str = "unknown"

    @property
    def ambiguous(self) -> bool:
        """Whether it may be read in a level and in an oblique tone."""
        return len(self.readings) == 2

    @property
    def mark(self) -> str:
        """One of 平, 仄, 入 (oblique by its entering tone), 中 (either), ？."""
        if self.ambiguous:
            return "中"
        if self.entering:
            return "入"
        return next(iter(self.readings), "？")

    def may_be(self, side: str) -> bool:
        """Tell whether it may be read as `LEVEL` or `OBLIQUE`; the unknown may."""
        return not self.readings or side in self.readings


@dataclass(frozen=True, eq=False)
class Tones:
    """The tones of characters.

    Attributes:
        groups: The rhymes of 平水韵 by character, each as (section, rhyme); empty
            where the table is not at hand.
    """

    groups: dict[str, frozenset[tuple[str, str]]]

    @classmethod
    def load(cls, cache: Path | None = None, *, download: bool = False) -> "Tones":
        """Read 平水韵 if it is at hand; without it, all tones are modern ones.

        Args:
            cache: The folder of downloads, see `common.download.fetch`.
            download: Whether the network may be asked for the table.

        Raises:
            UserError: The table was changed, or its download failed.
        """
        path = sources.find_rhymes(cache, download=download)
        return cls({} if path is None else read_rhymes(path))

    @property
    def description(self) -> str:
        """Which table serves, in one sentence."""
        if self.groups:
            return (
                f"Tones by {CLASSICAL} ({len(self.groups):,} characters); the others"
                f" as read today ({MODERN})."
            )
        return (
            f"Tones as read today ({MODERN}), as {CLASSICAL} is not at hand;"
            f" {len(ENTERING)} common entering tones (入声) are known."
        )

    def of(self, char: str) -> Tone:
        """Return the tone of a character."""
        return self._tone(char)

    def of_line(self, line: str) -> list[Tone | None]:
        """Return the tone of each character of a line, None at punctuation."""
        return [self.of(char) if is_han(char) else None for char in line]

    def opposed(self, a: str, b: str) -> bool | None:
        """Tell whether one may be level where the other is oblique; None: unknown."""
        first, second = self.of(a), self.of(b)
        if not (first.readings and second.readings):
            return None
        return len(first.readings | second.readings) == 2

    def rhyme(self, char: str) -> frozenset[str]:
        """Return its rhymes: of 平水韵, as 一东, or else of today, as 庚平."""
        return frozenset(
            name for _, name in self._groups(char)
        ) or modern_readings.rhymes(char)

    def same_rhyme(self, a: str, b: str) -> bool:
        """Tell whether two characters rhyme, by the one table that knows both."""
        if self._groups(a) and self._groups(b):
            return bool(self.rhyme(a) & self.rhyme(b))
        return bool(modern_readings.rhymes(a) & modern_readings.rhymes(b))

    def level_mask(self, tokens: Sequence[str]) -> np.ndarray:
        """Tell which tokens may be read as level tones.

        Args:
            tokens: Characters; what is none (punctuation, `<pad>`) may be anything.

        Returns:
            Booleans, shape (number of tokens,).
        """
        return self._mask(tokens, LEVEL)

    def oblique_mask(self, tokens: Sequence[str]) -> np.ndarray:
        """Tell which tokens may be read as oblique tones; see `level_mask`."""
        return self._mask(tokens, OBLIQUE)

    def _mask(self, tokens: Sequence[str], side: str) -> np.ndarray:
        possible = (len(t) > 1 or self.of(t).may_be(side) for t in tokens)
        return np.fromiter(possible, bool, len(tokens))

    def _groups(self, char: str) -> frozenset[tuple[str, str]]:
        none: frozenset[tuple[str, str]] = frozenset()
        if char in self.groups or not self.groups or not is_han(char):
            return self.groups.get(char, none)
        return self.groups.get(to_simplified(char), none)

    @functools.cached_property
    def _tone(self) -> Callable[[str], Tone]:
        return functools.lru_cache(maxsize=1 << 15)(self._look_up)

    def _look_up(self, char: str) -> Tone:
        sections = {section for section, _ in self._groups(char)}
        if sections:
            readings = frozenset(LEVEL if LEVEL in s else OBLIQUE for s in sections)
            entering = any("入" in section for section in sections)
            return Tone(readings, entering, CLASSICAL)
        readings = modern_readings.sides(char)
        entering = modern_readings.is_entering(char)
        return Tone(readings, entering, MODERN) if readings else Tone(readings)


def read_rhymes(path: Path) -> dict[str, frozenset[tuple[str, str]]]:
    """Read a table of rhymes: {section of a tone: {rhyme: [characters]}}.

    Slips that would be seen in common lines are mended.

    Returns:
        The (section, rhyme) of each character; 入声一屋 is told as 一屋.

    Raises:
        UserError: The file is no such table.
    """
    found: dict[str, set[tuple[str, str]]] = {}
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        for section, rhymes in table.items():
            for rhyme, chars in rhymes.items():
                for char in chars:
                    group = (section, rhyme.removeprefix("入声"))
                    found.setdefault(char, set()).add(group)
    except (ValueError, AttributeError, TypeError) as error:
        raise UserError(
            f"Expected a table of rhymes in {path}. Received: {error!r}. Remove the"
            " file to have it fetched again."
        ) from error
    for char, group in _MISSING.items():
        found.setdefault(char, set()).add(group)
    return {
        char: frozenset(group for group in groups if _WRONG.get(char) != group[1])
        for char, groups in found.items()
    }
