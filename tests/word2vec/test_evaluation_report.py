"""The report of an evaluation, from scores by hand."""

import math

import pytest

from projects.word2vec.evaluation_report import Candidate, make_report
from projects.word2vec.scoring import AnalogyScore, PairScore, SectionScore


def score(family: int, plural: int, correlation: float) -> dict:
    sections = (
        SectionScore("family", family, 50, 100),
        SectionScore("gram8-plural", plural, 150, 200),
        SectionScore("gram9-verbs", 0, 0, 7),
    )
    pairs = PairScore(correlation, 352, 353, ("Maradona",))
    return {"questions": AnalogyScore(sections), "WordSim": pairs}


@pytest.fixture(scope="module")
def report():
    candidates = [
        Candidate("these vectors", 75_230, score(40, 40, 0.668)),
        Candidate("PPMI-SVD", 30_000, score(10, 60, -0.05)),
        Candidate("one-hot", 75_230, score(0, 0, math.nan)),
    ]
    return make_report("A run", "python ...", candidates, 30_000, ["a note"])


def test_the_table_has_a_row_for_each(report):
    summary, _ = report.tables
    expected = [
        "vectors words questions semantic syntactic answerable WordSim covered",
        "these vectors 75,230 40.0 % 80.0 % 26.7 % 200 of 307 .668 352 of 353",
        "PPMI-SVD 30,000 35.0 % 20.0 % 40.0 % 200 of 307 -.050 352 of 353",
        "one-hot 75,230 0.0 % 0.0 % 0.0 % 200 of 307 None 352 of 353",
    ]
    rows = [summary.columns, *summary.rows]
    assert [" ".join(map(str, row)) for row in rows] == expected
    assert "30,000 commonest words" in summary.title


def test_sections_stand_beside_the_baselines(report):
    _, sections = report.tables
    assert sections.columns[1:] == [
        "answerable",
        "these vectors",
        "PPMI-SVD",
        "one-hot",
    ]
    assert sections.rows[1] == [
        "gram8-plural",
        "150 of 200",
        "26.7 %",
        "40.0 %",
        "0.0 %",
    ]
    assert sections.rows[2] == ["gram9-verbs", "0 of 7", None, None, None]


def test_the_verdict_names_the_best_baseline(report):
    assert report.verdict == (
        "these vectors: questions 40.0 % (best baseline: PPMI-SVD, 35.0 %);"
        " WordSim .668 (best baseline: PPMI-SVD, -.050)."
    )


def test_chance_and_unknown_words_are_said(report):
    # sqrt(.401 * .599 / 202) = .0345; (1 - .446) sqrt(1.223 / 349) = .0328.
    assert "± 3.4 points (200 questions)" in report.warnings[0]
    assert "± .033 (352 pairs)" in report.warnings[1]
    assert report.notes[0] == "a note"
    assert "1 unknown word: Maradona" in report.notes[1]
    assert "one-hot" in report.notes[2]


def test_the_numbers_are_kept_for_programs(report):
    metrics = report.metrics
    assert metrics["scores"]["PPMI-SVD"]["questions"]["semantic"]["correct"] == 10
    assert metrics["scores"]["these vectors"]["WordSim"]["unknown"] == ("Maradona",)
    assert metrics["num_words"]["one-hot"] == 75_230


def test_vectors_alone_and_tests_without_grammar():
    sections = (SectionScore("A", 0, 0, 5), SectionScore("AB", 0, 0, 3))
    scores = {"CA8": AnalogyScore(sections), "few": PairScore(1.0, 2, 2, ())}
    report = make_report("x", "y", [Candidate("mine", 9, scores)], 0)
    columns = ["vectors", "words", "CA8", "answerable", "few", "covered"]
    assert report.tables[0].columns == columns
    assert "all words" in report.tables[0].title
    assert report.verdict == "mine: CA8 without any answerable question; few 1.000."
    assert report.warnings == ["few: 2 pairs are too few to mean anything."]
    assert not list(report.notes)
