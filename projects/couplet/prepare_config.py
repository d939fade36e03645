"""The options of `prepare.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError
from common.places import ResultOptions

_RELEASE = (
    "https://github.com/wb14123/couplet-dataset/releases/download/1.0/couplet.tar.gz"
)


@dataclass(frozen=True)
class PrepareConfig(ResultOptions):
    """What `prepare.py` was asked for."""

    collection: Path | None = option(
        None,
        "an archive or folder with train/in.txt, train/out.txt, test/in.txt,"
        " test/out.txt, or a file of two columns",
        positional=True,
    )
    output: Path | None = option(
        None, "folder to write; none: prepared_couplets among the downloaded data"
    )
    bad_words: Path | None = option(
        None, "list of words, one a line; pairs that have one are dropped"
    )
    longest: int = option(32, "characters of a line", minimum=1)
    valid: int = option(4000, "pairs to hold back for validation", minimum=1)
    test: int = option(
        4000, "pairs to hold back, if the collection holds none", minimum=1
    )
    seed: int = option(0, "of the draw", minimum=0, maximum=2**32 - 1)

    def __post_init__(self) -> None:
        """Refuse to prepare nothing."""
        super().__post_init__()
        if self.collection is None:
            raise UserError(
                "Expected a collection of couplets. Received: none. Get one, as from"
                f" {_RELEASE} (licence: AGPL-3.0), and name it."
            )
