"""Times that grow, whatever the stamps do."""

import math

import pytest

from projects.video_activity.footage.stamps import Stamps, is_sensible, rate_of


def _times(stamps, rate=10.0, trusted=True):
    clock = Stamps(rate, trusted)
    return [round(clock(stamp), 6) for stamp in stamps], clock.notes


def test_good_stamps_are_kept_from_the_first_on():
    assert _times([0.5, 0.6, 0.8, 1.3]) == ([0.0, 0.1, 0.3, 0.8], [])


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_counted(bad):
    assert _times([bad] * 3)[0] == [0.0, 0.1, 0.2]


def test_stamps_that_stand_still_are_counted():
    times, notes = _times([0.0] * 40)

    assert times == pytest.approx([number / 10 for number in range(40)])
    assert notes == [
        "From 0.1 s on, time stamps jump or stand still; counted on there."
    ]


def test_a_jump_back_goes_on():
    times, notes = _times([0, 0.1, 5, 5.1, 0, 0.1, 0.3])

    assert times == pytest.approx([0, 0.1, 5, 5.1, 5.2, 5.3, 5.5])
    assert notes[0].startswith("From 5.2 s on")


def test_a_jump_far_ahead_goes_on_but_a_pause_stays():
    assert _times([0, 30, 30.1])[0] == pytest.approx([0, 30, 30.1])
    assert _times([0, 1e9, 1e9 + 0.1])[0] == pytest.approx([0, 0.1, 0.2])


def test_two_neighbors_in_the_wrong_order_are_no_jump():
    times, notes = _times([0, 0.1, 0.3, 0.2, 0.5, 0.6])

    assert times == pytest.approx([0, 0.1, 0.3, 0.4, 0.5, 0.6]) and notes == []


def test_a_last_frame_without_a_stamp_is_not_worth_a_word():
    assert _times([0, 1, 2, 3, 0]) == ([0, 1, 2, 3, 3.1], [])


def test_stamps_that_are_not_trusted_are_not_looked_at():
    assert _times([0, 7, 3], trusted=False)[0] == pytest.approx([0, 0.1, 0.2])


def test_after_a_jump_that_was_asked_for_the_stamp_holds():
    clock = Stamps(10.0)
    clock(2.0)
    clock.skip()

    assert [clock(12.0), clock(12.1)] == pytest.approx([10.0, 10.1])


@pytest.mark.parametrize(
    ("rate", "sensible"),
    [
        (25, True),
        (0.1, True),
        (0, False),
        (math.nan, False),
        (1000, False),
        (-1, False),
    ],
)
def test_which_rates_are_sensible(rate, sensible):
    assert is_sensible(rate) is sensible


def test_the_rate_that_stamps_show():
    assert rate_of([0, 0.04, 0.08, 0.5]) == pytest.approx(25)
    assert rate_of([0, 0, 0]) is None and rate_of([1.0]) is None
    assert rate_of([0, 0.001, 0.002]) is None
