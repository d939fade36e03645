"""Where in the picture something moves, and whether the camera itself does."""

import itertools

import cv2
import numpy as np

GREY_SIDE = 160  # pixels; the longest side of the small grey frames

_NOISE = 8.0  # grey levels that a still camera may flicker

_GRID = 8  # pixels between the points at which the global motion is fitted
_INLIER = 0.5  # pixels from the fitted motion
_FITTINGS = 5
_FITS = 0.6  # share of the points that must follow it to be the camera's
_SHIFT = 1.0  # pixels per step, mean over the picture, that count as movement
_MOVING_STEPS = 0.34  # share of the steps of a window
_CUT_SIDE = 40  # pixels of the pictures that are compared
_CUT_CORRELATION = 0.35  # less is another scene

Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


def small_grey(frames: np.ndarray) -> np.ndarray:
    """Return small grey frames; what is grey already is returned as it is.

    Args:
        frames: uint8 `(n, height, width, 3)`, RGB.

    Returns:
        uint8 `(n, h, w)`, the longer of h and w at most `GREY_SIDE`.
    """
    if frames.ndim == 3:
        return frames
    height, width = frames.shape[1:3]
    scale = min(1.0, GREY_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = [cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in frames]
    return np.stack([cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in small])


def moving_region(frames: np.ndarray, share: float = 0.1) -> Box:
    """Return the square in which most of the movement of a window is.

    Args:
        frames: uint8 `(n, height, width, 3)`, or what `small_grey` made of them.
        share: Its area as a share of that of the frame.

    Returns:
        `(y0, x0, y1, x1)` as fractions of the frame: a square of pixels where the
        frame is wide and high enough for one; the whole frame where nothing moves.
    """
    heat = _heat(small_grey(frames))
    if not heat.any():
        return WHOLE
    height, width = heat.shape
    # What a narrow frame has not in one direction is gained in the other.
    side = (share * height * width) ** 0.5
    tall = round(max(min(side, height), share * height))
    wide = round(max(min(side, width), share * width))
    sums = cv2.integral(heat, sdepth=cv2.CV_64F)
    mass = sums[tall:, wide:] - sums[:-tall, wide:] - sums[tall:, :-wide]
    mass += sums[:-tall, :-wide]
    top, left = np.unravel_index(np.argmax(mass), mass.shape)
    # Something small is equally within many squares: it belongs into the middle.
    y, x = _center(heat[top : top + tall, left : left + wide])
    top = np.clip(top + y - tall / 2, 0, height - tall) / height
    left = np.clip(left + x - wide / 2, 0, width - wide) / width
    bottom, right = top + tall / height, left + wide / width
    return float(top), float(left), float(bottom), float(right)


def crop(frames: np.ndarray, box: Box) -> np.ndarray:
    """Return a view of the frames `(n, height, width, 3)` within a box."""
    height, width = frames.shape[1:3]
    y0, x0, y1, x1 = box
    top, left = int(y0 * height), int(x0 * width)
    bottom, right = max(top + 1, round(y1 * height)), max(left + 1, round(x1 * width))
    return frames[:, top:bottom, left:right]


def camera_moves(frames: np.ndarray) -> str | None:
    """Say why a window cannot be judged: the camera moves, or the scene is cut.

    Args:
        frames: uint8 `(n, height, width, 3)`, or what `small_grey` made of them.

    Returns:
        The reason, or None for a still camera.
    """
    grey = small_grey(frames)
    if len(grey) < 2:
        return None
    if _is_cut(grey):
        return "the scene is cut"
    if (global_shifts(dense_flow(grey)) > _SHIFT).mean() >= _MOVING_STEPS:
        return "the camera moves"
    return None


def dense_flow(grey: np.ndarray) -> np.ndarray:
    """Return the optical flow of each step, float32 `(n - 1, h, w, 2)`, pixels.

    Args:
        grey: uint8 `(n, h, w)`.
    """
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    flows = [finder.calc(a, b, None) for a, b in zip(grey[:-1], grey[1:], strict=True)]
    return np.stack(flows) if flows else np.zeros((0, *grey.shape[1:], 2), np.float32)


def global_shifts(flows: np.ndarray) -> np.ndarray:
    """Return how far one motion moves most of the picture in each step; else 0.

    An affine motion (pan, zoom, turn) is fitted to each flow on a grid; what does not
    follow it, such as people, counts less each time.

    Args:
        flows: As of `dense_flow`, `(steps, h, w, 2)`.

    Returns:
        Float `(steps,)`, pixels, mean over the picture.
    """
    points = flows[:, _GRID // 2 :: _GRID, _GRID // 2 :: _GRID]
    rows, columns = np.indices(points.shape[1:3]) * _GRID
    design = np.stack([rows.ravel(), columns.ravel(), np.ones(rows.size)], 1)
    target = points.reshape(len(flows), -1, 2).astype(float)
    weights = np.ones((*target.shape[:2], 1))
    for _ in range(_FITTINGS):  # all steps at once: small systems cost mostly the call
        weighted = (design * weights).transpose(0, 2, 1)
        inverse = np.linalg.pinv(weighted @ design, hermitian=True)
        motion = design @ (inverse @ (weighted @ target))
        away = np.linalg.norm(target - motion, axis=2, keepdims=True)
        weights = 1 / (1 + (away / _INLIER) ** 2)
    follows = (away < _INLIER).mean((1, 2)) >= _FITS
    return np.where(follows, np.linalg.norm(motion, axis=2).mean(1), 0.0)


def _heat(grey: np.ndarray) -> np.ndarray:
    """Return how much each pixel changes in a window, float32 `(h, w)`."""
    blurred = [cv2.GaussianBlur(frame, (5, 5), 0) for frame in grey]
    heat = np.zeros(grey.shape[1:], np.float32)
    for before, after in zip(blurred[:-1], blurred[1:], strict=True):
        change = cv2.absdiff(before, after).astype(np.float32)
        # A flicker of the light changes all alike; it is no movement.
        heat += np.maximum(change - np.median(change) - _NOISE, 0)
    return heat


def _center(heat: np.ndarray) -> tuple[float, float]:
    """Return the center of mass, in pixels from the upper left corner."""
    rows, columns = heat.sum(1), heat.sum(0)
    y = rows @ (np.arange(len(rows)) + 0.5) / rows.sum()
    x = columns @ (np.arange(len(columns)) + 0.5) / columns.sum()
    return float(y), float(x)


def _is_cut(grey: np.ndarray) -> bool:
    """Return whether what is seen at some time is never like what was seen before.

    Two frames on each side are compared: a flare, or a hand before the camera, goes.
    """
    small = [
        cv2.resize(frame, (_CUT_SIDE, _CUT_SIDE), interpolation=cv2.INTER_AREA)
        for frame in grey
    ]
    for t in range(1, len(small)):
        pairs = itertools.product(small[max(0, t - 2) : t], small[t : t + 2])
        if all(_correlation(a, b) < _CUT_CORRELATION for a, b in pairs):
            return True
    return False


def _correlation(before: np.ndarray, after: np.ndarray) -> float:
    """Return how alike two grey pictures are; 1 where one is of a single color."""
    a, b = before - before.mean(), after - after.mean()
    norm = np.sqrt((a * a).sum() * (b * b).sum())
    return float((a * b).sum() / norm) if norm > a.size else 1.0
