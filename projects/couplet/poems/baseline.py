"""Poems of n-gram models, to stand beside those of the language model."""

from collections.abc import Sequence

from projects.couplet.counting.line_ids import encode_lines
from projects.couplet.counting.ngrams import NgramModel
from projects.couplet.poems.sampling import cut_unfinished
from projects.couplet.tokens import END, START, Tokens

_LONGEST = 130  # ids of a text


def fit_ngrams(
    poems: Sequence[str], tokens: Tokens, order: int, discount: float = 0.75
) -> NgramModel:
    """Count the n-grams of poems; see `NgramModel`.

    Without a discount a model only writes n-grams that it has seen.
    """
    return NgramModel.fit(
        encode_lines(poems, tokens),
        order=order,
        vocabulary_size=len(tokens),
        start=START,
        end=END,
        discount=discount,
    )


def sample_ngrams(
    model: NgramModel, tokens: Tokens, num_texts: int, seed: int = 0
) -> list[str]:
    """Draw texts as an n-gram model would have them.

    A character that has no id is shown as □; a text that does not end in time is cut
    behind its last punctuation.
    """
    drawn = model.sample(num_texts, longest=_LONGEST, seed=seed)
    return [_show(row, tokens) for row in drawn]


def _show(ids, tokens):
    shown = [tokens.character(i) for i in ids]
    text = "".join(char if len(char) == 1 else "□" for char in shown)
    return cut_unfinished(text) if len(ids) == _LONGEST else text
