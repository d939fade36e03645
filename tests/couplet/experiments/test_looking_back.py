"""What a net sees of a poem, when it sees only the last characters."""

import numpy as np
import pytest

from projects.couplet.experiments import ngrams
from projects.couplet.experiments.looking_back import Text, Views, measure_views
from projects.couplet.experiments.ngrams_report import Sizes
from projects.couplet.poems.baseline import fit_ngrams
from projects.couplet.poems.batches import Pieces
from projects.couplet.poems.corpus import PoemSplit, clause_ends
from projects.couplet.poems.evaluation import Perplexity, measure_model
from projects.couplet.poems.language_model import build_model
from projects.couplet.tokens import BLANK, END, START, Tokens
from tests.couplet.tiny_poet import make_poems

POEM = "东同铜，桐筒童。僮瞳中，"


@pytest.fixture(scope="module")
def tokens():
    return Tokens.from_lines([POEM], min_count=1)


@pytest.fixture
def text(tokens):
    return Text(tokens.encode(POEM), clause_ends(tokens))


def _ids(tokens, chars):
    names = {"<": START, ">": END, "_": BLANK}
    return [names.get(char, tokens.id(char)) for char in chars]


def test_a_whole_poem_is_what_the_model_was_trained_on(text, tokens):
    pieces = Pieces.of([POEM], tokens)
    inputs, above, targets = text.piece(0, len(POEM) + 1)
    np.testing.assert_array_equal(inputs, pieces.inputs[0])
    np.testing.assert_array_equal(above, pieces.above[0])
    np.testing.assert_array_equal(targets, pieces.targets[0])


def test_a_piece_shows_nothing_from_before_it(text, tokens):
    # Inputs 铜，桐筒童 for targets ，桐筒童。: above 桐 stands 东, which is not seen.
    inputs, above, targets = text.piece(3, 8)
    assert inputs.tolist() == _ids(tokens, "铜，桐筒童")
    assert targets.tolist() == _ids(tokens, "，桐筒童。")
    assert above[:, 0].tolist() == _ids(tokens, "__" + "_" + "铜，")
    assert above[:, 1].tolist() == [BLANK] * 5


def test_what_lies_two_clauses_back_is_seen_when_the_piece_reaches_there(text, tokens):
    inputs, above, targets = text.piece(2, 10)
    assert targets.tolist() == _ids(tokens, "铜，桐筒童。僮瞳")
    assert above[:, 0].tolist() == _ids(tokens, "___同铜，桐筒")
    assert above[:, 1].tolist() == _ids(tokens, "_______同")


def test_views_are_as_long_as_asked_or_as_there_is(tokens):
    views = Views.of([POEM], tokens, 3)
    assert {k: len(v) for k, v in views.targets.items()} == {1: 1, 2: 1, 3: 7}
    assert views.inputs[1]["tokens"].tolist() == [[START]]
    assert views.inputs[2]["tokens"].tolist() == [_ids(tokens, "<东")]
    assert views.inputs[3]["tokens"][:2].tolist() == [
        _ids(tokens, "<东同"),
        _ids(tokens, "同铜，"),
    ]


def test_seeing_all_is_the_perplexity_of_the_model():
    poems = make_poems(6)
    tokens = Tokens.from_lines(poems, min_count=1)
    model = build_model(len(tokens), 8, 5)
    whole = measure_model(model, Pieces.of(poems, tokens), tokens).per_character
    seen = measure_views(model, Views.of(poems, tokens, 99))
    assert seen == pytest.approx(whole, rel=1e-4)
    assert measure_views(model, Views.of(poems, tokens, 2)) != pytest.approx(
        whole, rel=1e-4
    )


def test_program_tells_of_ngrams_beside_the_net(monkeypatch, tmp_path, capsys):
    poems = make_poems(40)
    split = PoemSplit(poems[:30], poems[30:35], poems[35:], 0)
    monkeypatch.setattr(ngrams, "_read", lambda config: split)
    options = "--viewed 3 --views 1,3 --lesson 5 --seeds 1 --highest 3 --quiet".split()
    assert ngrams.main([*options, "--output", str(tmp_path)]) == 0
    report = (tmp_path / "report.md").read_text()
    for name in ("1-gram", "3-gram", "LSTM"):
        assert f"| {name} |" in report
    assert "| 3 | - |" in report  # a 4-gram was not asked for
    assert "perplexity of" in capsys.readouterr().out


def test_sizes_count_what_was_seen():
    poems = ["东同，东铜，"]
    tokens = Tokens.from_lines(poems, min_count=1)
    model = fit_ngrams(poems, tokens, 2)
    sizes = Sizes.of(model, Perplexity(1.0, 1.0, 0.0))
    # <东 东同 同， ，东 东铜 铜， ，>: all different; and 东 同 铜 ， >.
    assert sizes.entries == 7
    assert sizes.possible == len(tokens) ** 2
    assert sizes.megabytes == pytest.approx((7 + 5) * 12 / 1e6)


def test_poems_that_are_not_at_hand_are_refused_in_one_line(monkeypatch, tmp_path):
    from common.errors import UserError

    monkeypatch.delenv("KERAS_PROJECTS_MIRROR", raising=False)
    with pytest.raises(UserError, match="tang_5_7"):
        ngrams.main(["--data-dir", str(tmp_path)])
