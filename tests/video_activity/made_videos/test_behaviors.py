import numpy as np
import pytest

from projects.video_activity.made_videos.behaviors import (
    SCRIPTS,
    draw_begins,
    ends,
    play,
)

HALF, END = 2.3, 12.0
TELLS = {
    "suspicious": {"sneak", "look", "stoop"},
    "criminal": {"strike", "kick", "reel", "fall"},
}


def _play(name, seed, count=3, begin=0.0):
    rng = np.random.default_rng([seed, 7])
    begins = draw_begins(rng, count, HALF)
    return begins, play(rng, name, begins, HALF, (begin, END))


def _seen(tracks, begin, end):
    """Return the actions of who is in the picture."""
    states = [t.at(time) for t in tracks for time in np.arange(begin, end, 0.1)]
    return {pose.action for x, _, _, pose in states if abs(x) < HALF + 0.3}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("count", [2, 3])
def test_all_begin_where_they_are_and_play_on_to_the_end(name, seed, count):
    begins, tracks = _play(name, seed, count)
    assert len(tracks) == count
    assert ends(tracks, 0.0) == [pytest.approx(place) for place in begins]
    assert all(track.last.end >= END for track in tracks)
    places = np.array([ends(tracks, time) for time in np.arange(0, END, 0.05)])
    assert np.abs(np.diff(places[..., 0], axis=0)).max() < 0.3  # 6 m/s
    assert np.abs(places[..., 0]).max() < HALF + 1
    assert 0 <= places[..., 1].min() and places[..., 1].max() <= 1


@pytest.mark.parametrize("seed", range(8))
def test_nothing_in_a_safe_scene_belongs_to_another_class(seed):
    assert _seen(_play("safe", seed)[1], 0, END) <= {"go", "talk"}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", TELLS)
def test_every_three_seconds_show_the_class(name, seed):
    _, tracks = _play(name, seed)
    others = set().union(*(TELLS[other] for other in TELLS if other != name))
    for begin in np.arange(0, END - 3, 0.5):
        seen = _seen(tracks, begin, begin + 3)
        assert seen & TELLS[name]
        assert not seen & others


@pytest.mark.parametrize("seed", range(8))
def test_blows_reach_whom_they_are_meant_for(seed):
    _, tracks = _play("criminal", seed)
    for time in np.arange(0, END, 0.1):
        states = [track.at(time) for track in tracks]
        hit = [(x, depth) for x, depth, _, pose in states if pose.action == "reel"]
        hits = [(x, depth) for x, depth, _, pose in states if pose.action == "strike"]
        for victim, attacker in zip(hit, hits, strict=False):
            assert abs(victim[0] - attacker[0]) < 1.3
            assert victim[1] == pytest.approx(attacker[1], abs=0.01)


def test_classes_begin_alike_and_can_follow_each_other():
    begins, before = _play("safe", 1)
    after = play(
        np.random.default_rng(2), "criminal", ends(before, 6.0), HALF, (6.0, END)
    )
    assert ends(after, 6.0) == [pytest.approx(place) for place in ends(before, 6.0)]
