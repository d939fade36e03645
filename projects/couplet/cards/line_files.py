"""Files of first lines, and tables of their answers."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from common.errors import UserError, note
from common.files import write_text
from common.meter import Meter
from projects.couplet.cards.cards import Sheet, make_sheet
from projects.couplet.decoding.locks import find_locks
from projects.couplet.decoding.request import Request
from projects.couplet.lines.characters import check_line
from projects.couplet.pairs.reading import read_lines

if TYPE_CHECKING:
    from projects.couplet.writer import Answer, Writer

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_COLUMNS = ("number", "first", "rank", "second", "score", "fluency", "broken_rules")
_AT_ONCE = 256  # lines given to the writer
_MOST_TOLD = 10  # line numbers in an error


def read_first_lines(
    path: Path, request: Request, *, skip_bad: bool = False
) -> list[str]:
    """Read first lines, one in a row; empty rows are passed over.

    Args:
        path: a text in UTF-8; `-` is what is piped in.
        request: what will be asked of each line.
        skip_bad: whether to leave out rows that cannot be answered, and to say so
            on stderr.

    Returns:
        The lines, normalized.

    Raises:
        UserError: A row cannot be answered, or there is none at all.
    """
    lines, wrong = [], {}
    source = Path("/dev/stdin") if str(path) == "-" else path
    for number, text in enumerate(read_lines(source), 1):
        if not text.strip():
            continue
        try:
            line = check_line(text)
            find_locks(line, request)
        except UserError as error:
            wrong[number] = error
        else:
            lines.append(line)
    if wrong:
        _tell(path, wrong, skip_bad)
    if not lines:
        raise UserError(f"Expected first lines in {path}. Received: none.")
    return lines


def answer_lines(
    lines: Sequence[str],
    request: Request,
    writer: "Writer",
    *,
    skip_bad: bool = False,
    quiet: bool = False,
) -> list[Sheet]:
    """Answer many first lines, those of one length together.

    Args:
        lines: first lines, normalized.
        request: what is asked of each.
        writer: of second lines.
        skip_bad: whether to leave out lines that have no answer, and to say so.
        quiet: whether to show no progress.

    Returns:
        A sheet for each line, in the order of the lines.

    Raises:
        UserError: A line has no answer, such as one that strict tones forbid.
    """
    order = sorted(range(len(lines)), key=lambda number: len(lines[number]))
    sheets: dict[int, Sheet] = {}
    with Meter("answering", len(lines), "lines", quiet=quiet) as meter:
        for begin in range(0, len(order), _AT_ONCE):
            part = order[begin : begin + _AT_ONCE]
            asked = [lines[number] for number in part]
            answers = _answer(asked, request, writer, skip_bad)
            for number, found in zip(part, answers, strict=True):
                if found:
                    sheets[number] = make_sheet(lines[number], found, writer)
            meter.show(begin + len(part))
    return [sheets[number] for number in sorted(sheets)]


def write_table(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write answers as .csv or .tsv, a row each, or as .jsonl, a line a sheet.

    Args:
        path: ends as one of these; folders are made.
        sheets: of first lines and their cards.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(
        path, _as_json(sheets) if path.suffix == ".jsonl" else _rows(path, sheets)
    )


def _rows(path: Path, sheets: Sequence[Sheet]) -> str:
    text = io.StringIO()
    table = csv.writer(text, delimiter=_DELIMITERS[path.suffix], lineterminator="\n")
    table.writerow(_COLUMNS)
    for number, sheet in enumerate(sheets, 1):
        for rank, card in enumerate(sheet.cards, 1):
            broken = [f.rule for f in card.findings if f.passed is False]
            fluency = "" if card.fluency is None else f"{card.fluency:.4f}"
            figures = (f"{card.score:.4f}", fluency)
            row = (number, card.first, rank, card.second, *figures, "; ".join(broken))
            table.writerow(row)
    return text.getvalue()


def _as_json(sheets: Sequence[Sheet]) -> str:
    rows = (json.dumps(sheet.to_dict(), ensure_ascii=False) for sheet in sheets)
    return "".join(f"{row}\n" for row in rows)


def _answer(
    lines: list[str], request: Request, writer: "Writer", skip_bad: bool
) -> "list[list[Answer]]":
    """Answer lines together; when one has no answer, find out which."""
    try:
        return writer.answer_many(lines, request)
    except UserError:
        return [_answer_one(line, request, writer, skip_bad) for line in lines]


def _answer_one(
    line: str, request: Request, writer: "Writer", skip_bad: bool
) -> "list[Answer]":
    try:
        return writer.answer(line, request)
    except UserError as error:
        if not skip_bad:
            raise UserError(f"{line} has no answer. {error}") from error
        note(f"left out: {line} has no answer. {error}")
        return []


def _tell(path: Path, wrong: dict[int, UserError], skip_bad: bool) -> None:
    """Tell which rows cannot be answered: the first one why, the others where."""
    number, *others = wrong
    told = f"row {number} of {path}: {wrong[number]}"
    if others:
        numbers = ", ".join(map(str, others[:_MOST_TOLD]))
        more = ", ..." if len(others) > _MOST_TOLD else ""
        told += (
            f" Rows that cannot be answered either ({len(others)}): {numbers}{more}."
        )
    if not skip_bad:
        raise UserError(f"In {told} --skip-bad leaves such rows out.")
    note(f"left out: {told}")
