"""The options of `check.py`."""

from dataclasses import dataclass

from common.config import option
from common.errors import UserError
from common.run_options import DataOptions


@dataclass(frozen=True)
class CheckConfig(DataOptions):
    """What `check.py` was asked for."""

    first: str = option("", "first line (上联)", positional=True)
    second: str = option(
        "", "second line (下联); without it the first is judged alone", positional=True
    )
    json: bool = option(False, "answer in JSON, on one line")
    download: bool = option(False, "fetch the tones of 平水韵 if they are not at hand")

    def __post_init__(self) -> None:
        """Refuse to judge nothing."""
        if not self.first.strip():
            raise UserError(
                "Expected a first line, or a pair. Received: nothing. Try:"
                " check.py 风云三尺剑 花鸟一床书"
            )
