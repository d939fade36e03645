import dataclasses
import itertools
import math
import random

import pytest
from scipy import stats

from common.errors import UserError
from projects.video_activity.alarms.rules import Rule
from projects.video_activity.alarms.thresholds import (
    GRID,
    choose_thresholds,
    count_alarms,
    judged_hours,
    show_need,
)
from tests.video_activity.alarms.made_events import make_verdicts

PLAIN = Rule("criminal", on=0.8, off=0.4, windows=1, of=1, clear_windows=1, cooldown=0)


def choose(shares, per_hour, least=0.5, rule=PLAIN):
    footages = {"a": make_verdicts(shares)}
    return choose_thresholds([rule], footages, per_hour, least)[0]


def hour_with(*peaks):
    """Return an hour of windows that are sure of nothing, and some that are not."""
    shares = [0.02] * 1200
    for place, peak in enumerate(peaks):
        shares[100 * place + 50] = peak
    return shares


def test_the_least_threshold_above_the_peaks_that_are_not_allowed():
    peaks = (0.93, 0.81, 0.72, 0.6)
    for allowed, below in enumerate(peaks):
        choice = choose(hour_with(*peaks), allowed)
        assert choice.alarms == allowed
        assert below < choice.rule.on <= below + 0.0051
        assert choice.rule.off == pytest.approx(choice.rule.on / 2, abs=1e-5)
    assert (choice.hours, choice.highest) == (1.0, 0.93)


def test_the_threshold_is_not_below_the_least():
    assert choose(hour_with(0.1), 0).rule.on == 0.5
    assert choose(hour_with(0.1), 0, least=0.05).rule.on == pytest.approx(0.105)
    assert choose(hour_with(0.9, 0.8), 5).rule.on == 0.5


def test_less_than_one_alarm_in_the_footage_is_none():
    assert choose(hour_with(0.93), 0.99).alarms == 0
    assert choose(hour_with(0.93), 1.0).alarms == 1
    assert choose(hour_with(0.93) * 3, 1 / 3).alarms == 0


def test_sure_models_have_fine_thresholds():
    choice = choose(hour_with(0.9996), 0)
    assert choice.rule.on == pytest.approx(0.99965)


def test_the_state_machine_decides_and_not_the_highest_window():
    rule = dataclasses.replace(PLAIN, windows=2, of=3)
    assert choose(hour_with(0.99, 0.98), 0, rule=rule).rule.on == 0.5
    shares = hour_with()
    shares[7], shares[9] = 0.97, 0.7
    assert 0.7 < choose(shares, 0, rule=rule).rule.on <= 0.705


def test_one_endless_alarm_is_no_bargain():
    """Below 0.6 all windows make one incident; it lasts an hour."""
    shares = [0.6, 0.7] * 600
    choice = choose(shares, 10)
    assert choice.rule.on > 0.7
    assert count_alarms(dataclasses.replace(PLAIN, on=0.55, off=0.3), []) == 0
    long = count_alarms(
        dataclasses.replace(PLAIN, on=0.55, off=0.3), [make_verdicts(shares)]
    )
    assert long == 61


def test_luck_at_a_low_threshold_is_not_chosen():
    """At 0.8 there are many alarms, at 0.6 they are few because they are joined."""
    shares = hour_with()
    for k in range(0, 18, 2):
        shares[k], shares[k + 1] = 0.8, 0.59
    rule = dataclasses.replace(PLAIN, on=0.8, off=0.792)
    joined = dataclasses.replace(rule, on=0.59, off=0.58)
    assert count_alarms(joined, [make_verdicts(shares)]) == 1
    assert choose(shares, 2, rule=rule).rule.on > 0.8


@pytest.mark.parametrize("seed", range(5))
def test_the_choice_is_that_of_counting_every_threshold(seed):
    chance = random.Random(seed)
    footages = {
        name: make_verdicts(
            [chance.choice([None, chance.betavariate(1, 6)]) for _ in range(300)]
        )
        for name in "ab"
    }
    rule = Rule("criminal", on=0.8, off=0.6, windows=1, of=2, cooldown=9)
    (choice,) = choose_thresholds([rule], footages, 6.0, 0.1)
    allowed = math.floor(6.0 * judged_hours(footages.values()))

    def is_quiet(on):
        tried = dataclasses.replace(rule, on=on, off=on * 0.75)
        return count_alarms(tried, footages.values()) <= allowed

    quiet = list(itertools.takewhile(is_quiet, (float(on) for on in GRID[::-1])))
    assert choice.rule.on == min(on for on in quiet if on >= 0.1)


def test_hours_are_those_that_were_judged_and_overlaps_count_once():
    assert judged_hours([make_verdicts([0.1] * 4)]) == pytest.approx(12 / 3600)
    assert judged_hours([make_verdicts([0.1] * 4, hop=1.0)]) == pytest.approx(6 / 3600)
    assert judged_hours([make_verdicts([0.1, None, 0.1])]) == pytest.approx(6 / 3600)
    assert judged_hours([make_verdicts([0.1])] * 2) == pytest.approx(6 / 3600)


@pytest.mark.parametrize("peaks", [(), (0.9,), (0.9,) * 7])
def test_the_bound_is_that_of_poisson(peaks):
    choice = choose(hour_with(*peaks) * 2, len(peaks))
    alarms = 2 * len(peaks)
    assert choice.alarms == alarms
    assert stats.poisson.cdf(alarms, choice.at_most * 2) == pytest.approx(0.05)
    if not peaks:
        assert choice.at_most == pytest.approx(3 / 2, rel=0.01)  # the rule of three
        text = "0 false alarms in 2 h: fewer than 1.5 per hour, with 95% confidence"
        assert choice.to_text() == text


def test_how_long_one_must_watch():
    assert "takes 30 h" in show_need(0.1)
    assert "never" in show_need(0)


def test_footage_that_raises_alarms_at_every_threshold():
    shares = hour_with(*[1.0] * 5)
    with pytest.raises(UserError, match=r"at most 2 false alarms.*Received: 5 in 1 h"):
        choose(shares, 2)


def test_footage_that_was_not_judged():
    with pytest.raises(UserError, match=r"3 windows, none judged; the camera moves: 3"):
        choose([None] * 3, 1)
    with pytest.raises(UserError, match="0 windows"):
        choose_thresholds([PLAIN], {}, 1, 0.5)


def test_another_class_than_the_models():
    rule = dataclasses.replace(PLAIN, label="crime")
    with pytest.raises(UserError, match="model: criminal, safe. Received: crime"):
        choose([0.1], 1, rule=rule)
