"""Tokens and their ids: the commonest has id 0."""

import difflib
import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from common.errors import UserError
from common.files import write_text

_LONGEST_MISTAKE = 64  # characters: nobody misspells a longer word
_COMPARED = 400  # tokens that share most letters with the wrong one


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Tokens by id, and how often each was seen.

    Attributes:
        tokens: All different; the id of a token is its position.
        counts: int64, shape (number of tokens,), not to be written to.
    """

    tokens: tuple[str, ...]
    counts: np.ndarray

    def __post_init__(self) -> None:
        """Keep a copy of the counts that nobody changes."""
        counts = np.array(self.counts, dtype=np.int64)
        if counts.shape != (len(self.tokens),):
            raise ValueError(
                "`counts` must have one number for each of the"
                f" {len(self.tokens)} tokens. Received: shape {counts.shape}."
            )
        counts.setflags(write=False)
        object.__setattr__(self, "tokens", tuple(self.tokens))
        object.__setattr__(self, "counts", counts)

    @classmethod
    def from_counts(
        cls, counts: Mapping[str, int], *, min_count: int = 1, max_size: int = 0
    ) -> "Vocabulary":
        """Order tokens by falling count, those of one count by themselves.

        Args:
            counts: How often each token was seen.
            min_count: Rarer tokens are left out.
            max_size: Most tokens, the commonest; 0 means all.
        """
        tokens = sorted(token for token, n in counts.items() if n >= min_count)
        numbers = np.fromiter(map(counts.__getitem__, tokens), np.int64, len(tokens))
        order = np.argsort(-numbers, kind="stable")[: max_size or None]
        return cls(tuple(map(tokens.__getitem__, order)), numbers[order])

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.tokens)

    def __contains__(self, token: object) -> bool:
        """Tell whether a token has an id."""
        return token in self._ids

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.tokens)}

    def id(self, token: str) -> int | None:
        """Return the id of a token, None if it is unknown."""
        return self._ids.get(token)

    def ids(self, tokens: Iterable[str]) -> list[int | None]:
        """Return the id of each token, None for the unknown ones."""
        return list(map(self._ids.get, tokens))

    def closest(self, token: str, n: int = 5) -> list[str]:
        """Return known tokens that are spelled nearly like `token`, the best first.

        Args:
            token: What somebody wrote.
            n: At most so many, at least 1; fewer, or none, if nothing is alike.
        """
        if not 0 < len(token) <= _LONGEST_MISTAKE:
            return []
        same = [t for t in dict.fromkeys((token, token.lower())) if t in self]
        near = self._sharing_letters(token.lower())
        alike = difflib.get_close_matches(token.lower(), near, n)
        return list(dict.fromkeys(same + alike))[:n]

    def _sharing_letters(self, token: str) -> list[str]:
        # Comparing by difflib takes 20 microseconds, counting shared letters 0.5.
        letters, length = set(token), len(token)
        shared = (
            (len(letters.intersection(other)) - abs(len(other) - length), -number)
            for number, other in enumerate(self.tokens)
            if -3 < len(other) - length < 3
        )
        return [self.tokens[-n] for _, n in heapq.nlargest(_COMPARED, shared)]

    def save(self, path: Path) -> None:
        r"""Write a line "token\tcount" for each token, in the order of ids.

        Raises:
            ValueError: A token has a line break.
        """
        pairs = zip(self.tokens, self.counts.tolist(), strict=True)
        text = "".join([f"{token}\t{count}\n" for token, count in pairs])
        if text.count("\n") != len(self):
            raise ValueError("`tokens` must be without line breaks.")
        write_text(Path(path), text)

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Read what `save` has written.

        Raises:
            UserError: The file is missing, or a line is no token with its count.
        """
        lines = _read_lines(Path(path))
        counts: dict[str, int] = {}
        for number, line in enumerate(lines, start=1):
            token, tab, count = line.rpartition("\t")
            wrong = not (tab and count.isascii() and count.isdigit())
            if wrong or len(count) > 18 or token in counts:
                reason = "the same token again" if token in counts else "no such line"
                raise UserError(
                    "A token, a tab and its count expected in line"
                    f" {number} of {path}. Received: {reason}: {ascii(line[:40])}."
                    " Restore the file or train again."
                )
            counts[token] = int(count)
        return cls(tuple(counts), np.fromiter(counts.values(), np.int64, len(counts)))


def _read_lines(path: Path) -> list[str]:
    try:
        text = path.read_bytes().decode()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        reason = "no such file"
    except UnicodeDecodeError as error:
        reason = f"no UTF-8 at byte {error.start}"
    else:
        if text.endswith("\n"):
            return text[:-1].split("\n")
        reason = "an unfinished last line" if text else "an empty file"
    raise UserError(
        f"A vocabulary expected in {path}. Received: {reason}. Restore the file or"
        " train again."
    )
