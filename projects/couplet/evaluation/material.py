"""The pairs that models are examined on; found and read before any model is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from common.files import read_json
from projects.couplet.pairs.data import PairSplit, load_split
from projects.couplet.pairs.reading import Pairs, read_references
from projects.couplet.sources import find_couplets

MACHINE = (
    "The sample was written by the model that comes along: what is called human here"
    " are its answers. So this shows that all runs; it judges nobody."
)
_PUBLIC, _SAMPLE = "couplets", "sample"


@dataclass(frozen=True)
class Material:
    """Pairs of an examination.

    Attributes:
        data: What they are, as for `load_split`.
        part: "test" or "valid": the part that is asked about.
        split: The pairs.
        references: First lines of this part with all that people are known to have
            answered; empty where the answers of the pairs are all.
    """

    data: str
    part: str
    split: PairSplit
    references: Sequence[tuple[str, list[str]]] = ()

    @property
    def by_machine(self) -> bool:
        """Whether no person has written the answers."""
        return self.data == _SAMPLE

    @property
    def held_out(self) -> Pairs:
        """The pairs that are asked about."""
        return self.split.test if self.part == "test" else self.split.valid


def load_material(
    data: str | None,
    part: str,
    run: Path | None = None,
    cache: Path | None = None,
    *,
    limit: int = 0,
) -> Material:
    """Read pairs.

    Args:
        data: As for `load_split`; None: those that the run learned from.
        part: "test" or "valid".
        run: The folder of a run; None: the model that comes along.
        cache: The folder of downloads.
        limit: Most pairs that models that count learn from; 0: all.

    Raises:
        UserError: See `load_split`.
    """
    data = data or _data_of(run)
    split = load_split(data, cache, limit=limit)
    published = data == _PUBLIC and part == "test"
    references = read_references(find_couplets("test_refs", cache)) if published else ()
    return Material(data, part, split, references)


def _data_of(run: Path | None) -> str:
    if run is None:
        return _PUBLIC
    saved = read_json(run / "config.json", "the configuration of a run")
    return saved.get("config", {}).get("data", _PUBLIC)
