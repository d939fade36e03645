"""Blanks are drawn, hidden and scored as they should be."""

import keras
import numpy as np
import pytest

from projects.couplet.experiments import fill_blank
from projects.couplet.experiments.blank_model import SIDES, build_model
from projects.couplet.experiments.blanks import (
    LENGTH,
    Blanks,
    count_guesses,
    score,
    sentences_of,
)
from projects.couplet.tokens import END, START, Tokens
from tests.couplet.tiny_poet import make_poems

POEM = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"


def test_sentences_are_two_clauses():
    assert sentences_of(POEM) == [
        "床前明月光，疑是地上霜。",
        "举头望明月，低头思故乡。",
    ]
    assert sentences_of(POEM[:18]) == ["床前明月光，疑是地上霜。"]
    assert sentences_of("床前明月光，疑是地上白霜霜。") == []
    assert sentences_of("床前明月光，，疑是地上霜。") == []


def test_blanks_are_known_characters():
    tokens = Tokens.from_lines([POEM] * 5, min_count=6)  # 明 月 头 and marks are known
    sentences = sentences_of(POEM)
    blanks = Blanks.draw(sentences, tokens, blanks=2, seed=0)
    assert blanks.ids.shape == (2, LENGTH)
    assert blanks.ids[0, :13].tolist() == [START, *tokens.encode(sentences[0])]
    assert blanks.ids[0, 13] == END
    assert sorted(blanks.places[0]) == [3, 4]
    found = {tokens.character(i) for i in blanks.targets.ravel()}
    assert found <= set("明月头")
    left, right = blanks.neighbors()
    for row in range(2):
        for column, place in enumerate(blanks.places[row]):
            assert left[row, column] == blanks.ids[row, place - 1]
            assert right[row, column] == blanks.ids[row, place + 1]


@pytest.mark.parametrize("side", SIDES)
def test_a_net_sees_its_side_and_never_the_blank(side):
    keras.utils.set_random_seed(0)
    model = build_model(20, SIDES[side], 6, 4)
    ids = np.random.default_rng(0).integers(6, 20, (1, LENGTH)).astype("int32")
    places = np.array([[7]], "int32")
    before = model.predict_on_batch({"tokens": ids, "places": places})
    changed = set()
    for place in range(LENGTH):
        other = ids.copy()
        other[0, place] = 6 + (ids[0, place] - 5) % 14
        after = model.predict_on_batch({"tokens": other, "places": places})
        if not np.allclose(before, after, atol=1e-7):
            changed.add(place)
    left, right = set(range(7)), set(range(8, LENGTH))
    expected = {"forward": left, "backward": right, "both": left | right}
    assert changed == expected[side]


def test_the_kinds_of_nets_have_about_the_same_number_of_weights():
    weights = [
        build_model(20, each, 128, 128).count_params() for each in SIDES.values()
    ]
    assert max(weights) < 1.15 * min(weights)


def test_counting_by_hand():
    shares = np.array([0.5, 0.25, 0.25])
    transitions = np.array([[0.2, 0.4, 0.4], [0.6, 0.2, 0.2], [0.1, 0.8, 0.1]])
    found = count_guesses(shares, transitions, np.array([1]), np.array([2]))
    np.testing.assert_allclose(np.exp(found["unigram"]), [shares])
    np.testing.assert_allclose(
        np.exp(found["bigram, left neighbor"]), [[0.6, 0.2, 0.2]]
    )
    asked = np.array([0.0, 0.25, 0.75])  # the first is never asked
    found_asked = count_guesses(asked, transitions, np.array([1]), np.array([2]))
    left = np.exp(found_asked["bigram, left neighbor"])
    np.testing.assert_allclose(left, [[0, 0.5, 0.5]])
    right = np.array([0.5 * 0.4, 0.25 * 0.2, 0.25 * 0.1])
    both = np.array([0.6 * 0.4, 0.2 * 0.2, 0.2 * 0.1])
    for name, expected in (("right neighbor", right), ("both neighbors", both)):
        guesses = np.exp(found[f"bigram, {name}"])
        np.testing.assert_allclose(guesses, [expected / expected.sum()])


def test_scores_by_hand():
    log_probs = np.log(
        np.array([[0.5, 0.2, 0.1, 0.08, 0.06, 0.06], [0.3] + [0.14] * 5])
    )
    found = score(log_probs, np.array([0, 3]))
    assert found.first == 0.5
    assert found.five == 1.0
    assert found.perplexity == pytest.approx((0.5 * 0.14) ** -0.5)
    assert score(log_probs, np.array([5, 0])).five == 1.0  # 0.06 is shared by two


def test_program_tells_of_nets_beside_counting(tmp_path, capsys):
    poems = tmp_path / "poems.txt"
    poems.write_text("\n".join(dict.fromkeys(make_poems(60))), "utf-8")
    options = "--poems-held-out 5 --sentences 40 --asked 10 --units 4 --blanks 2"
    options += " --embedding-dim 4 --epochs 1 --seeds 1 --min-count 1 --quiet"
    where = ["--poems", str(poems), "--output", str(tmp_path / "out")]
    assert fill_blank.main([*options.split(), *where]) == 0
    report = (tmp_path / "out" / "report.md").read_text()
    for name in ("net, both", "net, forward", "bigram, both neighbors", "unigram"):
        assert f"| {name} |" in report
    assert (tmp_path / "out" / "figures" / "places.png").is_file()
    assert "points more often" in capsys.readouterr().out
