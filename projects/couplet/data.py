"""The line pairs of a training: to learn from, to validate with, to test with."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from projects.couplet.reading import Pairs, read_pairs
from projects.couplet.sources import find_couplets

_PARTS = ("train", "valid", "test")


@dataclass(frozen=True)
class PairSplit:
    """Pairs in three parts that share no line.

    Attributes:
        train: To learn from; vocabulary and counts come from here alone.
        valid: To choose with.
        test: To report with.
        sha256: Of the files, in this order.
    """

    train: Pairs
    valid: Pairs
    test: Pairs
    sha256: str


def load_split(data: str, cache: Path | None = None, *, limit: int = 0) -> PairSplit:
    """Load line pairs.

    Args:
        data: "couplets": the public set.
        cache: The folder of downloads.
        limit: Most pairs to learn from; 0: all.

    Raises:
        UserError: There is no such file, or a line of it is no pair.
    """
    paths = [find_couplets(part, cache) for part in _PARTS]
    train, valid, test = (
        read_pairs(path, limit=limit if part == "train" else 0)
        for part, path in zip(_PARTS, paths, strict=True)
    )
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return PairSplit(train, valid, test, digest.hexdigest())
