"""Which first lines are usable, by hand; and the program with the shipped poet."""

import json

import numpy as np

from projects.couplet.experiments import first_lines
from projects.couplet.experiments.usable_lines import CHECKS, Judge
from projects.couplet.lines.tones import Tones

LEVEL, OBLIQUE = "天风山花来春", "地雨月水草暮"
TONES = Tones(
    {char: frozenset({("上平声", "一东")}) for char in LEVEL}
    | {char: frozenset({("去声", "一送")}) for char in OBLIQUE}
)
GOOD = "天山地雨月"  # 平平仄仄仄: the second and the fourth alternate


def failed(line, learned=(GOOD,), known=()):
    judge = Judge.of([*learned] * 3, [*learned], set(known), TONES)
    return [
        name
        for name, held in zip(CHECKS, judge.check([line])[0], strict=True)
        if not held
    ]


def test_a_good_line_fails_nothing():
    assert failed(GOOD) == []


def test_each_check_can_fail():
    assert "length" in failed("天山地雨")
    assert "length" in failed("天山，雨月")
    assert "ends 仄" in failed("天山地雨风")
    assert "tones alternate" in failed("天山地风月")
    assert "repeats none" in failed("天山地天月")
    assert "repeats none" not in failed("天天地雨月")  # as in 冉冉
    assert failed(GOOD, known=[GOOD]) == ["new"]
    assert "reads well" in failed("月雨地山天")


def test_the_judge_finds_its_own_lines_less_perplex():
    judge = Judge.of([GOOD] * 5, [GOOD], set(), TONES)
    own, other = judge.perplexities([GOOD, GOOD[::-1]])
    assert own < other and np.isclose(judge.bound, own)


def test_the_program_judges_lines_of_the_shipped_poet(monkeypatch, tmp_path):
    monkeypatch.delenv("KERAS_PROJECTS_MIRROR", raising=False)
    small = ["--data", "sample", "--seeds", "1", "--count", "2", "--examples", "2"]
    cache = ["--data-dir", str(tmp_path / "empty"), "--output", str(tmp_path / "out")]
    assert first_lines.main([*small, *cache]) == 0
    found = json.loads((tmp_path / "out" / "metrics.json").read_text())
    ours = found["the model"]
    assert ours["lines"] == 4
    # These hold by construction.
    for name in ("length", "ends 仄", "tones alternate", "new"):
        assert ours["checks"][name] == 1
    # Without their order the same characters are stranger.
    shuffled, people = found["people's, shuffled"], found["people, held out"]
    assert shuffled["median_perplexity"] > 2 * people["median_perplexity"]
