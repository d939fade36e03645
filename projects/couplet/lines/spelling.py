"""Lines in the characters of the model, and answers in those of the user.

The model knows simplified characters. Two traditional ones may be one simplified (髮
and 發: 发), and one may be simplified in two ways (乾: 干 or 乾), so rules are kept in
the user's characters: what differs there differs in the answer, what is the same there
is the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from projects.couplet.lines.traditional import (
    is_traditional,
    to_simplified,
    to_traditional,
)


@dataclass(frozen=True)
class Spelling:
    """A line in several spellings, all of one length.

    Attributes:
        given: As the user wrote it.
        simple: As the model reads it.
        distinct: As `simple`, but with a traditional character where the simplified
            one would stand for two characters of the user.
    """

    given: str
    simple: str
    distinct: str

    @classmethod
    def of(cls, given: str) -> "Spelling":
        """Read a line, simplified or traditional."""
        read: dict[str, str] = {}
        for char, simple in zip(given, to_simplified(given), strict=True):
            read.setdefault(char, simple)
        kept: dict[str, str] = {}
        for char in sorted(read, key=lambda char: read[char] != char):
            taken = read[char] in kept.values()
            kept[char] = char if taken else read[char]
        simple, distinct = ("".join(map(d.__getitem__, given)) for d in (read, kept))
        return cls(given, simple, distinct)

    def write(self, answer: str, wished: Mapping[str, str]) -> str:
        """Return an answer in the characters of the user.

        Args:
            answer: In the characters of the model, none of them in `given`.
            wished: How the user wrote simplified characters that he asked for.

        Returns:
            The answer: equal characters stay equal, different ones different, and
            none is in `given`.
        """
        if not is_traditional(self.given):
            return answer
        written: dict[str, str] = {}
        for own, usual in zip(answer, to_traditional(answer), strict=True):
            if own in written:
                continue
            usual = wished.get(own, usual)
            taken = {*self.given, *answer, *written.values()} - {own}
            written[own] = own if usual in taken else usual
        return "".join(map(written.__getitem__, answer))
