"""All that writing poems takes, in one folder of a few megabytes."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from common.errors import UserError
from common.files import read_json, write_json
from projects.couplet.decoding.constraints import Alphabet
from projects.couplet.lines.characters import normalize
from projects.couplet.lines.tones import LEVEL, Tones
from projects.couplet.lines.traditional import to_simplified
from projects.couplet.poems.novelty import KnownClauses
from projects.couplet.poems.steps import PoemSteps
from projects.couplet.poems.themes import Themes
from projects.couplet.tokens import UNKNOWN, Tokens

PRETRAINED = Path(__file__).parents[1] / "pretrained" / "poems"
SUBFOLDER = "poet"  # of a run
_FACTS, _WEIGHTS = "poet.json", "weights.npz"
_LEAST = 8  # characters of a rhyme: a poem needs five
_KNOWN, _THEMES = "known_clauses.npy", "themes.npz"


@dataclass(frozen=True, eq=False)
class Poet:
    """A language model of poems, and what it must know beside.

    Attributes:
        tokens: The characters.
        steps: The model.
        known: The clauses that it has read.
        themes: Which characters go together.
        tones: Tones and rhymes.
    """

    tokens: Tokens
    steps: PoemSteps
    known: KnownClauses
    themes: Themes
    tones: Tones

    @classmethod
    def load(cls, folder: Path | None = None, tones: Tones | None = None) -> "Poet":
        """Read a poet; None: the one that comes with the project.

        Args:
            folder: What `save_poet` wrote into, or a run that has it as `poet`.
            tones: Tones and rhymes; None: `Tones.load()`.

        Raises:
            UserError: The folder holds none, or a file in it is broken.
        """
        folder = Path(folder or PRETRAINED)
        if not folder.is_dir():
            raise UserError(
                f"Expected a model of poems. Received: no folder {folder}. Make one"
                " with train_poems.py and name its run with --poet."
            )
        if (folder / SUBFOLDER).is_dir():
            folder = folder / SUBFOLDER
        facts = read_json(folder / _FACTS, "the form of a poem model")
        tokens = Tokens.load(folder)
        if not (
            isinstance(facts, dict)
            and all(type(facts.get(key)) is int for key in ("embedding_dim", "units"))
        ):
            raise UserError(
                f"Expected embedding_dim and units in {folder / _FACTS}. Received:"
                f" {str(facts)[:60]}. Restore the file, or train again."
            )
        sizes = len(tokens), facts["embedding_dim"], facts["units"]
        return cls(
            tokens,
            PoemSteps.load(folder / _WEIGHTS, *sizes),
            KnownClauses.load(folder / _KNOWN),
            Themes.load(folder / _THEMES, len(tokens)),
            tones or Tones.load(),
        )

    @cached_property
    def alphabet(self) -> Alphabet:
        """Which characters may be read in which tone."""
        return Alphabet(self.tokens, self.tones)

    @cached_property
    def rhymes(self) -> dict[str, np.ndarray]:
        """The level rhymes that are wide enough: booleans over ids, by their names."""
        found: dict[str, np.ndarray] = {}
        for number in np.flatnonzero(self.tokens.han_mask).tolist():
            for name in self._level_rhymes(self.tokens.character(number)):
                mask = found.setdefault(name, np.zeros(len(self.tokens), bool))
                mask[number] = True
        return {name: mask for name, mask in found.items() if mask.sum() >= _LEAST}

    def id(self, char: str) -> int:
        """Return the id of a character that a user wants, traditional or not.

        Raises:
            UserError: The model does not know it.
        """
        number = self.tokens.id(to_simplified(normalize(char)))
        if number == UNKNOWN or not self.tokens.han_mask[number]:
            raise UserError(
                "Expected Chinese characters that Tang poems have more than a few"
                f" times. Received: {ascii(char) if not char.isprintable() else char}."
                " Choose another."
            )
        return number

    def ids(self, text: str) -> list[int]:
        """Return the ids of characters that a user wants; raises as `id` does."""
        return [self.id(char) for char in normalize(text)]

    def _level_rhymes(self, char: str) -> set[str]:
        groups = self.tones.groups.get(char)
        if groups is not None:
            return {name for section, name in groups if LEVEL in section}
        if not self.tones.of(char).may_be(LEVEL):
            return set()
        return {name for name in self.tones.rhyme(char) if name.endswith(LEVEL)}


def save_poet(
    folder: Path,
    tokens: Tokens,
    known: KnownClauses,
    themes: Themes,
    facts: dict[str, int],
) -> None:
    """Write all of a poet but the weights, which `save_weights` writes.

    Args:
        folder: Where; it exists.
        tokens: The characters.
        known: The clauses that it has read.
        themes: Which characters go together.
        facts: `embedding_dim` and `units` of the model.
    """
    tokens.save(folder)
    known.save(folder / _KNOWN)
    themes.save(folder / _THEMES)
    write_json(folder / _FACTS, facts)


def weights_path(folder: Path) -> Path:
    """Return where the weights of a poet lie."""
    return folder / _WEIGHTS
