"""The names which columns of price files bear, in exports from many lands."""

import re
import unicodedata

OHLC = ("open", "high", "low", "close")
# In order of preference: "Last" is the close only where no "Close" is.
_ALIASES = {
    "open": (
        "open|open price|opening price|o|开盘|开盘价|今开|始値|eröffnung|erster"
        "|ouverture|apertura|abertura"
    ),
    "high": "high|high price|h|最高|最高价|高値|hoch|haut|plus haut|máximo",
    "low": "low|low price|l|最低|最低价|安値|tief|bas|plus bas|mínimo",
    "close": (
        "close|close/last|close price|closing price|c|收盘|收盘价|終値|schluss"
        "|schlusskurs|clôture|cierre|chiusura|price|last|last price|最新价|adj close"
    ),
    "volume": (
        "volume|vol|v|total trade quantity|total traded quantity|shares traded|成交量"
        "|出来高|总手|volumen|stücke|quantity|tick volume|tickvol"
    ),
}
ROLES = {role: tuple(names.split("|")) for role, names in _ALIASES.items()}
DATES = tuple(
    (
        "date|t|datetime|date time|timestamp|time|day|trade date|trading date"
        "|trading day|日期|交易日期|交易日|时间|交易时间|日付|datum|fecha|data|unix"
        "|unix time|unix timestamp|open time|opentime|dtyyyymmdd|observation date"
    ).split("|")
)
CLOCKS = tuple("time|时间|hour|uhrzeit|zeit|heure|hora|ora".split("|"))
# Numbers beside the prices, which are never meant when no column is named.
NO_PRICES = frozenset(
    (
        "turnover|amount|value|成交额|成交金额|换手率|涨跌幅|涨跌额|振幅|change|chg"
        "|change %|returns|trades|spread|openint|open interest|dividends|stock splits"
        "|per|market cap|marketcap"
    ).split("|")
)
# Names that show that a text has been decoded rightly.
CHINESE = frozenset(
    name
    for name in sum(ROLES.values(), DATES)
    if unicodedata.name(name[0]).startswith("CJK")
)


def plain(name: str) -> str:
    """Return a name without case, marks and units.

    Args:
        name: As the header has it: "<Adj. Close*> (USD)" becomes "adj close".
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    without_units = re.sub(r"\(.*?\)|\[.*?\]|^\W*\d+\.", " ", folded)
    return " ".join(re.sub(r"[^\w%/]|_", " ", without_units).split())


def find_roles(header: tuple[str, ...]) -> dict[str, int]:
    """Return the position of each column that has a role (open ... volume).

    Args:
        header: Names of the columns.

    Raises:
        ValueError: Two columns have the same name, and that name has a role.
    """
    names = [plain(name) for name in header]
    found = {}
    for role, aliases in ROLES.items():
        alias = next((alias for alias in aliases if alias in names), None)
        if alias and names.count(alias) > 1:
            raise ValueError(alias)
        if alias:
            found[role] = names.index(alias)
    return found
