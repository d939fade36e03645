"""How much, how fast and how wildly things move: numbers by hand, no network."""

import cv2
import numpy as np

from projects.video_activity.features.region import (
    crop,
    dense_flow,
    moving_region,
    small_grey,
)

ZOOM_SHARE = 0.25  # of the frame, around the movement: seen a second time, larger

_THIN = 2  # one pixel of as many, each way: flow is smooth
_DIRECTIONS = 8
_CELLS = 6  # the picture is cut into as many rows and columns
_TOP_CELLS = 8  # the strongest cells are told, not where they are
_CHANGED = (10, 25)  # grey levels
_SPEEDS = (0.4, 1.0, 2.5)  # per cent of the longest side, a step
_STEP_NAMES = (
    "change mean",
    "change deviation",
    "change 90 %",
    "change 99 %",
    *(f"share changed by {level}" for level in _CHANGED),
    "global speed",
    "speed mean",
    "speed deviation",
    "speed 90 %",
    "speed 99 %",
    "speed max",
    *(f"share faster than {speed}" for speed in _SPEEDS),
    "direction entropy",
    "direction agreement",
    *(f"direction {n} of the sorted" for n in range(1, 4)),
    "divergence",
    "curl",
    "acceleration mean",
    "acceleration 99 %",
    "spread across",
    "spread down",
    "center shift",
    "moving area",
    "moving area change",
    "largest blob",
    *(f"cell {n} of the sorted" for n in range(1, _TOP_CELLS + 1)),
)
NAMES = _STEP_NAMES + tuple(f"zoomed {name}" for name in _STEP_NAMES)
DIM = len(NAMES)


def motion_statistics(frames: np.ndarray, grey: np.ndarray | None = None) -> np.ndarray:
    """Return statistics of the movement up to each frame.

    Once of the whole picture, once of the moving quarter of it. Nothing in them says
    where that is, nor which way things go. The movement of the camera is taken off.
    Amounts are compressed (`log1p`).

    Args:
        frames: uint8 `(n, height, width, 3)`, RGB.
        grey: What `small_grey` makes of them, if it is at hand.

    Returns:
        float32 `(n, DIM)`; row t tells of the step from frame t - 1 to t, and row 0
        repeats row 1; zeros for a single frame.
    """
    grey = small_grey(frames) if grey is None else grey
    zoomed = small_grey(crop(frames, moving_region(grey, ZOOM_SHARE)))
    return np.concatenate([_statistics(grey), _statistics(zoomed)], axis=1)


def _statistics(grey: np.ndarray) -> np.ndarray:
    """Return float32 `(n, len(_STEP_NAMES))` of grey frames `(n, h, w)`."""
    rows = np.zeros((len(grey), len(_STEP_NAMES)), np.float32)
    if len(grey) < 2:
        return rows
    scale = 100 / max(grey.shape[1:])  # pixels to per cent of the longest side
    before = None
    thin = np.s_[:, ::_THIN, ::_THIN]
    grey, flows = grey[thin], dense_flow(grey)[thin] * scale
    for step, flow in enumerate(flows, start=1):
        shift = np.median(flow, (0, 1))
        state = _Step(grey[step - 1], grey[step], flow - shift, shift)
        rows[step] = state.row(before)
        before = state
    rows[0] = rows[1]
    return rows


class _Step:
    """One step of a window: what changed, and the flow in per cent."""

    def __init__(
        self, old: np.ndarray, new: np.ndarray, flow: np.ndarray, shift: np.ndarray
    ):
        self.change = cv2.absdiff(old, new).astype(np.float32)
        self.flow = flow
        self.shift = float(np.hypot(*shift))
        self.speed = cv2.magnitude(
            np.ascontiguousarray(flow[..., 0]), np.ascontiguousarray(flow[..., 1])
        )
        self.moving = self.speed > _SPEEDS[0]
        self.area = float(self.moving.mean())
        self.center, self.spread = self._place()

    def row(self, before: "_Step | None") -> np.ndarray:
        """Return the statistics of this step, given the one before."""
        amounts = [
            *self._changes(),
            *self._speeds(),
            *self._directions(),
            *self._bends(),
            *self._acceleration(before),
            *self._shape(before),
            *self._cells(),
        ]
        return np.log1p(np.array(amounts, np.float32))

    def _changes(self) -> list[float]:
        mean, deviation = (float(x[0, 0]) for x in cv2.meanStdDev(self.change))
        high, highest = np.percentile(self.change, [90, 99])
        shares = [float((self.change > level).mean()) for level in _CHANGED]
        return [mean, deviation, high, highest, *shares]

    def _speeds(self) -> list[float]:
        mean, deviation = (float(x[0, 0]) for x in cv2.meanStdDev(self.speed))
        high, highest = np.percentile(self.speed, [90, 99])
        shares = [float((self.speed > limit).mean()) for limit in _SPEEDS]
        peak = float(self.speed.max())
        return [self.shift, mean, deviation, high, highest, peak, *shares]

    def _directions(self) -> list[float]:
        speed, flow = self.speed[self.moving], self.flow[self.moving]
        total = float(speed.sum())
        if total == 0:
            return [0.0] * 5
        angle = np.arctan2(flow[:, 1], flow[:, 0])
        sector = ((angle / (2 * np.pi) + 1) * _DIRECTIONS).astype(int) % _DIRECTIONS
        shares = np.bincount(sector, speed, _DIRECTIONS) / total
        entropy = -float((shares * np.log(shares + 1e-9)).sum())
        agreement = float(np.hypot(*flow.sum(0))) / total
        return [max(entropy, 0.0), agreement, *np.sort(shares)[::-1][:3]]

    def _bends(self) -> list[float]:
        down_x, across_x = np.gradient(self.flow[..., 0])
        down_y, across_y = np.gradient(self.flow[..., 1])
        divergence = np.abs(across_x + down_y).mean()
        return [float(divergence), float(np.abs(across_y - down_x).mean())]

    def _acceleration(self, before: "_Step | None") -> list[float]:
        if before is None:
            return [0.0, 0.0]
        change = np.linalg.norm(self.flow - before.flow, axis=-1)
        return [float(change.mean()), float(np.percentile(change, 99))]

    def _place(self) -> tuple[np.ndarray, np.ndarray]:
        """Return center and spread of the movement, as fractions of the frame."""
        total = float(self.speed.sum())
        if total == 0:
            return np.full(2, 0.5), np.zeros(2)
        center, spread = [], []
        for axis in (1, 0):  # sums over columns leave rows, and the other way
            weights = self.speed.sum(axis) / total
            at = (np.arange(len(weights)) + 0.5) / len(weights)
            center.append(weights @ at)
            spread.append(np.sqrt(weights @ (at - center[-1]) ** 2))
        return np.array(center), np.array(spread)

    def _shape(self, before: "_Step | None") -> list[float]:
        shift = change = 0.0
        if before is not None:
            shift = float(np.hypot(*(self.center - before.center)))
            change = abs(self.area - before.area)
        largest = 0.0
        if self.area:
            blobs = cv2.connectedComponentsWithStats(self.moving.astype(np.uint8))[2]
            largest = float(blobs[1:, cv2.CC_STAT_AREA].max()) / self.moving.size
        return [self.spread[1], self.spread[0], shift, self.area, change, largest]

    def _cells(self) -> list[float]:
        cells = cv2.resize(
            self.speed, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA
        ).ravel()
        return list(np.sort(cells)[::-1][:_TOP_CELLS])
