"""What the user may say about a price file; all else is found out."""

from dataclasses import dataclass

from common.errors import UserError
from projects.stock_lstm.reading.cells import DECIMALS, shown
from projects.stock_lstm.reading.dates import DATE_ORDERS


@dataclass(frozen=True)
class CsvFormat:
    """What the user says about a file; None: found out.

    Attributes:
        column: The column to forecast, by its own name or its role ("close").
        date_column: The column of dates.
        date_order: One of "ymd", "dmy", "mdy".
        delimiter: What parts the cells.
        decimal: "point" or "comma".
        encoding: Python's name of it.
        drop_missing: Leave out rows with some prices missing.
        last_rows: Keep only the newest rows; 0: all.
    """

    column: str | None = None
    date_column: str | None = None
    date_order: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    drop_missing: bool = False
    last_rows: int = 0

    def __post_init__(self):
        """Refuse what cannot be before any file is read."""
        for flag, value, known in (
            ("--date-order", self.date_order, DATE_ORDERS),
            ("--decimal", self.decimal, DECIMALS),
        ):
            if value is not None and value not in known:
                raise UserError(
                    f"One of {', '.join(known)} expected for {flag}. "
                    f"Received: {shown(value)}."
                )
        if self.last_rows < 0:
            raise UserError(
                "A number of rows, 0 for all, expected for --last-rows. "
                f"Received: {self.last_rows}."
            )
