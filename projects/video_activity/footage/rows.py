"""Rows of a CSV file that a person wrote, with their numbers."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from common.errors import UserError


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict]]:
    """Read a CSV file in UTF-8 whose first line names the columns.

    Args:
        path: The file.
        columns: Those that must be there; others may be.

    Yields:
        The number of the row's line in the file, and its cells by column, stripped.

    Raises:
        UserError: No such file, no UTF-8, columns missing, a ragged row.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            yield from _rows(path, csv.DictReader(file, strict=True), columns)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError(
            f"Expected a CSV file in UTF-8. Received: {path}: {error}. Save it anew."
        ) from None
    except OSError as error:
        raise unreadable(path, error) from None


def unreadable(path: Path | str, error: OSError) -> UserError:
    """Return the error for what the system does not let us read."""
    return UserError(
        f"Expected a file or folder that can be read. Received: {path}:"
        f" {error.strerror or error}. Check its name and its permissions."
    )


def _rows(
    path: Path, table: csv.DictReader, columns: Sequence[str]
) -> Iterator[tuple[int, dict]]:
    table.fieldnames = [name.strip() for name in table.fieldnames or ()]
    missing = [name for name in columns if name not in table.fieldnames]
    if missing:
        raise UserError(
            f"Expected the columns {', '.join(columns)} in {path}. Received:"
            f" {','.join(table.fieldnames) or 'an empty file'}. Add"
            f" {', '.join(missing)} to the first line, separated by commas."
        )
    for row in table:
        if None in row or None in row.values():
            raise UserError(
                f"Expected {len(table.fieldnames)} cells in each row. Received: row"
                f" {table.line_num} of {path}, which has another number. Mend it."
            )
        yield table.line_num, {name: cell.strip() for name, cell in row.items()}
