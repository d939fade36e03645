"""Files of test questions: analogies, and pairs of words that people have judged."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from common.errors import UserError

Analogies = dict[str, list[tuple[str, str, str, str]]]
Pairs = list[tuple[str, str, float]]

_LONGEST_LINE = 10_000  # bytes; a corpus given by mistake may be one giant line
_SHOWN = 60  # characters of a wrong line


def read_analogies(path: Path) -> Analogies:
    """Read questions such as "Athens Greece Baghdad Iraq": a is to b as c is to d.

    The format is that of word2vec's questions-words.txt and of CA8: four words a
    line, and lines ": name" that begin a section. Empty lines and those that begin
    with # count for nothing.

    Args:
        path: A UTF-8 text file.

    Returns:
        The questions of each section, as written, in the order of the file.

    Raises:
        UserError: The file is missing, no UTF-8 text, without any question, or a
            line is neither a question nor the name of a section.
    """
    sections: Analogies = {}
    questions = None
    for number, line in _lines(path):
        if line.startswith(":"):
            questions = sections.setdefault(line[1:].strip(), [])
            continue
        words = tuple(line.split())
        if questions is None:
            _refuse(path, number, "': ' and the name of a section first", line)
        if len(words) != 4:
            _refuse(path, number, "four words, or ': ' and the name of a section", line)
        questions.append(words)
    if not any(sections.values()):
        raise UserError(
            f"Expected analogies in {path}. Received: no question at all. Give a file"
            " with lines of four words below ': name of a section'."
        )
    return sections


def read_pairs(path: Path) -> Pairs:
    """Read lines of two words and how alike people find them.

    Tabs part the columns, or else commas, or else blanks. The first line may be a
    heading. Empty lines and those that begin with # count for nothing.

    Args:
        path: A UTF-8 text file.

    Returns:
        Two words, as written, and the score, in the order of the file.

    Raises:
        UserError: The file is missing, no UTF-8 text, without any pair, or a line
            is not two words and a number.
    """
    pairs, is_first = [], True
    for number, line in _lines(path):
        separator = next((s for s in "\t," if s in line), None)
        columns = [column.strip() for column in line.split(separator)]
        score = _as_number(columns[-1])
        well_formed = len(columns) == 3 and all(columns)
        if well_formed and score is not None:
            pairs.append((columns[0], columns[1], score))
        elif not (well_formed and is_first):
            _refuse(path, number, "two words and a number", line)
        is_first = False
    if not pairs:
        raise UserError(
            f"Expected pairs of words in {path}. Received: none. Give a file with"
            " lines of two words and a number."
        )
    return pairs


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that count, with their numbers."""
    with _open(path) as file:
        start, number = 0, 0
        while line := file.readline(_LONGEST_LINE):
            number += 1
            if b"\0" in line:
                _refuse(path, number, "text", "a NUL byte, as in a binary file")
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeDecodeError as error:
                reason = f"byte {start + error.start} of the file is no UTF-8"
                _refuse(path, number, "UTF-8 text", reason)
            start += len(line)
            if text and not text.startswith("#"):
                yield number, text


def _open(path: Path):
    try:
        return open(path, "rb")
    except FileNotFoundError:
        reason = "no such file"
    except (IsADirectoryError, NotADirectoryError):
        reason = "no file, or below what is no folder"
    raise UserError(
        f"Expected a file of test questions. Received: {path}, {reason}. Mend the path."
    )


def _as_number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _refuse(path: Path, number: int, expected: str, received: str) -> NoReturn:
    shown = received if len(received) <= _SHOWN else received[:_SHOWN] + "..."
    raise UserError(
        f"Expected {expected} in line {number} of {path}. Received: {shown}."
        " Mend or remove the line."
    )
