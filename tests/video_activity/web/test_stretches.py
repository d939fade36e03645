"""Verdicts that say the same are one stretch."""

from projects.video_activity.verdicts import Verdict
from projects.video_activity.web.stretches import Stretches

CLASSES = ("safe", "criminal")


def verdict(start, share, length=3.0):
    return Verdict.of(start, start + length, CLASSES, (1 - share, share))


def test_stretches_grow_and_begin():
    merging = Stretches()
    told = [
        merging.add(v)
        for v in (
            verdict(0, 0.1),
            verdict(3, 0.4),
            verdict(6, 0.9),
            Verdict.not_judged(9, 12, "the camera moves"),
            Verdict.not_judged(12, 15, "a cut"),
            verdict(15, 0.8),
            verdict(30, 0.7),
        )
    ]
    assert [s.number for s in told] == [0, 0, 1, 2, 3, 4, 5]
    assert (told[1].start, told[1].end, told[1].label) == (0, 6, "safe")
    assert told[0].peak == told[1].peak == 0.9  # the highest, not the last
    assert (told[4].label, told[4].peak, told[4].reason) == (None, None, "a cut")
    assert told[6].start == 30 and told[6].number == 5  # across a gap


def test_windows_that_overlap_are_one_stretch():
    merging = Stretches()
    for start in range(5):
        told = merging.add(verdict(start, 0.9))
    assert (told.number, told.start, told.end) == (0, 0, 7)
    assert told.to_dict() == {
        "number": 0,
        "start": 0,
        "end": 7.0,
        "label": "criminal",
        "peak": 0.9,
        "reason": "",
    }
