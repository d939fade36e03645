"""What belongs to a theme: characters that stand in one poem more often than by chance.

Not learned by the language model, whose vectors tell what may stand in the same place
(spring, autumn), not what goes together (spring, blossom).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import UserError
from common.files import atomic_write
from projects.couplet.tokens import Tokens

_KEPT = 24  # characters of a theme
_CAUTION = 10.0  # poems: so many in common halve the doubt
_SELF = 3.0  # nats for the character of the theme itself


@dataclass(frozen=True, eq=False)
class Themes:
    """Characters that go together.

    Attributes:
        partners: uint16, shape (ids, kept): the closest ids of each id.
        strengths: float16, the same shape: how close, nats, 0 for chance.
    """

    partners: np.ndarray
    strengths: np.ndarray

    @classmethod
    def of(cls, poems: Iterable[str], tokens: Tokens) -> "Themes":
        """Count in how many poems two characters stand together."""
        import scipy.sparse

        rows = [sorted(set(tokens.encode(poem))) for poem in poems]
        starts = np.cumsum([0, *map(len, rows)])
        columns = np.concatenate(rows)
        shape = (len(rows), len(tokens))
        data = np.ones(len(columns), "float32")
        seen = scipy.sparse.csr_matrix((data, columns, starts), shape)
        alone = np.maximum(np.asarray(seen.sum(axis=0)).ravel(), 1)
        together = (seen.T @ seen).toarray()
        with np.errstate(divide="ignore"):
            strengths = np.log(together * (len(rows) / alone) / alone[:, None])
        strengths = np.maximum(strengths, 0) * together / (together + _CAUTION)
        strengths[:, ~tokens.han_mask] = 0
        np.fill_diagonal(strengths, 0)
        kept = min(_KEPT, len(tokens))
        partners = np.argpartition(-strengths, kept - 1, axis=1)[:, :kept]
        values = np.take_along_axis(strengths, partners, axis=1)
        return cls(partners.astype(np.uint16), values.astype(np.float16))

    def bias(self, ids: Iterable[int]) -> np.ndarray:
        """Return what a theme adds to the log-probability of each id.

        Args:
            ids: The characters of the theme.

        Returns:
            float32, shape (ids,): 0 for what has nothing to do with it.
        """
        found = np.zeros(len(self.partners), "float32")
        for i in ids:
            np.maximum.at(found, self.partners[i], self.strengths[i])
            found[i] = max(found[i], _SELF)
        return found

    def save(self, path: Path) -> None:
        """Write the themes, .npz."""
        with atomic_write(path) as temporary:
            np.savez(temporary, partners=self.partners, strengths=self.strengths)

    @classmethod
    def load(cls, path: Path, num_tokens: int) -> "Themes":
        """Read what `save` wrote.

        Raises:
            UserError: The file is missing, broken, or of another model.
        """
        try:
            with open(path, "rb") as opened, np.load(opened) as file:
                themes = cls(file["partners"], file["strengths"])
        except FileNotFoundError:
            reason = "no such file"
        except Exception as error:  # zipfile and NumPy have a dozen
            reason = f"a broken file ({type(error).__name__})"
        else:
            if len(themes.partners) == len(themes.strengths) == num_tokens:
                return themes
            reason = f"{len(themes.partners)} characters, not {num_tokens}"
        raise UserError(
            f"Expected the themes of this model in {path}. Received: {reason}. Restore"
            " the file, or train again."
        )
