r"""Word vectors in the files of word2vec, which gensim and others read, too.

Both forms begin with a line "NUM_WORDS EMBEDDING_DIM". Text has a line
"word 0.1 -0.2 ..." for each word; binary has "word ", the numbers as little-endian
float32, and a line break, which some programs leave out. Neither has counts.
"""

import codecs
import contextlib
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn, cast

import numpy as np

from common.errors import UserError, note
from common.files import atomic_write
from common.vocabulary import Vocabulary
from projects.word2vec.vector_records import (
    Broken,
    read_binary_records,
    read_text_records,
)
from projects.word2vec.vectors import WordVectors

_HEADER = re.compile(rb"\s*(\d{1,12})\s+(\d{1,12})\s*")
_MOST_DIMS = 65_536
_GREATEST = 1e18  # squares of greater numbers leave the range of float32
_GZIP, _GZIP_BEST = b"\x1f\x8b", 1032  # deflate packs at most this many bytes in one
_NUMERIC = re.compile(rb"[\d+\-.eEnaifNAIF \t\r]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_BUFFER = 1 << 16  # bytes; the first of them tell text from binary


def write_text(vectors: WordVectors, path: Path) -> None:
    """Write the text form, compressed if the name ends in .gz.

    Numbers have nine digits: float32 comes back to the bit.

    Raises:
        UserError: A word is empty or has a blank.
    """
    form = " %.9g" * vectors.matrix.shape[1] + "\n"

    def encode(word: bytes, row: np.ndarray) -> bytes:
        return word + (form % tuple(row.tolist())).encode("ascii")

    _write(vectors, path, encode)


def write_binary(vectors: WordVectors, path: Path) -> None:
    """Write the binary form, compressed if the name ends in .gz.

    Raises:
        UserError: A word is empty or has a blank.
    """
    _write(vectors, path, lambda word, row: word + b" " + row.tobytes() + b"\n")


def read_vectors(path: Path) -> WordVectors:
    """Read a file of vectors: text or binary, as its content tells, also gzipped.

    Memory grows with what is read; what the first line promises allocates nothing.
    Counts are 0. Of a word that stands twice the first vector is kept, and a line
    on stderr says so.

    Raises:
        UserError: The file is missing, cut off, or does not keep to the form.
    """
    path = Path(path)
    try:
        with _open(path) as (stream, capacity):
            return _read(stream, capacity, path)
    except Broken as broken:
        _refuse(path, *broken.args)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        _refuse(path, "a file of vectors", "no such file")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        _refuse(path, "whole gzip data", f"damaged or cut off ({error})")


def _write(
    vectors: WordVectors, path: Path, encode: Callable[[bytes, np.ndarray], bytes]
) -> None:
    words = [token.encode() for token in vectors.vocabulary.tokens]
    for number, word in enumerate(words, start=1):
        if word.split() != [word]:
            raise UserError(
                "Expected words without blanks: these formats part by them. Received:"
                f" word {number}, {word.decode()!r}. Export with --format projector."
            )
    matrix = vectors.matrix.astype("<f4", copy=False)
    with atomic_write(path) as temporary, contextlib.ExitStack() as opened:
        file = opened.enter_context(open(temporary, "wb"))
        if Path(path).suffix == ".gz":
            # Without name and time: the same vectors give the same file. Level 6
            # would take ten times as long to save a tenth.
            packed = gzip.GzipFile("", "wb", compresslevel=1, fileobj=file, mtime=0)
            file = cast(io.BufferedWriter, opened.enter_context(packed))
        file.write(f"{matrix.shape[0]} {matrix.shape[1]}\n".encode("ascii"))
        file.writelines(map(encode, words, matrix))


@contextlib.contextmanager
def _open(path: Path) -> Iterator[tuple[io.BufferedReader, int]]:
    """Yield the bytes, unpacked, and how many there are at most."""
    with io.BufferedReader(io.FileIO(path), _BUFFER) as file:
        size = path.stat().st_size
        if file.peek(2)[:2] != _GZIP:
            yield file, size
            return
        with gzip.GzipFile(fileobj=file) as packed:
            yield io.BufferedReader(packed, _BUFFER), size * _GZIP_BEST


def _read(stream: io.BufferedReader, capacity: int, path: Path) -> WordVectors:
    num_words, dim = _read_header(stream, capacity)
    read = read_text_records if _is_text(stream.peek()) else read_binary_records
    words: list[str] = []
    numbers = bytearray()
    for word, values in read(stream, num_words, dim):
        words.append(word)
        numbers += values
    matrix = np.frombuffer(numbers, "<f4").reshape(num_words, dim)
    _check(words, matrix)
    return _without_repeats(words, matrix.astype(np.float32, copy=False), path)


def _read_header(stream: io.BufferedReader, capacity: int) -> tuple[int, int]:
    line = stream.readline(100)
    header = _HEADER.fullmatch(line)
    if not header:
        raise Broken(
            "a first line 'NUM_WORDS EMBEDDING_DIM'",
            ascii(line[:40].decode(errors="replace")) if line else "an empty file",
        )
    num_words, dim = map(int, header.groups())
    told = f"{num_words:,} words of {dim:,} numbers"
    if not (num_words and 0 < dim <= _MOST_DIMS):
        raise Broken(f"a word or more, of 1 to {_MOST_DIMS:,} numbers", told)
    # Even the shortest text, "a 0 0 ...", takes two bytes a number.
    if num_words * (2 + 2 * dim) > capacity:
        raise Broken(
            "a file as large as its first line says",
            f"{told} in at most {capacity:,} bytes",
        )
    return num_words, dim


def _is_text(sample: bytes) -> bool:
    """Tell by the first record, or else by the absence of what no text has."""
    first_numbers = sample.partition(b" ")[2].partition(b"\n")[0]
    if _NUMERIC.fullmatch(first_numbers):
        return True
    try:
        # Incremental, because the sample may end within a character.
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(sample)


def _check(words: list[str], matrix: np.ndarray) -> None:
    if -_GREATEST < matrix.min() and matrix.max() < _GREATEST:
        return  # comparisons with NaN are false
    for row, values in enumerate(matrix):
        bad = values[~(np.abs(values) < _GREATEST)]
        if bad.size:
            raise Broken(
                f"finite numbers below {_GREATEST:g}",
                f"{bad[0]} for word {row + 1:,}, {words[row]!r}",
            )


def _without_repeats(words: list[str], matrix: np.ndarray, path: Path) -> WordVectors:
    rows: dict[str, int] = {}
    for row, word in enumerate(words):
        rows.setdefault(word, row)
    if len(rows) < len(words):
        again = next(word for row, word in enumerate(words) if rows[word] != row)
        note(
            f"{path}: {len(words) - len(rows):,} words stand there again, such as"
            f" {again!r}; the first vector of each is kept"
        )
        matrix = matrix[list(rows.values())]
    # The formats tell no counts, only the order.
    return WordVectors(Vocabulary(tuple(rows), np.zeros(len(rows), np.int64)), matrix)


def _refuse(path: Path, expected: str, received: str) -> NoReturn:
    raise UserError(
        f"Expected in {path}: {expected}. Received: {received}. Name a whole file of"
        " word2vec's text or binary form."
    )
