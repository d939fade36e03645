"""A corpus of any size as chunks of words, one pass in constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a corpus, about 100,000 words at most.

    Attributes:
        tokens: The words in their order.
        starts: Ascending positions in `tokens` where a sentence begins; a chunk
            may begin in the middle of one.
    """

    tokens: list[str]
    starts: list[int]


class Reading:
    """One pass over a corpus: iterate over it once.

    Attributes:
        total: What there is to read, in bytes (of compressed files as they lie).
        done: How much of it is read so far.
        tokenizer: Its name; "auto" until the first chunk decides.
        notes: What is worth telling, such as what "auto" decided and why.
        identity: Lines that change when the text does, known before reading:
            path, size and time of each file, or the version of each package.
        description: What the text is, in a few words.
    """

    total: int
    done: int
    tokenizer: str
    notes: list[str]
    identity: tuple[str, ...]
    description: str

    def __iter__(self) -> Iterator[Chunk]:
        """Read the text from its beginning."""
        raise NotImplementedError

    @property
    def sha256(self) -> str:
        """The hash of the text read so far (unpacked bytes), hexadecimal."""
        raise NotImplementedError


def read_chunks(
    corpus: str, *, tokenizer: str = "auto", encoding: str = "utf-8"
) -> Reading:
    """Prepare to read a corpus; the reading itself begins with the iteration.

    Args:
        corpus: "docs", or a file, a folder, or a glob pattern.
        tokenizer: auto, words, blanks, characters or segment.
        encoding: Python's name of the text's encoding; byte order marks win.

    Raises:
        UserError: Here or while iterating: nothing to read, unreadable or damaged
            or binary files, another encoding, a file that changes meanwhile.
    """
    raise NotImplementedError
