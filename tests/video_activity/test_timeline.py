import pytest

from projects.video_activity.class_colors import NOT_JUDGED, choose_colors, to_rgb
from projects.video_activity.timeline import (
    Stretch,
    Stretches,
    clock,
    count_seconds,
    describe,
    find_stretches,
    share_out,
    summarize,
)
from projects.video_activity.verdicts import Verdict

CLASSES = ("safe", "criminal")


def _say(start, criminal, end=None):
    end = start + 3 if end is None else end
    return Verdict.of(start, end, CLASSES, [1 - criminal, criminal])


def test_verdicts_that_say_the_same_become_one_stretch():
    verdicts = [_say(0, 0.1), _say(3, 0.3), _say(6, 0.8), _say(9, 0.4)]
    assert find_stretches(verdicts) == [
        Stretch(0, 6, "safe", pytest.approx(0.8)),
        Stretch(6, 9, "criminal", pytest.approx(0.8)),
        Stretch(9, 12, "safe", pytest.approx(0.6)),
    ]


def test_the_probability_is_a_mean_over_time():
    (stretch,) = find_stretches([_say(0, 0.9), _say(3, 0.6, end=4)])
    assert stretch.probability == pytest.approx((3 * 0.9 + 1 * 0.6) / 4)


def test_windows_that_overlap_share_the_time():
    verdicts = [_say(start, 0.9 * (start >= 4)) for start in range(8)]
    first, second = find_stretches(verdicts)
    # Middles at 4.5 and 5.5: what is nearer to the latter is told by it.
    assert (first.start, first.end, first.label) == (0, 5, "safe")
    assert (second.start, second.end, second.label) == (5, 10, "criminal")
    parts = list(share_out(verdicts))
    assert sum(end - begin for begin, end, _ in parts) == 10


def test_every_overlap_counts_each_second_once():
    starts = [0, 0.4, 2.0, 2.1, 4.9, 9.0]
    parts = list(share_out([_say(start, 0.5) for start in starts]))
    for (_, end, _), (begin, _, _) in zip(parts, parts[1:], strict=False):
        assert begin >= end
    assert sum(end - begin for begin, end, _ in parts) == pytest.approx(7.9 + 3)


def test_a_gap_or_another_reason_begins_a_new_stretch():
    verdicts = [
        _say(0, 0.1),
        _say(30, 0.1),
        Verdict.not_judged(33, 36, "the camera moves"),
        Verdict.not_judged(36, 39, "the camera moves"),
        Verdict.not_judged(39, 42, "the scene is cut"),
    ]
    stretches = find_stretches(verdicts)
    assert [(s.start, s.end) for s in stretches] == [
        (0, 3),
        (30, 33),
        (33, 39),
        (39, 42),
    ]
    assert [s.label for s in stretches] == ["safe", "safe", None, None]
    assert count_seconds(stretches, CLASSES) == {"safe": 6, "criminal": 0, None: 9}


def test_stretches_grow_as_verdicts_come():
    merging = Stretches()
    assert merging.add(_say(0, 0.1)) == {0: Stretch(0, 3, "safe", 0.9)}
    assert merging.add(_say(3, 0.3)) == {0: Stretch(0, 6, "safe", pytest.approx(0.8))}
    unseen = Verdict.not_judged(6, 9, "a cut")
    assert merging.add(unseen)[1] == Stretch(6, 9, None, None, "a cut")
    assert list(merging.add(_say(30, 0.7))) == [1, 2]  # after a gap


def test_what_was_told_becomes_shorter_where_the_next_is_nearer():
    merging = Stretches()
    merging.add(_say(0, 0.1))
    merging.add(_say(1, 0.3))
    told = merging.add(_say(2, 0.8))
    # 0-2 of the first, 2-3 of the second, whose last second is nearer to the third.
    assert told[0] == Stretch(0, 3, "safe", pytest.approx((2 * 0.9 + 0.7) / 3))
    assert told[1] == Stretch(3, 5, "criminal", pytest.approx(0.8))
    within = merging.add(_say(4.0, 0.1, end=4.2))  # less than what it takes
    assert within == {1: Stretch(3, 4.5, "criminal", pytest.approx(0.8))}
    assert told[0].to_dict() == {
        "start": 0,
        "end": 3,
        "label": "safe",
        "probability": 0.8333,
        "reason": "",
    }


def test_no_verdicts_make_no_stretches():
    assert find_stretches([]) == []
    assert count_seconds([], CLASSES) == {"safe": 0, "criminal": 0, None: 0}


@pytest.mark.parametrize(
    "seconds, text",
    [(0, "0:00.0"), (7.44, "0:07.4"), (59.96, "1:00.0"), (3750, "1:02:30.0")],
)
def test_times_are_written_as_people_do(seconds, text):
    assert clock(seconds) == text


def test_a_stretch_is_one_line():
    assert str(Stretch(30, 45, "criminal", 0.937)) == "0:30.0 - 0:45.0  criminal 94 %"
    assert str(Stretch(0, 3, None, None, "the scene is cut")).endswith(
        "not judged: the scene is cut"
    )


def test_colors_follow_what_names_suggest_and_differ():
    names = ("fight", "no_fight", "Suspicious", "criminal", "jazz", "blues", "safe")
    colors = choose_colors(names)
    assert len(set(colors.values())) == len(names)
    assert NOT_JUDGED not in colors.values()
    for alarm in ("fight", "criminal"):
        red, green, _ = to_rgb(colors[alarm])
        assert red > 1.5 * green
    for calm in ("no_fight", "safe"):
        red, green, _ = to_rgb(colors[calm])
        assert green > red
    assert to_rgb("#0aff10") == (10, 255, 16)


def test_a_verdict_is_one_line_with_a_bar():
    assert describe(_say(63, 0.75), width=8) == (
        " 1:03.0  criminal   75 %  ###############-----"
    )
    assert describe(_say(0, 0.0)) == " 0:00.0  safe  100 %  " + 20 * "#"
    unseen = describe(Verdict.not_judged(0, 3, "the camera moves"), width=8)
    assert unseen.endswith("not judged: the camera moves")


def test_a_summary_names_all_stretches_and_classes():
    text = summarize(find_stretches([_say(0, 0.1), _say(3, 0.2)]), CLASSES)
    assert text == "  0:00.0 - 0:06.0  safe 85 %\nsafe 6.0 s, criminal 0.0 s"
    unseen = [Stretch(0, 3, None, None, "cut")]
    assert summarize(unseen, CLASSES).endswith("not judged 3.0 s")
