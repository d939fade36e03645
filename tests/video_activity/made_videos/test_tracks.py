import numpy as np
import pytest

from projects.video_activity.made_videos.tracks import LEFT, RIGHT, TOWARDS, Track


def test_a_leg_is_walked_evenly_at_its_speed():
    track = Track(-1.0, 0.5, begin=10.0).go(2.0, 0.5, speed=1.5)
    assert track.last.end == pytest.approx(12.0)
    x, depth, heading, pose = track.at(11.0)
    assert (x, depth) == (pytest.approx(0.5), 0.5)
    assert heading == RIGHT
    assert pose.speed == pytest.approx(1.5)
    assert pose.progress == pytest.approx(0.5)


def test_depth_counts_as_three_meters():
    assert Track(0, 0).go(0, 1, speed=1.5).last.end == pytest.approx(2.0)


def test_the_gait_goes_with_the_way_so_that_no_foot_slips():
    track = Track(0, 0.5).go(1.35, 0.5, speed=0.9).stay(2, "talk", TOWARDS)
    track.go(0, 0.5, speed=1.8)
    phases = [track.at(t)[3].phase for t in (0.75, 1.5, 2.5, 3.5, 3.875)]
    expected = np.array([0.5, 1, 1, 1, 1.5]) * 2 * np.pi
    np.testing.assert_allclose(phases, expected, atol=1e-6)


def test_places_do_not_jump_from_leg_to_leg():
    track = Track(0, 0.5).go(1, 0.6, 1.2).stay(1, "strike", RIGHT, x=1.3).go(-1, 0.2, 3)
    places = np.array([track.at(t)[:2] for t in np.arange(0, 5, 0.01)])
    assert np.abs(np.diff(places, axis=0)).max() < 0.035


def test_who_turns_takes_a_moment():
    track = Track(0, 0.5).go(1, 0.5, 1).go(0, 0.5, 1)
    assert track.at(0.99)[2] == pytest.approx(RIGHT)
    assert abs(np.sin(track.at(1.15)[2])) > 0.9  # half way around
    assert np.cos(track.at(1.4)[2]) == pytest.approx(np.cos(LEFT))


def test_who_looks_around_turns_to_and_fro():
    track = Track(0, 0.5).stay(3, "look", TOWARDS)
    headings = [track.at(t)[2] for t in np.linspace(0.5, 3, 50)]
    assert min(headings) < TOWARDS - 1 and max(headings) > TOWARDS + 1


def test_a_figure_stands_after_its_way_and_without_one():
    assert Track(1, 0.2).at(5)[0] == 1
    x, _, heading, pose = Track(0, 0.5).go(-2, 0.5, 1).at(99)
    assert (x, pose.action, pose.speed) == (-2, "go", 0)
    assert np.cos(heading) == pytest.approx(-1)
