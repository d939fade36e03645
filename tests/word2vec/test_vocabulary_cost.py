"""The cost of a word: what is counted by hand, and the program at its smallest."""

import json

import numpy as np
import pytest

from projects.word2vec.experiments import vocabulary_cost
from projects.word2vec.experiments.step_cost import OUTPUTS, ZipfText, count_rows
from projects.word2vec.pairs import FIRST_OF_SENTENCE


def test_the_text_follows_zipf():
    text = ZipfText(100)
    counts = text.vocabulary.counts
    assert counts[0] / counts[9] == pytest.approx(10, rel=1e-4)
    tokens = text.read(0, text.num_tokens)
    assert tokens[0] >= FIRST_OF_SENTENCE > tokens[1]
    drawn = np.bincount(tokens & (FIRST_OF_SENTENCE - 1), minlength=100)
    shares = counts / counts.sum()
    np.testing.assert_allclose(drawn / len(tokens), shares, atol=0.01)


def test_rows_read_by_a_prediction():
    for size in (100, 1000):
        rows = count_rows(size)
        assert (rows.softmax, rows.negative) == (size, 6)
        # Huffman: at most one more than the entropy of the words.
        shares = 1 / np.arange(1, size + 1)
        shares /= shares.sum()
        entropy = -(shares * np.log2(shares)).sum()
        assert entropy <= rows.hierarchical <= entropy + 1


def test_the_program_measures_all_outputs(tmp_path):
    small = "--sizes 100 --embedding-dim 8 --repeats 2 --seconds 0.001 --quiet"
    assert vocabulary_cost.main([*small.split(), "--output", str(tmp_path)]) == 0
    found = json.loads((tmp_path / "metrics.json").read_text())["microseconds"]
    assert set(found) == set(OUTPUTS)
    assert all(len(found[output]["100"]) == 2 for output in OUTPUTS)
    assert (tmp_path / "figures" / "cost.png").is_file()
