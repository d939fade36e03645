"""What one word of a text costs to learn from, by output and size of the vocabulary.

The text is drawn by Zipf's law, as the meaning of words does not change the cost.
"""

import time
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
from keras import ops

from projects.word2vec.banded import make_program, to_tables
from projects.word2vec.fast import draw_slabs, initial_matrices, make_objective
from projects.word2vec.huffman import build_tree
from projects.word2vec.pairs import FIRST_OF_SENTENCE
from projects.word2vec.reference import Recipe

OUTPUTS = ("softmax", "hierarchical", "negative")
NEGATIVE = 5
_WORDS = 50_000  # of the text
_COUNTED = 1e9  # words of the larger text that the counts are of
_SENTENCE = 1000  # words


class ZipfText:
    """A text whose word of rank r is 1 / r as common as the first one."""

    def __init__(self, num_words: int, seed: int = 0):
        """Draw a text.

        Args:
            num_words: Size of the vocabulary.
            seed: Of the draw.
        """
        shares = 1 / np.arange(1, num_words + 1)
        shares /= shares.sum()
        counts = np.round(shares * _COUNTED).astype(np.int64)
        self.vocabulary = SimpleNamespace(counts=counts)
        self.num_tokens = _WORDS
        random = np.random.default_rng(seed)
        self._tokens = random.choice(num_words, _WORDS, p=shares).astype(np.uint32)
        self._tokens[::_SENTENCE] |= FIRST_OF_SENTENCE

    def read(self, start: int, count: int) -> np.ndarray:
        """Return tokens as `Corpus.read` does."""
        return self._tokens[start : start + count]


@dataclass(frozen=True)
class Arithmetic:
    """How many rows of the output matrix one prediction reads, without any machine."""

    softmax: float
    hierarchical: float
    negative: float


def count_rows(num_words: int) -> Arithmetic:
    """Count: all words; the mean way through Huffman's tree; one and the noise."""
    counts = ZipfText(num_words).vocabulary.counts
    way = build_tree(counts).lengths @ counts / counts.sum()
    return Arithmetic(float(num_words), float(way), 1.0 + NEGATIVE)


class Step:
    """The compiled training step of one output and one size of the vocabulary."""

    def __init__(self, output: str, num_words: int, embedding_dim: int):
        """Compile it, and make one slab of text ready.

        Args:
            output: One of `OUTPUTS`.
            num_words: Size of the vocabulary.
            embedding_dim: Numbers per word.
        """
        text = ZipfText(num_words)
        recipe = _recipe(output, embedding_dim)
        objective = make_objective(text, recipe)
        layout = objective.layout
        self._words = layout.steps * layout.batch_size
        self._program = make_program(objective)
        self._constants = {
            name: ops.convert_to_tensor(array)
            for name, array in objective.constants.items()
        }
        *_, self._slab = next(draw_slabs(text, recipe, objective, 0))
        self._tables = to_tables(*initial_matrices(num_words, objective, recipe))
        self._run()

    def microseconds_per_word(self, seconds: float) -> float:
        """Run for so many seconds at least; return the time of one center word."""
        begun, runs = time.perf_counter(), 0
        while time.perf_counter() < begun + seconds:
            self._run()
            runs += 1
        return 1e6 * (time.perf_counter() - begun) / (runs * self._words)

    def _run(self) -> None:
        *self._tables, loss = self._program(*self._tables, self._constants, self._slab)
        float(loss)
        ops.convert_to_numpy(self._tables[0][0])  # wait for the end of the step


def _recipe(output: str, embedding_dim: int) -> Recipe:
    return Recipe(
        model="skip_gram",
        objective=output,
        window=5,
        negative=NEGATIVE,
        sample=0.0,
        batch_size=512,
        seed=0,
        embedding_dim=embedding_dim,
        learning_rate=0.01,
        epochs=1,
    )
