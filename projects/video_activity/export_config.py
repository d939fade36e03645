"""The options of `export.py`."""

from dataclasses import dataclass

from common.config import option
from common.export_options import ExportOptions


@dataclass(frozen=True)
class ExportConfig(ExportOptions):
    """What `export.py` was asked for."""

    backbone: bool = option(
        False, "also the network that makes features of pictures; takes a minute"
    )
