"""Ranks of the expected words, by hand and beside `most_similar`."""

import json

import numpy as np
import pytest

from projects.word2vec import trainer
from projects.word2vec.experiments import queen
from projects.word2vec.experiments.analogy_ranks import known_questions, rank_answers
from tests.word2vec.toy_vectors import ROWS, make_random, make_toy

QUESTION = ("man", "king", "woman", "queen")


def test_queen_by_hand():
    found = rank_answers(make_toy(), [QUESTION])
    # king - man + woman, all of length 1, is (1, .71, 0, -.29): queen .95, king .78.
    assert found.left_out.tolist() == [1.0]
    assert found.all_words.tolist() == [1.0]
    assert not found.given_first[0]
    # Near king alone stands 国王, then queen.
    assert found.alone.tolist() == [2.0]


def test_ranks_agree_with_the_list_of_neighbors():
    vectors = make_random(60, 8)
    words = vectors.vocabulary.tokens
    random = np.random.default_rng(1)
    asked = [tuple(words[i] for i in random.choice(60, 4, False)) for _ in range(20)]
    found = rank_answers(vectors, asked)
    for number, (a, b, c, d) in enumerate(asked):
        near = [word for word, _ in vectors.most_similar([b, c], [a], count=60)]
        assert found.left_out[number] == near.index(d) + 1
        alone = [word for word, _ in vectors.most_similar([b], count=60)]
        alone = [word for word in alone if word not in (a, c)]
        assert found.alone[number] == alone.index(d) + 1
        given_better = found.all_words[number] - found.left_out[number]
        assert 0 <= given_better <= 3
        if found.given_first[number]:
            assert given_better >= 1


def test_unknown_words_are_not_asked_about():
    assert known_questions(make_toy(), [("Man", "King", "Woman", "Queen")]) == [
        QUESTION
    ]
    assert known_questions(make_toy(), [("man", "king", "boy", "girl")]) == []


@pytest.fixture
def text(tmp_path):
    """Return a file with all words of the toy, the commonest first."""
    words = [word for word in ROWS if word.isascii() and word.isalpha()]
    lines = [" ".join(words[: len(words) - i % 2]) for i in range(20)]
    path = tmp_path / "text.txt"
    path.write_text(".\n".join(lines))
    return path


def test_the_program_asks_the_vectors_of_each_seed(monkeypatch, tmp_path, text, capsys):
    def give(corpus, recipe, **options):
        rows = [ROWS[word] for word in corpus.vocabulary.tokens]
        return type("Trained", (), {"matrices": (np.array(rows, np.float32),)})

    monkeypatch.setattr(trainer, "train", give)
    monkeypatch.setattr(trainer, "check_size", lambda corpus, recipe: None)
    monkeypatch.setattr(queen, "_family", lambda config: [])
    out = ["--data-dir", str(tmp_path / "cache"), "--output", str(tmp_path / "out")]
    assert queen.main(["--corpus", str(text), "--seeds", "2", *out]) == 0
    found = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert found["ranks"] == [1, 1] and found["nearest_of_all"] == ["queen", "queen"]
    assert "queen is first with 2 of 2 seeds" in capsys.readouterr().out
