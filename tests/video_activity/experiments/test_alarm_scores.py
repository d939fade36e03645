"""Alarms on streams, counted by hand."""

import math

import pytest

from projects.video_activity.alarms.rules import Rule
from projects.video_activity.experiments.alarm_scores import AlarmScore, Truth, score
from tests.video_activity.alarms.made_events import make_verdicts

RULE = Rule("criminal", on=0.8, off=0.5, windows=1, of=1, clear_windows=1, cooldown=0)


def count(shares, begin=math.inf, end=math.inf, rule=RULE):
    return score(rule, [(Truth(begin, end), make_verdicts(shares))])


def test_an_event_is_found_at_the_end_of_the_window_that_shows_it():
    found = count([0.1, 0.1, 0.9, 0.9, 0.1], begin=4.5, end=12.0)
    assert found.delays == ((9.0 - 4.5) / 3,)
    assert (found.events, found.false_alarms, found.recall) == (1, 0, 1.0)
    assert (found.recall_within(1), found.recall_within(1.5)) == (0.0, 1.0)
    assert found.hours == pytest.approx((3 + 3) / 3600)  # before 3 s, from 12 s on


def test_what_is_told_before_or_long_after_is_false_and_finds_nothing():
    early = count([0.9, 0.9, 0.9, 0.1, 0.1], begin=4.5, end=9.0)
    assert (early.delays, early.false_alarms) == ((), 1)
    late = count([0.1, 0.1, 0.1, 0.1, 0.9], begin=4.5, end=9.0)
    assert (late.delays, late.false_alarms) == ((), 1)
    last = count([0.1, 0.1, 0.1, 0.9, 0.1], begin=4.5, end=9.0)
    assert (len(last.delays), last.false_alarms) == (1, 0)


def test_the_second_alarm_of_an_event_is_neither_false_nor_another_hit():
    found = count([0.1, 0.9, 0.1, 0.9, 0.1], begin=3.0, end=12.0)
    assert (found.delays, found.false_alarms, found.events) == ((1.0,), 0, 1)


def test_normal_footage_has_no_events():
    found = count([0.1, 0.9, 0.1, 0.1, 0.9])
    assert (found.events, found.false_alarms) == (0, 2)
    assert found.per_hour == pytest.approx(2 * 3600 / 15)
    assert math.isnan(found.recall) and math.isnan(found.delay)


def test_alarms_at_chance_find_what_their_number_makes_likely():
    # 60 an hour, for a minute each: e^-1 of the events are missed.
    assert AlarmScore(1, (), 60, 1.0).by_chance(60) == pytest.approx(1 - math.exp(-1))
    assert AlarmScore(1, (), 0, 1.0).by_chance(60) == 0
