"""Figures of systems whose quality is known."""

import math
from dataclasses import replace

import numpy as np
import pytest

from projects.couplet.decoding.judges import Weights
from projects.couplet.evaluation.evaluation import (
    examine,
    foresee,
    name_weights,
    pick,
    weigh,
)
from projects.couplet.evaluation.exam import make_exam
from projects.couplet.evaluation.examiner import Examiner, fit_bigrams
from projects.couplet.evaluation.report import make_report
from projects.couplet.evaluation.trained import Trained
from projects.couplet.lines.tones import Tones
from projects.couplet.network.skills import Skills
from projects.couplet.pairs.reading import Pairs
from projects.couplet.tokens import Tokens
from projects.couplet.writer import Writer
from tests.couplet.toy_couplets import ABOVE, BELOW, PARTNERS, answer, draw_pairs


class Knowing:
    """Gives each partner a quarter, and prefers them, or the opposite."""

    name = "knowing"

    def __init__(self, sign=1):
        self.sign = sign

    def log_probs(self, first, second):
        return [np.full(len(line), -math.log(4)) for line in second]

    def scores(self, first, second):
        partners = [
            sum(PARTNERS[a] == b for a, b in zip(*pair, strict=True))
            for pair in zip(first, second, strict=True)
        ]
        other = -np.arange(len(first), dtype=float)
        return {"other": other, "partners": self.sign * np.array(partners, float)}

    def answer(self, lines):
        return list(map(answer, lines))


@pytest.fixture(scope="module")
def examiner():
    first, second = draw_pairs(400)
    tokens = Tokens.from_lines([*first, *second], min_count=1)
    bigrams = fit_bigrams(second, tokens)
    exam = make_exam(Pairs(first, second), lines=40, picks=(30, 4))
    # Strict tones need more characters than the toy model knows for long lines.
    short = [n for n, line in enumerate(exam.lines) if len(line) < 6]
    exam = replace(
        exam,
        lines=[exam.lines[n] for n in short],
        answers=[exam.answers[n] for n in short],
    )
    return Examiner(exam, Tones({}), tokens, bigrams, frozenset(ABOVE + BELOW) - {"地"})


def test_perplexity_leaves_out_what_not_all_know(examiner):
    assert foresee(Knowing(), examiner) == pytest.approx(4)

    class Unequal(Knowing):
        def log_probs(self, first, second):
            return [
                np.log([0.01 if c in "，地" else 1 / 7 for c in line])
                for line in second
            ]

    assert foresee(Unequal(), examiner) == pytest.approx(7)


def test_picks(examiner):
    exam = examiner.exam
    for count in (10, 100):
        rates = pick(Knowing(), exam, exam.choices[count])
        assert rates["partners"] == 1
        assert pick(Knowing(-1), exam, exam.choices[count])["partners"] == 0
    nothing = make_exam(Pairs(["天"], ["地"])).choices[10]
    assert pick(Knowing(), exam, nothing) == {}


def test_figures_of_a_system_that_counts(examiner):
    told = []
    figures = examine(Knowing(), examiner, tell=told.append)
    assert figures.answers == [people[0] for people in examiner.exam.answers]
    assert figures.picks["partners"] == {10: 1.0, 100: 1.0}
    assert list(figures.picks) == ["other", "partners"]
    assert figures.worth.bleu == pytest.approx(100)
    assert figures.worth.structure == 1
    assert figures.by_tones == {} and figures.free is None
    assert figures.milliseconds > 0 and figures.lines_per_second > 0
    assert told[0] == "perplexity" and told[-1] == "time"


def test_figures_of_a_trained_model(translator, examiner):
    system = Trained("toy", Writer(translator, Tones({})))
    figures = examine(system, examiner, [(0.0, 1.0)])
    assert figures.perplexity < 3  # it has learned one partner for each
    assert figures.picks["together"][10] > 0.9
    assert set(figures.by_tones) == {"soft", "strict", "off"}
    assert all(worth.structure == 1 for worth in figures.by_tones.values())
    assert figures.by_tones["strict"].opposed_fit == 1
    usual = name_weights(Weights())
    assert list(figures.by_judges) == ["search alone", usual, "with judges 0:1"]
    assert figures.worth == figures.by_judges[usual] == figures.by_tones["soft"]
    found = system.search(examiner.exam.lines)
    other = weigh(found, Weights(0.0, 1.0), examiner)
    assert other == figures.by_judges["with judges 0:1"]


def test_the_report_shows_what_was_measured(translator, examiner):
    taught = replace(translator, skills=Skills(end=True))
    ending = Trained("ending", Writer(taught, Tones({})))
    found = {"knowing": examine(Knowing(), examiner)}
    found["ending"] = figures = examine(ending, examiner)
    report = make_report("toys", "python x", found, examiner, {"seed": 0})
    tables = {table.title.split(":")[0].split(",")[0]: table for table in report.tables}
    assert len(report.tables) == 7
    summary = dict(zip(report.tables[0].columns, report.tables[0].rows[2], strict=True))
    assert summary["answers of"] == "ending"
    assert summary["perplexity"] == figures.perplexity
    rates = figures.picks["together"]
    assert summary["pick of 100"] == f"{100 * rates[100]:.1f} %"
    assert summary["coherence"] == figures.worth.coherence
    picked = tables["Picking the human line"].rows
    assert [row[:2] for row in picked[:2]] == [
        ["knowing", "other"],
        ["knowing", "partners"],
    ]
    free = tables["Written freely"].rows
    assert free[0][:2] == ["ending", f"{100 * figures.free.length:.1f} %"]
    ruled = [row[0] for row in tables["Rules"].rows]
    modes = [f"ending, tones {tones}" for tones in ("soft", "strict", "off")]
    assert ruled == ["human", "knowing", *modes]
    assert report.metrics["scores"]["ending"]["free"]["length"] == figures.free.length
    assert report.metrics["settings"] == {"seed": 0}
    assert "knowing: 4.0" in report.verdict and "| ending |" in report.to_markdown()


def test_tones_that_a_small_model_cannot_keep_are_left_out(translator, examiner):
    system = Trained("toy", Writer(translator, Tones({})))
    long = replace(
        examiner.exam, lines=["天风日，山花红"], answers=[["地雨月，水夜草"]]
    )
    told = []
    figures = examine(system, replace(examiner, exam=long), tell=told.append)
    assert set(figures.by_tones) == {"soft", "off"}
    assert any("left out" in text for text in told)
