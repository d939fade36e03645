"""A corpus of any size as chunks of words, one pass in constant memory."""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from common.errors import UserError
from projects.word2vec.reading.documentation import Documentation
from projects.word2vec.reading.files import find_files, read_blocks
from projects.word2vec.reading.text import TextDecoder, check_encoding
from projects.word2vec.reading.tokenizers import (
    Chunk,
    Tokenizer,
    choose_tokenizer,
    make_tokenizer,
)

DOCUMENTATION = "docs"  # the corpus that is always there


class _Piece(NamedTuple):
    """Some text; `data` are its bytes, `last` tells that a sentence cannot go on."""

    text: str
    data: bytes
    last: bool
    done: int


class Reading:
    """One pass over a corpus: iterate over it; again for another pass.

    Attributes:
        total: What there is to read, in bytes (of compressed files as they lie).
        done: How much of it is read so far.
        tokenizer: Its name; "auto" until the first chunk decides.
        notes: What is worth telling, such as what "auto" decided and why.
        identity: Lines that change when the text does, known before reading:
            path, size and time of each file, or size of each package.
        description: What the text is, in a few words.
    """

    def __init__(self, corpus: str, tokenizer: str, encoding: str):
        """See `read_chunks`."""
        self._source: _Files | _Packages
        if corpus == DOCUMENTATION:
            self._source = _Packages()
            tokenizer = "words" if tokenizer == "auto" else tokenizer
        else:
            self._source = _Files(corpus, check_encoding(encoding))
        if tokenizer != "auto":
            make_tokenizer(tokenizer)  # refuse at once what is not installed
        self._asked = tokenizer
        self.identity = self._source.identity
        self.description = self._source.description
        self.total = self._source.total
        self._begin()

    def _begin(self) -> None:
        self.done = 0
        self.tokenizer = self._asked
        self.notes = list(self._source.notes)
        self._hash = hashlib.sha256()

    def __iter__(self) -> Iterator[Chunk]:
        """Read the text from its beginning.

        Raises:
            UserError: See `read_chunks`.
        """
        self._begin()
        words: Tokenizer | None = None
        empty = True
        for piece in self._source.read():
            self._hash.update(piece.data)
            self.done = piece.done
            if words is None and piece.text.strip():
                words = self._tokenizer_for(piece.text)
            chunk = words.feed(piece.text, piece.last) if words else None
            if chunk and chunk.tokens:
                empty = False
                yield chunk
        self.done = self.total  # an archive's list of members is not read to its end
        if empty:
            raise UserError(
                f"Words expected in {self.description}. Received: none in"
                f" {self.total:,} bytes. Name another text with --corpus."
            )

    def _tokenizer_for(self, sample: str) -> Tokenizer:
        if self._asked == "auto":
            self.tokenizer, reason = choose_tokenizer(sample)
            self.notes.append(f"tokenizer {self.tokenizer}: the text has {reason}")
        return make_tokenizer(self.tokenizer)

    @property
    def sha256(self) -> str:
        """The hash of the text read so far (unpacked bytes), hexadecimal.

        That of a single file is the file's own; several are joined by NUL bytes.
        """
        return self._hash.hexdigest()


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
    return Reading(corpus, tokenizer, encoding)


class _Files:
    """The text of files."""

    def __init__(self, corpus: str, encoding: str):
        self._files = find_files(corpus)
        self._encoding = encoding
        states = [file.stat() for file in self._files]
        self._sizes = [state.st_size for state in states]
        self.total = sum(self._sizes)
        self.identity = tuple(
            f"{file.resolve()}: {state.st_size} bytes at {state.st_mtime_ns}"
            for file, state in zip(self._files, states, strict=True)
        )
        many = len(self._files) > 1
        self.description = f"{len(self._files)} files of {corpus}" if many else corpus
        self.notes: list[str] = []

    def read(self) -> Iterator[_Piece]:
        before, border = 0, b""
        for file, size in zip(self._files, self._sizes, strict=True):
            decoder = None
            for name, data, position in read_blocks(file):
                last = not data
                decoder = decoder or TextDecoder(name, data, self._encoding)
                text = decoder.decode(data)
                yield _Piece(text, border + data, last, before + position)
                decoder = None if last else decoder
                border = b"\0" if last else b""  # between texts
            before += size


class _Packages:
    """The documentation of the installed packages."""

    def __init__(self):
        self._documentation = Documentation()
        self.total = self._documentation.size
        self.identity = self._documentation.identity
        self.description = "the documentation of the installed packages"
        self.notes = list(self._documentation.notes)

    def read(self) -> Iterator[_Piece]:
        for text, done in self._documentation.read():
            yield _Piece(text, text.encode(errors="replace"), True, done)
