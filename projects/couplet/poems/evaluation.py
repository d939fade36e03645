"""How good a model of poems is: perplexity, and what its texts are worth."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import keras
import numpy as np

from projects.couplet.counting.line_ids import LineIds
from projects.couplet.counting.ngrams import NgramModel
from projects.couplet.metrics import perplexity
from projects.couplet.poems.baseline import fit_ngrams
from projects.couplet.poems.batches import PieceBatches, Pieces
from projects.couplet.poems.corpus import PoemSplit, clauses_of
from projects.couplet.tokens import PAD, UNKNOWN, Tokens

_DISCOUNTS = (0.6, 0.75, 0.9)  # the one that suits the poems to choose by is taken


@dataclass(frozen=True)
class Perplexity:
    """How many equally likely choices a token is worth.

    Attributes:
        per_character: Of Chinese characters, those without an id among them as one.
        per_token: Of these, punctuation and ends of poems.
        unknown: Share of characters without an id.
    """

    per_character: float
    per_token: float
    unknown: float


def measure_model(model: keras.Model, pieces: Pieces, tokens: Tokens) -> Perplexity:
    """Measure the language model on held-out poems."""
    batches = PieceBatches(pieces, batch_size=64, shuffle=False)
    found, targets = [], []
    for number in range(len(batches)):
        inputs, wanted = batches[number]
        logits = model.predict_on_batch(inputs)
        log_probs = keras.ops.log_softmax(logits)
        log_probs = keras.ops.convert_to_numpy(log_probs)
        taken = np.take_along_axis(log_probs, wanted[..., None], axis=-1)[..., 0]
        found.append(taken[wanted != PAD])
        targets.append(wanted[wanted != PAD])
    return _perplexity(np.concatenate(found), np.concatenate(targets), tokens)


def fit_all_ngrams(
    split: PoemSplit, tokens: Tokens, orders: Sequence[int]
) -> dict[int, NgramModel]:
    """Count once, and give each order the discount that suits `split.valid` best.

    Args:
        split: Poems.
        tokens: Their characters.
        orders: n of the n-gram models.
    """
    counted = fit_ngrams(split.train, tokens, max(orders))
    return {n: _discounted(counted, n, split.valid, tokens) for n in orders}


def _discounted(counted, order, poems, tokens):
    tables = counted.tables[:order]
    models = [replace(counted, tables=tables, discount=d) for d in _DISCOUNTS]
    found = [measure_ngrams(model, poems, tokens) for model in models]
    return min(zip(found, models, strict=True), key=lambda pair: pair[0].per_token)[1]


def measure_ngrams(
    model: NgramModel, poems: Sequence[str], tokens: Tokens
) -> Perplexity:
    """Measure an n-gram model, fitted with ends, on the same tokens."""
    lines = LineIds.from_lists([tokens.encode(poem) for poem in poems])
    ends = lines.closed_by(model.end)
    return _perplexity(model.log_probs(lines), ends.ids, tokens)


def _perplexity(log_probs, targets, tokens):
    character = tokens.han_mask[targets] | (targets == UNKNOWN)
    return Perplexity(
        perplexity(log_probs[character]),
        perplexity(log_probs),
        float((targets[character] == UNKNOWN).mean()),
    )


@dataclass(frozen=True)
class Worth:
    """What the clauses of texts are worth.

    Attributes:
        clauses: How many were looked at.
        right_length: Share of them that have 5 or 7 characters.
        even: Share of texts whose clauses all have the length of the first, 5 or 7.
        copied: Share of the clauses of 5 or 7 characters that stand in training.
    """

    clauses: int
    right_length: float
    even: float
    copied: float


def judge_texts(texts: Sequence[str], known: Collection[str]) -> Worth:
    """Judge texts.

    Args:
        texts: With punctuation.
        known: The clauses of the training poems.
    """
    split = [clauses_of(text) for text in texts]
    clauses = [clause for parts in split for clause in parts]
    right = [clause for clause in clauses if len(clause) in (5, 7)]
    even = [{len(clause) for clause in parts} in ({5}, {7}) for parts in split]
    copied = [clause in known for clause in right]
    return Worth(
        len(clauses),
        len(right) / max(1, len(clauses)),
        sum(even) / max(1, len(texts)),
        sum(copied) / max(1, len(right)),
    )
