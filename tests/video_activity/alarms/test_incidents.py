import itertools
import json
import random

import pytest

from projects.video_activity.alarms.incidents import BEGIN, END, Incidents
from projects.video_activity.alarms.rules import Rule
from projects.video_activity.verdicts import Verdict
from tests.video_activity.alarms.made_events import make_verdict, make_verdicts

SIMPLE = Rule("criminal", on=0.8, off=0.5, windows=1, of=1, clear_windows=1, cooldown=0)
HIGH, MIDDLE, LOW = 0.9, 0.6, 0.1


def run(rule, shares, **changes):
    """Return (place, event) for each event of one source."""
    incidents = Incidents([rule], make_id=map(str, itertools.count()).__next__)
    found = []
    for place, verdict in enumerate(make_verdicts(shares, **changes)):
        found += [(place, event) for event in incidents.update(verdict)]
    return found + [(None, event) for event in incidents.finish()]


def kinds(rule, shares, **changes):
    return [(place, event.kind) for place, event in run(rule, shares, **changes)]


def make_rule(**changes):
    values = vars(SIMPLE) | changes
    return Rule(**values)


def test_one_incident_makes_two_events_however_many_windows_it_has():
    found = run(SIMPLE, [LOW, HIGH, 0.95, HIGH, LOW, LOW])
    assert [(place, event.kind) for place, event in found] == [(1, BEGIN), (4, END)]
    begin, end = (event for _, event in found)
    assert (begin.start, begin.end, begin.peak, begin.id) == (3.0, 6.0, HIGH, "0")
    assert (end.start, end.end, end.peak, end.id) == (3.0, 12.0, 0.95, "0")


def test_thresholds_hold_at_equality():
    assert kinds(SIMPLE, [0.8, 0.5, 0.49]) == [(0, BEGIN), (2, END)]
    assert kinds(SIMPLE, [0.79]) == []


def test_between_the_thresholds_an_incident_goes_on_but_does_not_begin():
    assert kinds(SIMPLE, [MIDDLE, HIGH, MIDDLE, MIDDLE, LOW]) == [(1, BEGIN), (4, END)]
    assert kinds(SIMPLE, [MIDDLE] * 5) == []


def test_so_many_of_the_latest_windows_must_count():
    rule = make_rule(windows=2, of=3)
    assert kinds(rule, [HIGH, LOW, LOW, HIGH, LOW, LOW]) == []
    assert kinds(rule, [LOW, HIGH, LOW, HIGH]) == [(3, BEGIN), (None, END)]
    (_, begin), *_ = run(rule, [LOW, HIGH, LOW, HIGH])
    assert (begin.start, begin.end) == (3.0, 12.0)


def test_a_minimum_time_is_counted_from_the_first_window_that_counts():
    rule = make_rule(minimum_seconds=9)
    assert kinds(rule, [HIGH, HIGH, LOW, HIGH, HIGH, HIGH]) == [
        (5, BEGIN),
        (None, END),
    ]
    (_, begin), _ = run(rule, [LOW, 0.99, HIGH, HIGH])
    assert (begin.start, begin.peak) == (3.0, 0.99)


def test_windows_that_overlap_count_by_time_and_not_by_number():
    rule = make_rule(minimum_seconds=6)
    assert kinds(rule, [HIGH] * 9, hop=1.0)[0] == (3, BEGIN)


def test_several_low_windows_in_a_row_end_it():
    rule = make_rule(clear_windows=3)
    shares = [HIGH, LOW, LOW, MIDDLE, LOW, LOW, LOW]
    found = run(rule, shares)
    assert [(place, event.kind) for place, event in found] == [(0, BEGIN), (6, END)]
    assert found[1][1].end == 12.0  # of the window in the middle


def test_a_cooldown_keeps_quiet_after_the_end():
    rule = make_rule(cooldown=6)
    assert kinds(rule, [HIGH, LOW, HIGH, HIGH, HIGH]) == [
        (0, BEGIN),
        (1, END),
        (4, BEGIN),  # the first that ends more than 6 s after 6.0
        (None, END),
    ]


def test_windows_that_are_not_judged_neither_raise_nor_clear():
    assert kinds(make_rule(windows=2, of=2), [HIGH, None, None, HIGH]) == []
    shares = [HIGH, LOW, None, None, LOW, None, HIGH, LOW, LOW]
    rule = make_rule(clear_windows=2)
    assert kinds(rule, shares) == [(0, BEGIN), (4, END), (6, BEGIN), (8, END)]


@pytest.mark.parametrize("seed", range(20))
def test_no_event_comes_of_a_window_that_is_not_judged(seed):
    chance = random.Random(seed)
    shares = [chance.choice([HIGH, MIDDLE, LOW, None]) for _ in range(60)]
    rule = make_rule(
        windows=chance.randint(1, 2), of=3, clear_windows=chance.randint(1, 3)
    )
    events = run(rule, shares)
    assert all(shares[place] is not None for place, _ in events if place is not None)
    assert [event.kind for _, event in events] == [BEGIN, END] * (len(events) // 2)
    assert all(begin.id == end.id for (_, begin), (_, end) in _pairs(events))
    assert len({event.id for _, event in events}) == len(events) // 2


def _pairs(events):
    return zip(events[::2], events[1::2], strict=True)


def test_each_class_has_its_own_incidents():
    rules = [SIMPLE, make_rule(label="suspicious")]
    incidents = Incidents(rules)
    both = Verdict(0, 3, {"criminal": 0.9, "suspicious": 0.9}, "criminal", True)
    begun = incidents.update(both)
    assert [(event.kind, event.label) for event in begun] == [
        (BEGIN, "criminal"),
        (BEGIN, "suspicious"),
    ]
    one = Verdict(3, 6, {"criminal": 0.9, "suspicious": 0.1}, "criminal", True)
    assert [event.label for event in incidents.update(one)] == ["suspicious"]
    assert begun[0].id != begun[1].id


def test_a_gap_in_time_makes_the_windows_before_it_not_count():
    rule = make_rule(windows=2, of=2)
    incidents = Incidents([rule])
    assert incidents.update(make_verdict(0, HIGH)) == []
    assert incidents.update(make_verdict(60, HIGH)) == []
    assert [e.start for e in incidents.update(make_verdict(63, HIGH))] == [60]


def test_a_clock_that_leaps_back_is_followed():
    rule = make_rule(windows=2, of=2, cooldown=1000)
    incidents = Incidents([rule])
    for verdict in make_verdicts([HIGH, HIGH, LOW], begin=500):
        incidents.update(verdict)
    assert incidents.update(make_verdict(0, HIGH)) == []
    (begin,) = incidents.update(make_verdict(3, HIGH))
    assert begin.kind == BEGIN
    (end,) = incidents.update(make_verdict(0, LOW))
    assert (end.kind, end.start, end.end) == (END, 0, 6)


def test_a_class_that_the_model_does_not_tell_of_is_never_likely():
    assert kinds(SIMPLE, [HIGH], label="suspicious") == []


def test_events_can_be_written():
    _, event = run(SIMPLE, [0.98765432])[0]
    assert json.loads(json.dumps(event.to_dict())) == {
        "event": "begin",
        "id": "0",
        "label": "criminal",
        "start": 0.0,
        "end": 3.0,
        "peak": 0.9877,
    }
