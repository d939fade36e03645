"""What figures look like, and how they are painted."""

from dataclasses import dataclass

import cv2
import numpy as np

from projects.video_activity.made_videos.poses import Pose, find_joints

_SHIFT = 4  # OpenCV takes sixteenths of a pixel
_SKINS = ((236, 200, 170), (205, 150, 115), (140, 95, 65), (95, 62, 45))
_HAIRS = ((30, 24, 20), (70, 45, 25), (150, 115, 60), (120, 120, 120))


@dataclass(frozen=True)
class Look:
    """Colors (RGB, 0 to 255) and build of a figure."""

    shirt: tuple[int, int, int]
    trousers: tuple[int, int, int]
    skin: tuple[int, int, int]
    hair: tuple[int, int, int]
    height: float  # of 1.75 m
    girth: float


@dataclass(frozen=True)
class Place:
    """Where a figure is painted.

    Attributes:
        x: Of the ground below it, pixels.
        y: Of the same.
        scale: Pixels per meter.
        heading: Radians; 0 goes to the right, pi / 2 towards the camera.
    """

    x: float
    y: float
    scale: float
    heading: float


def _color(red: float, green: float, blue: float) -> tuple[int, int, int]:
    return int(red), int(green), int(blue)


def draw_look(rng: np.random.Generator) -> Look:
    """Return a look by chance."""
    shirt = rng.integers(25, 235, 3)
    trousers = rng.integers(20, 130, 3)
    return Look(
        _color(*shirt),
        _color(*trousers),
        _SKINS[rng.integers(len(_SKINS))],
        _HAIRS[rng.integers(len(_HAIRS))],
        float(rng.uniform(0.92, 1.08)),
        float(rng.uniform(0.85, 1.2)),
    )


def paint(image: np.ndarray, look: Look, pose: Pose, place: Place) -> None:
    """Paint a figure and its shadow into an image.

    Args:
        image: uint8 `(height, width, 3)`, RGB; it is changed.
        look: Of the figure.
        pose: Of the figure.
        place: On the image.
    """
    scale = place.scale * look.height
    points, depths = {}, {}
    cos, sin = np.cos(place.heading), np.sin(place.heading)
    for name, (forward, side, up) in find_joints(pose).items():
        near = forward * sin + side * cos  # towards the camera
        x = place.x + scale * (forward * cos - side * sin)
        points[name] = (x, place.y - scale * (up - 0.25 * near))
        depths[name] = near
    _paint_shadow(image, points, place)
    parts = _parts(look)
    for thickness, color, names in sorted(
        parts, key=lambda part: np.mean([depths[name] for name in part[2]])
    ):
        width = max(1, round(thickness * look.girth * scale))
        _line(image, [points[name] for name in names], color, width)
    _paint_head(image, look, points, scale, (cos, sin))


def _parts(look: Look) -> list[tuple[float, tuple[int, int, int], list[str]]]:
    """Return thickness (meters), color and joints of all parts but the head."""
    parts = [(0.3, look.shirt, ["neck", "hip"])]
    dark = _color(*(round(0.8 * part) for part in look.shirt))
    for side in ("left", "right"):
        leg = [f"{joint} {side}" for joint in ("hip", "knee", "foot")]
        arm = [f"{joint} {side}" for joint in ("shoulder", "elbow", "hand")]
        parts.append((0.16, look.trousers, leg))
        parts.append((0.12, dark, arm))
        parts.append((0.11, look.skin, [f"hand {side}"] * 2))
    return parts


def _paint_head(
    image: np.ndarray,
    look: Look,
    points: dict[str, tuple[float, float]],
    scale: float,
    facing: tuple[float, float],
) -> None:
    x, y = points["head"]
    radius = 0.125 * scale
    cos, sin = facing
    _disk(image, (x, y), radius, look.hair)
    if sin > -0.7:  # seen from behind it is all hair
        face = (x + 0.3 * radius * cos, y + 0.25 * radius)
        _disk(image, face, 0.8 * radius, look.skin)


def _paint_shadow(
    image: np.ndarray, points: dict[str, tuple[float, float]], place: Place
) -> None:
    xs = [x for x, _ in points.values()]
    middle = round((min(xs) + max(xs)) / 2), round(place.y)
    axes = max(2, round((max(xs) - min(xs)) * 0.6)), max(1, round(0.08 * place.scale))
    left, top = max(0, middle[0] - axes[0]), max(0, middle[1] - axes[1])
    region = image[top : middle[1] + axes[1] + 1, left : middle[0] + axes[0] + 1]
    if region.size:
        mask = np.zeros(region.shape[:2], np.uint8)
        center = middle[0] - left, middle[1] - top
        cv2.ellipse(mask, center, axes, 0, 0, 360, 90, -1)
        region[:] = region * (1 - mask[..., None] / 255)


def _line(image, points, color, width: int) -> None:
    cv2.polylines(
        image, [_fixed(points)], False, color, width, cv2.LINE_AA, shift=_SHIFT
    )


def _disk(image, center, radius: float, color) -> None:
    x, y = _fixed([center])[0]
    size = max(1, round(radius * 2**_SHIFT))
    cv2.circle(image, (int(x), int(y)), size, color, -1, cv2.LINE_AA, _SHIFT)


def _fixed(points) -> np.ndarray:
    return np.round(np.array(points) * 2**_SHIFT).astype(np.int32)
