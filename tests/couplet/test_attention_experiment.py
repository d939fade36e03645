"""Small models with and without attention and reversal, side by side."""

import json

import numpy as np
import pytest

from projects.couplet.experiments import attention, techniques
from projects.couplet.experiments.short_pairs import shorten
from projects.couplet.experiments.techniques import (
    ATTENTION,
    BOTH,
    PLAIN,
    TECHNIQUES,
    Measured,
    compare,
    train_technique,
)
from projects.couplet.network.model import build_model
from projects.couplet.network.skills import Skills
from projects.couplet.network.translator import Translator
from projects.couplet.pairs.data import PairSplit
from projects.couplet.pairs.reading import Pairs
from projects.couplet.tokens import Tokens
from tests.couplet.toy_couplets import draw_pairs


def test_models_differ_in_what_their_names_say_and_in_nothing_else():
    forms = {t.name: t.form(8, "additive").to_dict() for t in TECHNIQUES}
    plain = forms.pop(PLAIN.name)
    changed = {
        name: {key for key in form if form[key] != plain[key]}
        for name, form in forms.items()
    }
    assert changed == {
        "reversed": {"reverse_source"},
        "attention": {"attention"},
        "attention, reversed": {"attention", "reverse_source"},
    }
    assert plain["attention"] == "none" and not plain["aligned"]


def test_changes_are_taken_seed_by_seed():
    one = [Measured(50.0, 1, None), Measured(60.0, 1, None)]
    other = [Measured(100.0, 1, None), Measured(80.0, 1, None)]
    assert compare(one, other) == pytest.approx([-50.0, -25.0])


def test_long_lines_are_left_out_and_the_first_pairs_are_kept():
    pairs = Pairs(["天", "天风日", "天风"], ["地", "地雨月", "地雨"])
    short = shorten(PairSplit(pairs, pairs, pairs, "sum"), longest=2, limit=1)
    assert (short.train.first, short.train.second) == (["天"], ["地"])
    assert short.valid.first == short.test.first == ["天", "天风"]
    assert shorten(short, longest=0).test == short.test


def test_a_model_learns_where_to_end():
    first, second = draw_pairs(300)
    pairs = Pairs(first, second)
    split = PairSplit(pairs, pairs, pairs, "")
    tokens = Tokens.from_lines([*first, *second], min_count=1)
    sizes = {"units": 24, "attention": "additive", "epochs": 1, "seed": 0}
    model = train_technique(ATTENTION, split, tokens, quiet=True, **sizes)
    assert model.skills == Skills(False, False, end=True)
    ids = np.array([tokens.encode(first[0])], np.int32)
    np.testing.assert_allclose(model.look(ids, ids).sum(axis=2), 1, rtol=1e-5)


def test_the_program_compares_all_four(monkeypatch, tmp_path, capsys):
    def make_untrained(technique, split, tokens, *, units, attention, **options):
        form = technique.form(units, attention)
        skills = Skills(False, False, end=True)
        return Translator(build_model(len(tokens), form), form, tokens, skills)

    monkeypatch.setattr(techniques, "train_technique", make_untrained)
    small = "--data sample --pairs 300 --min-count 3 --lines 6 --units 6 --seeds 1"
    arguments = [*small.split(), "--quiet", "--output", str(tmp_path)]
    assert attention.main(arguments) == 0
    found = json.loads((tmp_path / "metrics.json").read_text())
    assert list(found["models"]) == [technique.name for technique in TECHNIQUES]
    assert found["models"][PLAIN.name][0]["aligned"] is None
    assert 0 <= found["models"][BOTH.name][0]["aligned"] <= 1
    assert set(found["baselines"]) == {"commonest partners", "count model"}
    assert "written by the model" in capsys.readouterr().err
    assert (tmp_path / "figures" / "attention_mean.png").is_file()
