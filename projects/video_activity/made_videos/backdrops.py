"""Five places, painted: a street, a corridor, a park, a shop, a garage.

Each takes the size of the image, the row of the horizon's foot (where the ground
begins) and a generator, and returns a picture uint8 `(height, width, 3)`, RGB.
"""

from collections.abc import Callable

import cv2
import numpy as np

Backdrop = Callable[[int, int, int, np.random.Generator], np.ndarray]
Color = tuple[int, int, int]


def paint_street(
    height: int, width: int, ground: int, rng: np.random.Generator
) -> np.ndarray:
    """Houses with windows and doors, a pavement, a road."""
    image = _floor(height, width, ground, _near(rng, (120, 120, 118)))
    x = -int(rng.integers(0, width // 4))
    while x < width:
        right = x + int(width * rng.uniform(0.25, 0.45))
        wall = _near(rng, (150, 110, 90), 45)
        _box(image, x, 0, right, ground, wall)
        _windows(image, (x, 0, right, int(0.62 * ground)), _darker(wall, 0.45), rng)
        door = x + int((right - x) * rng.uniform(0.2, 0.7))
        _box(image, door, int(0.6 * ground), door + width // 12, ground, (60, 45, 40))
        x = right
    curb = ground + (height - ground) // 5
    _box(image, 0, curb, width, curb + max(1, height // 90), (175, 175, 170))
    _box(image, 0, curb + height // 90, width, height, _near(rng, (72, 73, 78), 8))
    return image


def paint_corridor(
    height: int, width: int, ground: int, rng: np.random.Generator
) -> np.ndarray:
    """A wall with doors, a floor of tiles, lamps."""
    image = _floor(height, width, ground, _near(rng, (165, 160, 150)))
    wall = _near(rng, (190, 190, 180), 25)
    _box(image, 0, 0, width, ground, wall)
    _box(image, 0, int(0.8 * ground), width, ground, _darker(wall, 0.8))
    for n in range(4):
        x = int(width * (n + rng.uniform(0.2, 0.5)) / 4)
        _box(image, x, int(0.25 * ground), x + width // 9, ground, (110, 80, 55))
    for x in np.linspace(-width, 2 * width, 13):
        end = int(width / 2 + 1.8 * (x - width / 2)), height
        cv2.line(image, (int(x), ground), end, (135, 130, 122), 1, cv2.LINE_AA)
    for share in (0.12, 0.3, 0.6):
        y = int(ground + share * (height - ground))
        cv2.line(image, (0, y), (width, y), (135, 130, 122), 1)
    return image


def paint_park(
    height: int, width: int, ground: int, rng: np.random.Generator
) -> np.ndarray:
    """Sky, trees, a lawn and a path."""
    image = _floor(height, width, ground, _near(rng, (95, 130, 70), 12))
    _box(image, 0, 0, width, ground, _near(rng, (165, 195, 225), 15))
    for _ in range(7):
        x = int(rng.integers(0, width))
        _box(image, x, int(0.4 * ground), x + width // 60, ground, (80, 60, 45))
        for _ in range(6):
            dx, dy = rng.normal(0, width / 28, 2)
            center = int(x + dx), int(0.35 * ground + dy)
            cv2.circle(image, center, width // 17, _near(rng, (70, 105, 55), 18), -1)
    path = ground + (height - ground) // 3
    _box(image, 0, path, width, path + height // 6, _near(rng, (175, 160, 130), 10))
    return image


def paint_shop(
    height: int, width: int, ground: int, rng: np.random.Generator
) -> np.ndarray:
    """Shelves full of goods."""
    image = _floor(height, width, ground, _near(rng, (200, 195, 185), 10))
    _box(image, 0, 0, width, ground, _near(rng, (205, 205, 200), 10))
    rows = np.linspace(0.15 * ground, ground, 6).astype(int)
    for top, bottom in zip(rows[:-1], rows[1:], strict=True):
        x = 0
        while x < width:
            right = x + int(width * rng.uniform(0.02, 0.06))
            above = top + int((bottom - top) * rng.uniform(0.25, 0.6))
            _box(image, x + 1, above, right, bottom, _near(rng, (140, 120, 110), 80))
            x = right
        _box(image, 0, bottom - max(1, height // 120), width, bottom, (100, 95, 90))
    return image


def paint_garage(
    height: int, width: int, ground: int, rng: np.random.Generator
) -> np.ndarray:
    """Concrete, pillars, parked cars, lines on the floor."""
    image = _floor(height, width, ground, _near(rng, (110, 110, 112), 10))
    _box(image, 0, 0, width, ground, _near(rng, (135, 134, 130), 12))
    for x in np.linspace(0, width, 6):
        end = int(width / 2 + 2 * (x - width / 2)), height
        cv2.line(image, (int(x), ground), end, (205, 200, 150), 2, cv2.LINE_AA)
    for n in range(3):
        x = int(width * (n + rng.uniform(0.05, 0.4)) / 3)
        _car(image, x, ground, width // 5, _near(rng, (120, 90, 90), 80))
    for x in (0.02, 0.48, 0.93):
        left = int(width * x)
        _box(image, left, 0, left + width // 20, ground + height // 40, (95, 95, 92))
    return image


BACKDROPS: dict[str, Backdrop] = {
    "street": paint_street,
    "corridor": paint_corridor,
    "park": paint_park,
    "shop": paint_shop,
    "garage": paint_garage,
}


def _floor(height: int, width: int, ground: int, color: Color) -> np.ndarray:
    image = np.full((height, width, 3), color, np.uint8)
    fade = np.linspace(0.78, 1.08, height - ground)[:, None, None]  # nearer is lighter
    image[ground:] = np.clip(image[ground:] * fade, 0, 255)
    return image


def _car(image: np.ndarray, x: int, ground: int, length: int, color: Color) -> None:
    tall = length // 3
    _box(image, x, ground - tall // 2, x + length, ground, color)
    roof = [(0.18, 0.5), (0.3, 1.0), (0.72, 1.0), (0.85, 0.5)]
    corners = [(int(x + a * length), int(ground - b * tall)) for a, b in roof]
    cv2.fillPoly(image, [np.array(corners)], _darker(color, 0.6), cv2.LINE_AA)
    for share in (0.2, 0.8):
        center = int(x + share * length), ground
        cv2.circle(image, center, tall // 5, (25, 25, 25), -1, cv2.LINE_AA)


def _windows(
    image: np.ndarray,
    wall: tuple[int, int, int, int],
    color: Color,
    rng: np.random.Generator,
) -> None:
    left, top, right, bottom = wall
    columns, rows = 3, 2
    wide, tall = (right - left) / columns, (bottom - top) / rows
    for column in range(columns):
        for row in range(rows):
            x, y = int(left + (column + 0.3) * wide), int(top + (row + 0.25) * tall)
            shade = _darker(color, rng.uniform(0.7, 1.6))
            _box(image, x, y, int(x + 0.45 * wide), int(y + 0.55 * tall), shade)


def _box(image: np.ndarray, left: int, top: int, right: int, bottom: int, color: Color):
    cv2.rectangle(image, (left, top), (right - 1, bottom - 1), color, -1)


def _near(rng: np.random.Generator, color: Color, spread: int = 20) -> Color:
    moved = np.array(color) + rng.integers(-spread, spread + 1, 3)
    red, green, blue = map(int, np.clip(moved, 0, 255))
    return red, green, blue


def _darker(color: Color, factor: float) -> Color:
    red, green, blue = (int(min(255, factor * part)) for part in color)
    return red, green, blue


def add_texture(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return an image with stains and grain: nothing real is of one color."""
    height, width = image.shape[:2]
    texture = np.zeros((height, width), np.float32)
    for size, amount in ((4, 9.0), (12, 9.0), (48, 8.0)):  # pixels, grey levels
        coarse = rng.normal(0, amount, (height // size + 2, width // size + 2))
        smooth = cv2.resize(coarse.astype(np.float32), (width, height))
        texture += smooth
    return np.clip(image + texture[..., None], 0, 255).astype(np.uint8)
