"""The language model of poems when it sees no more than the last characters.

It was trained on whole poems, so a piece that begins in the middle is strange to it.
After a short lesson on pieces that begin anywhere, what it loses with a short view is
the worth of what it does not see.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import keras
import numpy as np

from common.compiled import compiled
from common.progress import Progress
from common.training import fit
from projects.couplet.metrics import perplexity
from projects.couplet.network.weights import load_weights
from projects.couplet.poems.batches import PieceBatches, Pieces
from projects.couplet.poems.corpus import align, clause_ends
from projects.couplet.poems.language_model import build_model
from projects.couplet.poems.poet import PRETRAINED, weights_path
from projects.couplet.poems.training import compile_model
from projects.couplet.tokens import BLANK, END, NUM_SPECIAL, START, Tokens

_FORM = 160, 320, 0.25  # embedding, units, dropout of the shipped model
_LONGEST = 65  # ids of a piece in the lesson
_ROWS = 512  # in one call of the model


def load_shipped() -> tuple[keras.Model, Tokens]:
    """Return the model of poems that comes with the project, and its characters."""
    tokens = Tokens.load(PRETRAINED)
    model = build_model(len(tokens), *_FORM)
    load_weights(model, weights_path(PRETRAINED))
    return model, tokens


@dataclass(frozen=True, eq=False)
class Views:
    """What is seen before each Chinese character of some poems, sorted by length.

    Attributes:
        inputs: For each length, "tokens" int32 `(characters, length)` and "above"
            int32 `(characters, length, NUM_ABOVE)`.
        targets: For each length the ids that follow, int64 `(characters,)`.
    """

    inputs: dict[int, dict[str, np.ndarray]]
    targets: dict[int, np.ndarray]

    @classmethod
    def of(cls, poems: Iterable[str], tokens: Tokens, longest: int) -> "Views":
        """Cut views of at most `longest` ids; the start of a poem counts as one."""
        rows: dict[int, list] = {}
        for poem in poems:
            text = Text(tokens.encode(poem), clause_ends(tokens))
            for end in 1 + np.flatnonzero(tokens.han_mask[text.ids]):
                begin = max(0, end - longest)
                rows.setdefault(end - begin, []).append(text.piece(begin, end))
        inputs, targets = {}, {}
        for length, parts in sorted(rows.items()):
            seen, above, after = map(np.stack, zip(*parts, strict=True))
            inputs[length] = {"tokens": seen, "above": above}
            targets[length] = after[:, -1]
        return cls(inputs, targets)


class Text:
    """A poem of which pieces are cut as if nothing stood before them."""

    def __init__(self, ids: Sequence[int], ends: Sequence[int]):
        """Find what stands above each character.

        Args:
            ids: Of the poem.
            ends: Ids that end a clause.
        """
        self.ids = np.array(ids, "int32")
        self._before = np.array([START, *ids], "int32")
        self._after = np.array([*ids, END], "int32")
        # Places in the disguise of ids, so that `align` tells where it looks.
        places = np.arange(len(ids)) + NUM_SPECIAL
        above = align(places, places[np.isin(self.ids, ends)])
        self._above = above - NUM_SPECIAL  # negative where there is none

    def piece(self, begin: int, end: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return inputs, above and targets from one place to another.

        Input 0 is the start, input i the i-th character. Of what stands above, only
        what is among the inputs is told.
        """
        places = self._above[begin:end]
        seen = np.where(places + 1 >= max(begin, 1), self.ids[places], BLANK)
        return self._before[begin:end], seen.astype("int32"), self._after[begin:end]


def measure_views(model: keras.Model, views: Views) -> float:
    """Return the perplexity per Chinese character."""
    run, found = compiled(_only_last(model)), []
    for length, targets in views.targets.items():
        for begin in range(0, len(targets), _ROWS):
            part = slice(begin, begin + _ROWS)
            logits = run({k: v[part] for k, v in views.inputs[length].items()})[:, 0]
            logits -= logits.max(axis=1, keepdims=True)
            taken = np.take_along_axis(logits, targets[part, None], axis=1)[:, 0]
            found.append(taken - np.log(np.exp(logits).sum(axis=1)))
    return perplexity(np.concatenate(found))


def _only_last(model: keras.Model) -> keras.Model:
    """Return a model of the same weights whose logits are those of the last step."""
    last = model.get_layer("features").output[:, -1:]
    return keras.Model(
        model.input, model.get_layer("characters")(last, reverse=True), name="last"
    )


def teach_to_begin_anywhere(
    model: keras.Model,
    poems: Sequence[str],
    tokens: Tokens,
    *,
    seed: int = 0,
    learning_rate: float = 1e-3,
    quiet: bool = False,
) -> None:
    """Train a model once on pieces of poems that begin at places of chance."""
    generator, ends = np.random.default_rng(seed), clause_ends(tokens)
    texts = [Text(tokens.encode(poem), ends) for poem in poems]
    begins = [int(generator.integers(len(text.ids))) for text in texts]
    pieces = [
        text.piece(begin, min(begin + _LONGEST, len(text.ids) + 1))
        for text, begin in zip(texts, begins, strict=True)
    ]
    batches = PieceBatches(Pieces.pack(pieces), batch_size=64, seed=seed)
    keras.utils.set_random_seed(seed)
    compile_model(model, learning_rate, len(batches))
    fit(model, batches, epochs=1, callbacks=[Progress("lesson", quiet=quiet)])
