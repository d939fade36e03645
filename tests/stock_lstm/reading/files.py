"""Small price files for the tests of this folder."""

from projects.stock_lstm.data import CsvFormat, read_prices


def read(folder, text, sort=True, **said):
    path = folder / "x.csv"
    path.write_text(text)
    return read_prices(path, CsvFormat(**said), sort=sort)


def noted(prices, *words):
    notes = "\n".join(prices.notes)
    assert all(word in notes for word in words), notes


OHLCV = (
    "Date,Open,High,Low,Close,Volume\n"
    "2018-10-23,5,7,4,6,900\n2018-10-24,6.5,8,6,7.5,800\n"
)
HEAD = "Date,Open,Close\n"


def series(*rows):
    return HEAD + "".join(f"2018-10-{day},{o},{c}\n" for day, o, c in rows)
