"""Sentences of poems, in which characters are to be found again.

A sentence is two clauses of five or of seven characters: 床前明月光，疑是地上霜。
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from projects.couplet.poems.baseline import fit_ngrams
from projects.couplet.poems.corpus import PoemSplit, clauses_of
from projects.couplet.tokens import END, PAD, START, Tokens

LENGTH = 18  # ids of two clauses of seven, their punctuation, start and end


def sentences_of(poem: str) -> list[str]:
    """Return each two clauses of a poem, with punctuation; the odd one is left out.

    A poem whose clauses do not all have the same length, 5 or 7, has none.
    """
    clauses = clauses_of(poem)
    length = len(clauses[0])
    alike = {len(clause) for clause in clauses} == {length}
    if length not in (5, 7) or not alike or len(poem) != len(clauses) * (length + 1):
        return []
    size = 2 * (length + 1)
    whole = len(poem) // size * size
    return [poem[begin : begin + size] for begin in range(0, whole, size)]


@dataclass(frozen=True, eq=False)
class Blanks:
    """Sentences and places in them.

    Attributes:
        ids: int32, shape (sentences, `LENGTH`): `START`, characters, `END`, `PAD`.
        places: int32, shape (sentences, blanks): where a known Chinese character is
            to be found, never at the ends.
    """

    ids: np.ndarray
    places: np.ndarray

    @classmethod
    def draw(
        cls, sentences: Iterable[str], tokens: Tokens, *, blanks: int, seed: int
    ) -> "Blanks":
        """Encode sentences and draw some different places in each.

        A sentence with fewer known characters than `blanks` is left out.
        """
        rows = [[START, *tokens.encode(text), END] for text in sentences]
        ids = np.full((len(rows), LENGTH), PAD, "int32")
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
        asked = tokens.han_mask[ids]
        chances = np.random.default_rng(seed).random(ids.shape)
        places = np.argsort(np.where(asked, chances, 2.0), axis=1)[:, :blanks]
        enough = asked.sum(axis=1) >= blanks
        return cls(ids[enough], places[enough].astype("int32"))

    @property
    def targets(self) -> np.ndarray:
        """The characters at the places: int32, shape (sentences, blanks)."""
        return np.take_along_axis(self.ids, self.places, axis=1)

    def neighbors(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the ids left and right of the places, each (sentences, blanks)."""
        sides = (self.places - 1, self.places + 1)
        left, right = (np.take_along_axis(self.ids, side, axis=1) for side in sides)
        return left, right

    def batch(self, rows: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Return inputs and targets of some sentences, for `ShuffledBatches`."""
        part = Blanks(self.ids[rows], self.places[rows])
        return {"tokens": part.ids, "places": part.places}, part.targets


@dataclass(frozen=True)
class Score:
    """How well characters were found.

    Attributes:
        first: Share of blanks whose character was thought the likeliest.
        five: Share whose character was among the five likeliest.
        perplexity: exp of the mean surprise.
    """

    first: float
    five: float
    perplexity: float


def score(log_probs: np.ndarray, targets: np.ndarray) -> Score:
    """Measure guesses.

    Args:
        log_probs: Of each character, shape (blanks, number of ids).
        targets: What was there, shape (blanks,).
    """
    taken = np.take_along_axis(log_probs, targets[:, None], axis=1)
    rank = ranks(log_probs, targets)
    return Score(
        float((rank < 1).mean()), float((rank < 5).mean()), float(np.exp(-taken.mean()))
    )


def ranks(log_probs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return how many ids were thought likelier than the right one: (blanks,)."""
    taken = np.take_along_axis(log_probs, targets[:, None], axis=1)
    return (log_probs > taken).sum(axis=1)


def count_guesses(
    shares: np.ndarray, transitions: np.ndarray, left: np.ndarray, right: np.ndarray
) -> dict[str, np.ndarray]:
    """Guess by counting.

    Args:
        shares: p(x), shape (ids,); 0 for what is never asked.
        transitions: p(next | this), shape (ids, ids).
        left: Ids before the blanks, shape (blanks,).
        right: Ids behind them, shape (blanks,).

    Returns:
        Logarithms of probabilities, shape (blanks, ids): from nothing, from the left
        neighbor l, from the right one r, p(x | r) ~ p(x) p(r | x), and from both,
        p(x | l, r) ~ p(x | l) p(r | x).
    """
    with np.errstate(divide="ignore"):
        alone = np.broadcast_to(np.log(shares), (len(left), len(shares)))
    asked = np.where(shares > 0, 0, -np.inf)
    before, behind = np.log(transitions[left]) + asked, np.log(transitions[:, right]).T
    guesses = {
        "unigram": alone,
        "bigram, left neighbor": before,
        "bigram, right neighbor": alone + behind,
        "bigram, both neighbors": before + behind,
    }
    return {name: normalize(logits) for name, logits in guesses.items()}


def normalize(logits: np.ndarray) -> np.ndarray:
    """Return log-probabilities of logits along the last axis."""
    logits = logits - logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


@dataclass(frozen=True, eq=False)
class Material:
    """What is learned from and what is asked.

    Attributes:
        tokens: The characters.
        sentences: To learn from.
        asked: Sentences of other poems, one blank in each.
        left_out: How many poems were not used, as they share a clause.
        counted: log-probabilities of the blanks by counting, see `count_guesses`.
    """

    tokens: Tokens
    sentences: list[str]
    asked: Blanks
    left_out: int
    counted: dict[str, np.ndarray]


def prepare_blanks(
    split: PoemSplit, min_count: int, *, sentences: int, asked: int
) -> Material:
    """Cut poems into sentences, and count neighbors in those to learn from.

    Args:
        split: The poems; those to choose by are not used.
        min_count: Rarer characters are not asked for.
        sentences: To learn from, drawn by chance; 0: all.
        asked: Sentences with a blank.
    """
    learned = draw_sentences(split.train, sentences)
    tokens = Tokens.from_lines(learned, min_count=min_count)
    blanks = Blanks.draw(draw_sentences(split.test, asked), tokens, blanks=1, seed=0)
    every = np.arange(len(tokens))[:, None]
    one, two = (fit_ngrams(learned, tokens, order) for order in (1, 2))
    guesses = count_guesses(
        np.where(tokens.han_mask, one.distribution(every[:1, :0])[0], 0),
        two.distribution(every).astype("float32"),
        *(side[:, 0] for side in blanks.neighbors()),
    )
    return Material(tokens, learned, blanks, split.dropped, guesses)


def draw_sentences(poems: Sequence[str], limit: int) -> list[str]:
    """Return sentences of poems, drawn by chance, at most `limit`; 0: all."""
    found = [sentence for poem in poems for sentence in sentences_of(poem)]
    chosen = np.random.default_rng(0).permutation(len(found))[: limit or None]
    return [found[i] for i in chosen]
