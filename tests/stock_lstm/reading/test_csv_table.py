import pytest

from common.errors import UserError
from projects.stock_lstm.reading.csv_table import open_table


def table(folder, text, **said):
    path = folder / "x.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return open_table(path, **said)


def rows(opened, size=2000):
    chunks = list(opened.chunks(size))
    lines = [line for chunk in chunks for line in chunk.lines]
    return lines, [row for chunk in chunks for row in chunk.rows]


PLAIN = [["2018-10-24", "5", "6"], ["2018-10-25", "7", "8"]]


@pytest.mark.parametrize(
    "text",
    [
        "Date,Open,Close\n2018-10-24,5,6\n2018-10-25,7,8\n",
        "Date;Open;Close\r\n2018-10-24;5;6\r\n2018-10-25;7;8",
        "Date\tOpen\tClose\r2018-10-24\t5\t6\r2018-10-25\t7\t8\r",
        "Date|Open|Close\n2018-10-24|5|6\n2018-10-25|7|8\n",
        '"Date", "Open", "Close"\n"2018-10-24", "5", "6"\n2018-10-25, 7, 8\n',
        "Date,Open,Close,\n2018-10-24,5,6\n2018-10-25,7,8\n",
        "Date,Open,Close\n2018-10-24,5,6,\n2018-10-25,7,8,\n",
    ],
)
def test_delimiters_and_line_ends(tmp_path, text):
    opened = table(tmp_path, text)
    assert [name for name in opened.header if name] == ["Date", "Open", "Close"]
    lines, found = rows(opened)
    assert [row[:3] for row in found] == PLAIN
    assert lines == [2, 3]


def test_the_delimiter_that_is_said(tmp_path):
    text = "Date Open\n2018-10-24 5\n"
    assert table(tmp_path, text, delimiter=" ").header == ("Date", "Open")
    text = text.replace(" ", "\t")
    assert table(tmp_path, text, delimiter="tab").header == ("Date", "Open")
    with pytest.raises(UserError, match="--delimiter"):
        table(tmp_path, text, delimiter="::")


def test_decimal_commas_do_not_part_cells(tmp_path):
    opened = table(tmp_path, "Datum;Schluss\n24.10.2018;5,5\n25.10.2018;6,5\n")
    assert rows(opened)[1] == [["24.10.2018", "5,5"], ["25.10.2018", "6,5"]]


@pytest.mark.parametrize(
    ("top", "skipped"),
    [
        ("# source: https://x.org\n", 1),
        ("sep=,\r\n", 1),
        ("\n\n", 2),
        ("Prices of X\nBased on data, as it is\n\n", 3),
    ],
)
def test_what_stands_above_the_header_is_skipped(tmp_path, top, skipped):
    opened = table(tmp_path, top + "Date,Open,Close\n2018-10-24,5,6\n2018-10-25,7,8\n")
    assert opened.header == ("Date", "Open", "Close")
    assert rows(opened) == ([skipped + 2, skipped + 3], PLAIN)


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (
            "Price,Close,Open\nTicker,600519.SS,600519.SS\nDate,,\n",
            ("Date", "Close", "Open"),
        ),
        ("Ticker,AAPL,AAPL\nPrice,Close,Open\nDate,,\n", ("Date", "Close", "Open")),
        (
            "Price,Close,Close\nTicker,AAPL,MSFT\nDate,,\n",
            ("Date", "AAPL", "MSFT"),
        ),
        (
            "Price,Close,Open\nTicker,AAPL,MSFT\nDate,,\n",
            ("Date", "Close AAPL", "Open MSFT"),
        ),
        ("Date,Close,Open\n,USD,USD\n", ("Date", "Close", "Open")),
    ],
)
def test_head_rows_are_merged(tmp_path, head, names):
    opened = table(tmp_path, head + "2018-10-24,5,6\n2018-10-25,7,8\n")
    assert opened.header == names
    assert opened.head_lines == head.count("\n")
    assert rows(opened)[1] == PLAIN


def test_remarks_below_the_rows_are_skipped(tmp_path):
    opened = table(tmp_path, "Date,Open\n2018-10-24,5\n#source: x\n")
    assert rows(opened) == ([2], [["2018-10-24", "5"]])
    assert opened.first_rows(10).rows == [["2018-10-24", "5"]]


def test_blank_rows_are_skipped_and_lines_still_right(tmp_path):
    text = "Date,Open\n2018-10-24,5\n\n , \n,\n2018-10-25,6\n"
    assert rows(table(tmp_path, text)) == (
        [2, 6],
        [["2018-10-24", "5"], ["2018-10-25", "6"]],
    )


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_chunks_of_any_size_give_the_same_rows(tmp_path, size):
    text = "# x\nDate,Open\n" + "".join(
        f"2018-10-{day},{day}\n" + "\n" * (day % 3 == 0) for day in range(10, 31)
    )
    opened = table(tmp_path, text)
    assert rows(opened, size) == rows(opened)
    lines, found = rows(opened, size)
    assert len(found) == 21
    assert all(
        text.split("\n")[line - 1] == ",".join(row)
        for line, row in zip(lines, found, strict=True)
    )


def refused(folder, text, *words, **said):
    with pytest.raises(UserError) as caught:
        rows(table(folder, text, **said), 2)
    for word in ("x.csv", *words):
        assert word in str(caught.value)


def test_ragged_rows_are_refused_with_their_line(tmp_path):
    good = "Date,Open,Close\n2018-10-24,5,6\n\n2018-10-25,5,6\n"
    refused(tmp_path, good + "2018-10-26,5,6,7\n", "row 5", "Received: 4", "5,6,7")
    refused(tmp_path, good + "2018-10-26,5\n", "row 5", "Received: 2")


def test_rows_which_are_all_too_long_are_not_shifted(tmp_path):
    """Pandas would silently make the dates an index and move every column."""
    text = "Date,Open,Close\n2018-10-24,5,6,7\n2018-10-25,5,6,7\n"
    refused(tmp_path, text, "row 2", "3 cells", "Received: 4")


def test_one_column_or_the_wrong_delimiter(tmp_path):
    refused(tmp_path, "Open\n5\n6\n", "one column", "--delimiter")
    refused(tmp_path, "Date^Open\n2018-10-24^5\n", "'Date^Open'", "--delimiter")
    refused(tmp_path, "Date,Open\n2018-10-24,5\n", "--delimiter", delimiter=";")


def test_header_only_and_no_header(tmp_path):
    refused(tmp_path, "Date,Open,Close\n", "Rows", "below the header")
    refused(tmp_path, "Date,Open\na,b\n", "Rows", "below the header")
    refused(tmp_path, "2018-10-24,5\n2018-10-25,6\n", "Names of columns")


def test_a_quotation_mark_that_is_not_closed(tmp_path):
    rows_ = "".join(f"2018-10-{day},5\n" for day in range(10, 31))
    refused(tmp_path, 'Date,Open\n2018-10-09,4\n2018-10-09,"5\n' + rows_, "row 3")
    long = 'Date,Open\n2018-10-09,4\n"' + "2018-10-10,5\n" * 20_000
    refused(tmp_path, long, "row", "field limit")


def test_guessed_chinese_needs_a_known_name(tmp_path):
    text = "日期,收盘\n2018-10-24,5\n".encode("gb18030")
    assert table(tmp_path, text, witnesses={"收盘"}).header == ("日期", "收盘")
    refused(tmp_path, text, "offset 0", "--encoding", witnesses={"开盘"})
    said = table(tmp_path, text, encoding="gbk")
    assert said.header == ("日期", "收盘")
