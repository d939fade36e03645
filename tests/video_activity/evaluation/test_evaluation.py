"""Systems before clips whose source they have not seen; what is told of them."""

import json

import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity import evaluate, metrics
from projects.video_activity.evaluation.comparison import choose_systems, compare
from projects.video_activity.evaluation.cross_validation import (
    Examined,
    alarm_recall,
    cross_validate,
)
from projects.video_activity.evaluation.holding_out import hold_out
from projects.video_activity.evaluation.report import make_report, tabulate
from projects.video_activity.evaluation.splits import (
    BY_CLIP,
    BY_SOURCE,
    ONE_OUT,
    make_splits,
)
from projects.video_activity.evaluation.systems import System, learned, majority
from projects.video_activity.footage.material import Material
from projects.video_activity.network.recipe import Recipe
from tests.video_activity.network.conftest import make_clips


@pytest.fixture(scope="module")
def clips():
    return make_clips()


def recalling() -> System:
    """Return a system that knows the clips of a source that it has seen, no others."""

    def fit(seen, seed):
        known = set(seen.groups.tolist())

        def foretell(others):
            right = np.eye(2)[others.labels]
            told = np.array([group in known for group in others.groups])
            return np.where(told[:, None], right, 1 - right)

        return foretell

    return System("recalls sources", fit)


def cut(clips, **more):
    options = {"folds": 3, "seeds": range(2), "by_clip": True, "leave_one_out": True}
    return make_splits(clips, **options | more)


def test_whole_sources_are_held_out_and_each_clip_is_tested_once(clips):
    for folds in cut(clips)[BY_SOURCE]:
        for train, test in folds:
            assert not set(clips.groups[train]) & set(clips.groups[test])
        tested = np.concatenate([test for _, test in folds])
        np.testing.assert_array_equal(np.sort(tested), np.arange(len(clips)))


def test_seeds_cut_differently_and_one_source_after_the_other_is_left_out(clips):
    splits = cut(clips)
    one, other = ([test.tolist() for _, test in f] for f in splits[BY_SOURCE])
    assert one != other
    (left_out,) = splits[ONE_OUT]
    assert len(left_out) == len(set(clips.groups))
    assert all(len(set(clips.groups[test])) == 1 for _, test in left_out)


def test_only_the_wanted_cuts_are_made(clips):
    assert list(cut(clips, by_clip=False, leave_one_out=False)) == [BY_SOURCE]
    with pytest.raises(UserError, match="13"):
        cut(clips, folds=13)


def test_what_recalls_sources_shines_on_clips_drawn_by_chance_only(clips):
    found = compare([recalling()], clips, cut(clips), lambda text: None)
    accuracies = {
        way: systems["recalls sources"].by_fold(metrics.accuracy, clips).mean()
        for way, systems in found.items()
    }
    assert accuracies == {BY_SOURCE: 0.0, BY_CLIP: 1.0, ONE_OUT: 0.0}


def test_progress_names_cut_system_and_fold(clips):
    told = []
    splits = cut(clips, seeds=[0], by_clip=False, leave_one_out=False)
    compare([majority()], clips, splits, told.append)
    assert told[0] == f"{BY_SOURCE}: commonest class: seed 1, fold 1 of 3"
    assert len(told) == 3


def test_the_commonest_class_is_told_by_its_share(clips):
    few = clips.select(np.r_[0:10, 11:31:2])  # 5 + 0 calm, 5 + 10 wild
    told = majority().fit(few, 0)(clips)
    np.testing.assert_allclose(told, np.tile([0.25, 0.75], (len(clips), 1)))


def test_a_system_sees_its_streams_only(clips):
    system = learned(
        "one stream", Recipe(head="jury", members=("region:change",)), ("region",)
    )
    with pytest.raises(UserError, match="region_difference"):
        blind = Recipe(head="jury", members=("region_difference:change",))
        learned("blind", blind, ("region",)).fit(clips, 0)
    foretell = system.fit(clips, 0)
    changed = make_clips()
    changed.features["region_difference"][:] = 1e9
    np.testing.assert_array_equal(foretell(clips), foretell(changed))


def test_systems_without_their_streams_drop_out(clips):
    names = [s.name for s in choose_systems(("baselines", "ablation"), clips, 1)]
    assert names[0] == "commonest class"
    assert "+ region: change in the moving region" in names
    assert not [name for name in names if "picture" in name or "motion:" in name]
    assert [s.name for s in choose_systems(("jury",), clips, 1)] == ["jury"]


def test_recall_is_counted_at_ten_percent_false_alarms_of_each_class():
    labels = np.repeat([0, 1], 10)
    wild = np.r_[np.linspace(0.0, 0.45, 9), 0.9, np.full(5, 0.8), np.full(5, 0.3)]
    found = alarm_recall(np.stack([1 - wild, wild], axis=1), labels)
    # One of ten may be a false alarm: 5 of 10 wild ones are above the second wildest
    # calm one, and 6 of 10 calm ones are calmer than the calmest five wild ones.
    assert found == pytest.approx((0.5 + 0.6) / 2)


def test_held_out_sources_are_not_learned_from(clips):
    train, test = hold_out(clips, "group", 0.3, 0)
    assert not set(train.groups) & set(test.groups)
    assert len(train) + len(test) == len(clips)
    train, test = hold_out(clips, "clip", 0.3, 0)
    assert set(train.groups) & set(test.groups)


@pytest.fixture(scope="module")
def found(clips):
    """Return what two systems foretold, each by both ways of cutting."""
    splits = cut(clips, leave_one_out=False)
    return compare([majority(), recalling()], clips, splits, lambda text: None)


def test_the_report_tells_the_baseline_and_what_chance_flatters(clips, found):
    material = Material("made", [], ("a note",), "")
    report = make_report(material, clips, found, {"folds": 3}, "command")
    assert report.title == "made: 60 clips of 12 sources"
    assert "commonest class classifies 50.0% of the clips rightly" in report.verdict
    (warning,) = report.warnings
    assert "show 100.0% for recalls sources, whole sources held out 0.0%" in warning
    assert list(report.metrics["scores"]) == ["commonest class", "recalls sources"]
    assert report.metrics["scores"]["recalls sources"]["accuracy"] == [0.0] * 6
    flattered = report.metrics["other_cuts"][BY_CLIP]["recalls sources"]
    assert flattered["accuracy"] == [1.0] * 6
    assert "a note" in report.to_markdown()


def test_verdicts_are_those_of_the_last_system_with_sources_held_out(clips, found):
    table = tabulate(clips, found)
    wrong = np.where(clips.labels == 0, table["wild"], table["calm"])
    np.testing.assert_array_equal(wrong, 1.0)
    assert list(table.columns[:4]) == ["file", "start", "group", "label"]


def test_scores_by_fold_and_by_seed(clips):
    right = np.eye(2)[clips.labels]
    half = right.copy()
    half[:30] = right[:30, ::-1]
    folds = [np.arange(0, 30), np.arange(30, 60)]
    examined = Examined(np.stack([right, half]), [folds, folds])
    np.testing.assert_allclose(examined.by_fold(metrics.accuracy, clips), [1, 1, 0, 1])
    np.testing.assert_allclose(examined.by_seed(metrics.accuracy, clips), [1, 0.5])


def test_clips_are_foretold_by_fits_that_have_not_seen_them(clips):
    seen = []

    def fit(part, seed):
        seen.append(part)
        return lambda others: np.eye(2)[others.labels]

    splits = cut(clips)[BY_SOURCE]
    examined = cross_validate(System("spy", fit), clips, splits)
    np.testing.assert_array_equal(examined.probabilities[0], np.eye(2)[clips.labels])
    for part, (_, test) in zip(seen, [s for f in splits for s in f], strict=True):
        assert not set(part.paths) & set(clips.paths[test])


def test_the_program_writes_report_and_verdicts(calm_and_wild, tmp_path, capsys):
    given = ["--videos", calm_and_wild(4), "--backbone", "motion", "--folds", "2"]
    given += ["--seeds", "1", "--data-dir", tmp_path / "data", "--quiet"]
    command = [*map(str, given), "--output", str(tmp_path / "out")]
    assert evaluate.main(command) == 0
    shown = capsys.readouterr()
    assert shown.out.endswith(f"Report: {tmp_path / 'out'}\n") and not shown.err
    scores = json.loads((tmp_path / "out" / "metrics.json").read_text())["scores"]
    assert np.mean(scores["jury"]["accuracy"]) > np.mean(
        scores["commonest class"]["accuracy"]
    )
    assert (tmp_path / "out" / "verdicts.csv").read_text().count("\n") == 9
    with pytest.raises(UserError, match="--overwrite"):
        evaluate.main(command)
