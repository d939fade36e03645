"""What goes on: the ways of all figures of a scene, for each class.

All classes are played by casts of the same size, and some of each cast only pass by;
people run in safe scenes too. What differs is what is done.
"""

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from projects.video_activity.made_videos.tracks import LEFT, RIGHT, TOWARDS, Track

_EDGE = 0.7  # meters beyond the picture where nobody is seen
# Shares of all who could.
_JOGS, _STANDS, _TALKS, _FOLLOWS = 0.1, 0.6, 0.15, 0.2
_REACH = 0.9  # meters between two who fight

Script = Callable[[np.random.Generator, list[Track], float, float], None]


def play(
    rng: np.random.Generator,
    name: str,
    begins: Sequence[tuple[float, float]],
    half: float,
    span: tuple[float, float],
) -> list[Track]:
    """Return the way of each figure.

    Args:
        rng: Decides what happens.
        name: "safe", "suspicious" or "criminal".
        begins: Where each figure is at the beginning: x, depth. Two or more.
        half: Meters from the middle of the picture to its edge.
        span: Begin and end, seconds; ways go on to the end at least.
    """
    tracks = [Track(x, depth, span[0]) for x, depth in begins]
    SCRIPTS[name](rng, tracks, half, span[1])
    return tracks


def draw_begins(
    rng: np.random.Generator, count: int, half: float
) -> list[tuple[float, float]]:
    """Return where figures are at the beginning: apart from each other, in view."""
    xs = np.linspace(-0.7, 0.7, count) * half + rng.uniform(-0.3, 0.3, count)
    depths = rng.uniform(0.2, 0.9, count)
    return [
        (float(x), float(d)) for x, d in zip(rng.permutation(xs), depths, strict=True)
    ]


def _safe(
    rng: np.random.Generator, tracks: list[Track], half: float, end: float
) -> None:
    if rng.random() < _TALKS:
        _meet(rng, tracks[0], tracks[1], end)
        return _be_there(rng, tracks[2:], half, end)
    for track in tracks[:2]:
        _pass_by(rng, track, half, end, away=0.5)
    return _be_there(rng, tracks[2:], half, end)


def _suspicious(
    rng: np.random.Generator, tracks: list[Track], half: float, end: float
) -> None:
    loiterer, *others = tracks
    _be_there(rng, others, half, end)
    if rng.random() < _FOLLOWS:
        _follow(rng, loiterer, others[0], half, end)
    else:
        _loiter(rng, loiterer, half, end)


def _criminal(
    rng: np.random.Generator, tracks: list[Track], half: float, end: float
) -> None:
    attacker, victim, *others = _nearest_first(tracks)
    _fight(rng, attacker, victim, half, end)
    _be_there(rng, others, half, end)


SCRIPTS: dict[str, Script] = {
    "safe": _safe,
    "suspicious": _suspicious,
    "criminal": _criminal,
}


def _be_there(
    rng: np.random.Generator, tracks: list[Track], half: float, end: float
) -> None:
    """Stand around or pass by, as people do in all classes."""
    for track in tracks:
        if rng.random() < _STANDS:
            facing = rng.choice([LEFT, RIGHT, TOWARDS])
            while track.last.end < end:
                action = "talk" if rng.random() < 0.3 else "go"  # into a telephone
                track.stay(rng.uniform(1.5, 3.0), action, facing)
        else:
            _pass_by(rng, track, half, end, away=3.0)


def _pass_by(
    rng: np.random.Generator, track: Track, half: float, end: float, *, away: float
) -> None:
    """Leave the picture, and come back within `away` seconds, to leave it again."""
    jogs = rng.random() < _JOGS
    side = rng.choice([-1, 1])
    speed = rng.uniform(2.5, 2.9) if jogs else rng.uniform(1.3, 1.7)
    while track.last.end < end:
        depth = float(np.clip(track.last.depth + rng.uniform(-0.1, 0.1), 0.05, 1))
        track.go(side * (half + _EDGE), depth, speed)
        track.stay(rng.uniform(0.5, 1.0) * away, "go", LEFT if side > 0 else RIGHT)
        side = -side


def _meet(rng: np.random.Generator, one: Track, other: Track, end: float) -> None:
    """Two walk up to each other, talk, and stay."""
    x = (one.x + other.x) / 2 + rng.uniform(-0.3, 0.3)
    depth = (one.depth + other.depth) / 2
    left, right = (one, other) if one.x < other.x else (other, one)
    for track, place, facing in ((left, x - 0.5, RIGHT), (right, x + 0.5, LEFT)):
        track.go(place, depth, rng.uniform(1.1, 1.4))
        while track.last.end < end:
            action = "talk" if rng.random() < 0.7 else "go"
            track.stay(rng.uniform(1.2, 2.5), action, facing)


def _loiter(rng: np.random.Generator, track: Track, half: float, end: float) -> None:
    """Go to and fro about one spot, look around, stoop at something."""
    spot = track.x * 0.6
    side = rng.choice([-1, 1])
    while track.last.end < end:
        where = float(np.clip(spot + side * rng.uniform(0.5, 1.1), -half, half))
        how = "sneak" if rng.random() < 0.6 else "go"
        track.go(where, track.depth, rng.uniform(0.6, 0.9), how)
        facing = RIGHT if side > 0 else LEFT
        if rng.random() < 0.55:
            track.stay(rng.uniform(0.8, 1.3), "look", TOWARDS)
        else:
            track.stay(rng.uniform(1.2, 1.8), "stoop", facing)
        side = -side


def _follow(
    rng: np.random.Generator, track: Track, other: Track, half: float, end: float
) -> None:
    """Sneak after another; stop and look away; turn back when they are gone."""
    while track.last.end < end:
        now = track.last.end
        ahead = other.at(now + 1.0)[0]
        gap = ahead - track.last.x
        if abs(ahead) > half:  # out of the picture: nobody to follow
            ahead = -0.3 * track.last.x
        where = ahead - np.sign(gap) * rng.uniform(0.8, 1.2)
        step = np.clip(where - track.last.x, -1.4, 1.4)
        if abs(step) > 0.25:
            x = float(np.clip(track.last.x + step, -half, half))
            track.go(x, track.last.depth, rng.uniform(1.2, 1.6), "sneak")
        track.stay(rng.uniform(0.6, 1.0), "look", RIGHT if gap > 0 else LEFT)


def _nearest_first(tracks: list[Track]) -> list[Track]:
    """Return all tracks, those two first that begin nearest to each other."""
    pair = min(
        itertools.combinations(tracks, 2),
        key=lambda two: np.hypot(
            two[0].x - two[1].x, 3 * (two[0].depth - two[1].depth)
        ),
    )
    return [*pair, *(track for track in tracks if track not in pair)]


def _fight(
    rng: np.random.Generator, attacker: Track, victim: Track, half: float, end: float
) -> None:
    """One goes for the other: chase, blows, perhaps a fall and kicks, again."""
    while min(attacker.last.end, victim.last.end) < end:
        side = _catch(rng, attacker, victim, half)
        lies_in_view = abs(victim.last.x + 1.8 * side) < half
        if lies_in_view and rng.random() < 0.6:
            _knock_down(rng, attacker, victim, side)
        else:
            _beat(attacker, victim, side, rng.uniform(1.6, 2.6))


def _catch(
    rng: np.random.Generator, attacker: Track, victim: Track, half: float
) -> float:
    """Chase the victim to another place; return on which side it is then."""
    room = half - 0.9
    away = float(np.sign(victim.last.x - attacker.last.x)) or 1.0
    x = victim.last.x + away * rng.uniform(1.2, 2.4)
    if abs(x) > room:  # no way out: back past the attacker
        x = -away * rng.uniform(0.3, 0.9) * room
    depth = float(np.clip(victim.last.depth + rng.uniform(-0.15, 0.15), 0.1, 0.9))
    side = 1.0 if x > attacker.last.x else -1.0
    victim.go(x, depth, rng.uniform(3.0, 3.8))
    # The attacker begins with the victim and comes a little later.
    way = max(np.hypot(x - attacker.last.x, 3 * (depth - attacker.last.depth)), 0.5)
    late = victim.last.end + 0.15 - attacker.last.end
    speed = max(way / max(late, 0.3), 1.0)
    attacker.go(x - side * _REACH, depth, min(speed, 5.0))
    _wait_for(attacker, victim, side)
    return side


def _wait_for(attacker: Track, victim: Track, side: float) -> None:
    """Let the one who is early stand until the other is there."""
    gap = attacker.last.end - victim.last.end
    early, facing = (victim, side) if gap > 0 else (attacker, -side)
    if abs(gap) > 0.01:
        early.stay(abs(gap), "go", LEFT if facing > 0 else RIGHT)


def _beat(attacker: Track, victim: Track, side: float, seconds: float) -> None:
    """Blows, under which both move on a little."""
    drift = 0.4 * side
    facing, back = (RIGHT, LEFT) if side > 0 else (LEFT, RIGHT)
    attacker.stay(seconds, "strike", facing, attacker.last.x + drift)
    victim.stay(seconds, "reel", back, victim.last.x + drift)


def _knock_down(
    rng: np.random.Generator, attacker: Track, victim: Track, side: float
) -> None:
    _beat(attacker, victim, side, rng.uniform(0.7, 1.1))
    lies = rng.uniform(1.6, 2.4)
    facing, back = (RIGHT, LEFT) if side > 0 else (LEFT, RIGHT)
    attacker.stay(lies, "kick", facing, attacker.last.x + 0.3 * side)
    victim.stay(lies, "fall", back)
    attacker.stay(0.6, "strike", facing)
    victim.stay(0.6, "rise", back)


def ends(tracks: Sequence[Track], time: float) -> list[tuple[float, float]]:
    """Return where each figure is at a time: x, depth."""
    return [track.at(time)[:2] for track in tracks]
