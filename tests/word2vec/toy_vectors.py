"""Few words whose neighbors can be told by eye, and a finished run that has them."""

import json
from pathlib import Path

import numpy as np

from common.vocabulary import Vocabulary
from projects.word2vec.vectors import WordVectors

# The axes: royal, female, food, noise. King is twice as long as the others.
ROWS = {
    "king": [2.0, 0.0, 0.0, 0.0],
    "queen": [1.0, 1.0, 0.0, 0.0],
    "man": [0.0, 0.0, 0.0, 1.0],
    "woman": [0.0, 1.0, 0.0, 1.0],
    "bread": [0.0, 0.0, 1.0, 0.1],
    "国王": [1.0, 0.0, 0.0, 0.1],
    "well-known": [0.0, 0.1, 0.2, -1.0],
}


def make_toy(rows=ROWS) -> WordVectors:
    """Return the words of `rows`; the counts fall from 10 times their number."""
    counts = 10 * np.arange(len(rows), 0, -1)
    matrix = np.array(list(rows.values()), dtype=np.float32)
    return WordVectors(Vocabulary(tuple(rows), counts), matrix)


def make_random(num_words: int, dim: int, seed: int = 0) -> WordVectors:
    """Return words w0, w1, ... with vectors of a normal distribution."""
    words = tuple(f"w{number}" for number in range(num_words))
    values = np.random.default_rng(seed).normal(size=(num_words, dim))
    counts = np.arange(num_words, 0, -1)
    return WordVectors(Vocabulary(words, counts), values.astype(np.float32))


def save_run(folder: Path, vectors: WordVectors) -> Path:
    """Write a folder that counts as a finished run."""
    folder.mkdir()
    vectors.save(folder)
    (folder / "config.json").write_text(json.dumps({"config": {}, "versions": {}}))
    (folder / "report.md").write_text("# A run\n")
    return folder


def as_gensim(vectors: WordVectors):
    """Return the same words as gensim's KeyedVectors."""
    from gensim.models import KeyedVectors

    keyed = KeyedVectors(vectors.matrix.shape[1])
    keyed.add_vectors(list(vectors.vocabulary.tokens), np.array(vectors.matrix))
    return keyed
