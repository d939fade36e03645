"""The line pairs of a training: to learn from, to validate with, to test with."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import UserError
from projects.couplet.pairs.reading import Pairs, read_pairs
from projects.couplet.pairs.splitting import Pair, split_pairs
from projects.couplet.sources import SAMPLE, find_couplets
from projects.couplet.tokens import Tokens

_PARTS = ("train", "valid", "test")
_HELD = 0.05  # share of a file that is held back, once to validate and once to test
_MOST_HELD = 4000
_PLACES = (5, 15)  # of twenty pairs of the sample: for validation and for the test


@dataclass(frozen=True)
class PairSplit:
    """Pairs in three parts.

    Attributes:
        train: To learn from; vocabulary and counts come from here alone.
        valid: To choose with.
        test: To report with.
        sha256: Of the files that were read, one after another.
    """

    train: Pairs
    valid: Pairs
    test: Pairs
    sha256: str

    @property
    def facts(self) -> dict[str, Any]:
        """Return what tells these data from others, fit for JSON."""
        return {"sha256": self.sha256, "pairs": len(self.train)}

    def characters(self, min_count: int) -> Tokens:
        """Return the characters that stand so many times in the pairs to learn from.

        Raises:
            UserError: None of them is Chinese.
        """
        lines = [*self.train.first, *self.train.second]
        tokens = Tokens.from_lines(lines, min_count=min_count)
        if not tokens.han_mask.any():
            raise UserError(
                f"Expected Chinese characters that stand {min_count} times in"
                f" {self.train.name}. Received: none. Lower --min-count, or give more"
                " pairs."
            )
        return tokens


def load_split(data: str, cache: Path | None = None, *, limit: int = 0) -> PairSplit:
    """Load line pairs.

    Args:
        data: "couplets": the public set, prepared; "sample": machine-written pairs
            that come along; or a file of pairs, of which a twentieth each is drawn to
            validate and to test, so that no line stands in two parts; or a folder with
            files train, valid and test, taken as they are.
        cache: The folder of downloads.
        limit: Most pairs to learn from, the first; 0: all.

    Raises:
        UserError: There is no such file, or a line of it is no pair.
    """
    if data == "couplets":
        return _read_parts([find_couplets(part, cache) for part in _PARTS], limit)
    if data == "sample":
        return _read_sample(limit)
    path = Path(data).expanduser()
    if path.is_dir():
        return _read_parts([_find_part(path, part) for part in _PARTS], limit)
    if not path.is_file():
        raise UserError(
            "Expected couplets, sample, a file of two columns or a folder with train,"
            f" valid and test. Received: --data {data}, and there is no {path}. Name"
            " another, or prepare one with prepare.py."
        )
    return _split_file(path, limit)


def _read_parts(paths: Sequence[Path], limit: int) -> PairSplit:
    limits = (limit, 0, 0)
    train, valid, test = (
        read_pairs(path, limit=most) for path, most in zip(paths, limits, strict=True)
    )
    return PairSplit(train, valid, test, _hash(paths))


def _find_part(folder: Path, part: str) -> Path:
    found = [path for path in folder.iterdir() if path.name.split(".")[0] == part]
    if len(found) != 1:
        names = " and ".join(sorted(path.name for path in found)) or "none"
        raise UserError(
            f"Expected one file {part}.tsv.xz (or .tsv, .csv, .txt, .gz) in {folder}."
            f" Received: {names}. prepare.py writes such a folder."
        )
    return found[0]


def _split_file(path: Path, limit: int) -> PairSplit:
    pairs = read_pairs(path)
    different = list(dict.fromkeys(zip(pairs.first, pairs.second, strict=True)))
    held = max(1, min(_MOST_HELD, round(_HELD * len(different))))
    split = split_pairs(different, None, num_valid=held, num_test=held, seed=0)
    parts = [split.train[: limit or None], split.valid, split.test]
    if not all(parts):
        raise UserError(
            f"Expected more pairs in {path}: some to learn from that share no line with"
            f" those held back to validate and to test. Received: {len(different)}"
            " different pairs. Give more."
        )
    return _name_parts(parts, path.name, path)


def _read_sample(limit: int) -> PairSplit:
    """Split by place, for good: no line of the sample stands there twice."""
    pairs = read_pairs(SAMPLE)
    rows = list(zip(pairs.first, pairs.second, strict=True))
    held = [rows[place::20] for place in _PLACES]
    train = [row for number, row in enumerate(rows) if number % 20 not in _PLACES]
    return _name_parts([train[: limit or None], *held], "sample", SAMPLE)


def _name_parts(parts: Sequence[Sequence[Pair]], name: str, path: Path) -> PairSplit:
    train, valid, test = (
        Pairs([a for a, _ in rows], [b for _, b in rows], f"{name}:{part}")
        for part, rows in zip(_PARTS, parts, strict=True)
    )
    return PairSplit(train, valid, test, _hash([path]))


def _hash(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()
