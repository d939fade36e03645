"""Where a figure goes and what it does on the way."""

from bisect import bisect_left
from dataclasses import dataclass, field

import numpy as np

from projects.video_activity.made_videos.poses import RUNNING, Pose

_TURN = 0.3  # seconds to turn around
RIGHT, LEFT, TOWARDS = 0.0, np.pi, np.pi / 2


@dataclass(frozen=True)
class Leg:
    """One stretch of a way, straight and even.

    Attributes:
        end: When it ends, seconds.
        x: Where it ends: meters to the right of the middle.
        depth: Where it ends: 0 far from the camera, 1 near.
        action: What the figure does, see `Pose`.
        facing: The heading, radians; None: where it goes.
    """

    end: float
    x: float
    depth: float
    action: str = "go"
    facing: float | None = None


@dataclass(eq=False)
class Track:
    """The way of one figure: it grows leg by leg.

    Attributes:
        x: Where it begins, meters to the right of the middle.
        depth: Where it begins.
        begin: When, seconds.
    """

    x: float
    depth: float
    begin: float = 0.0
    legs: list[Leg] = field(default_factory=list)

    @property
    def last(self) -> Leg:
        """Where the way ends so far."""
        return self.legs[-1] if self.legs else Leg(self.begin, self.x, self.depth)

    def go(
        self, x: float, depth: float, speed: float, action: str = "go", **more
    ) -> "Track":
        """Add a leg to a place, at a speed in meters per second."""
        last = self.last
        way = max(_distance(last, Leg(0, x, depth)), 0.05)
        self.legs.append(Leg(last.end + way / speed, x, depth, action, **more))
        return self

    def stay(
        self, seconds: float, action: str, facing: float, x: float | None = None
    ) -> "Track":
        """Add a leg on the spot, or drifting to `x`."""
        last = self.last
        where = last.x if x is None else x
        self.legs.append(Leg(last.end + seconds, where, last.depth, action, facing))
        return self

    def at(self, time: float) -> tuple[float, float, float, Pose]:
        """Return x, depth, heading and pose at a time; it stands before and after."""
        number = bisect_left([leg.end for leg in self.legs], time)
        if number == len(self.legs):
            last = self.last
            return last.x, last.depth, self._facing(number - 1), Pose("go", time=time)
        leg, before = self.legs[number], self._before(number)
        share = float(np.clip((time - before.end) / (leg.end - before.end), 0, 1))
        x = before.x + share * (leg.x - before.x)
        depth = before.depth + share * (leg.depth - before.depth)
        way = _distance(before, leg)
        speed = way / (leg.end - before.end)
        pose = Pose(leg.action, speed, self._phase(number, share), time, share)
        return x, depth, self._heading(number, time), pose

    def _before(self, number: int) -> Leg:
        start = Leg(self.begin, self.x, self.depth)
        return self.legs[number - 1] if number > 0 else start

    def _facing(self, number: int) -> float:
        if number < 0:
            return TOWARDS
        leg, before = self.legs[number], self._before(number)
        if leg.facing is not None:
            return leg.facing
        across, near = leg.x - before.x, 3 * (leg.depth - before.depth)
        if abs(across) + abs(near) < 0.05:
            return self._facing(number - 1)
        return float(np.arctan2(near, across))

    def _heading(self, number: int, time: float) -> float:
        """Return the heading; it turns, the shorter way, at the begin of a leg."""
        new, begin = self._facing(number), self._before(number).end
        if self.legs[number].action == "look":
            new += 1.3 * np.sin(3.2 * (time - begin))
        old = self._facing(number - 1) if number else new
        turn = (new - old + np.pi) % (2 * np.pi) - np.pi
        share = np.clip((time - begin) / _TURN, 0, 1)
        return float(old + share * turn)

    def _phase(self, number: int, share: float) -> float:
        """Return the phase of the gait: it goes with the way, so that no foot slips."""
        phase = 0.0
        for n in range(number + 1):
            before, leg = self._before(n), self.legs[n]
            way = _distance(before, leg)
            stride = 2.4 if way / (leg.end - before.end) > RUNNING else 1.35
            phase += (share if n == number else 1.0) * way / stride
        return 2 * np.pi * phase


def _distance(a: Leg, b: Leg) -> float:
    return float(np.hypot(a.x - b.x, 3 * (a.depth - b.depth)))
