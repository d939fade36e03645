"""Frames of still and moving cameras, made of noise that looks like a place."""

import cv2
import numpy as np

HEIGHT, WIDTH = 180, 320


def place(seed: int = 0, height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    """Return a picture with structure of several sizes, uint8 RGB."""
    random = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), np.float32)
    for cell in (8, 20, 60):
        small = random.uniform(0, 80, (height // cell + 2, width // cell + 2, 3))
        size = (width, height)
        picture += cv2.resize(small.astype(np.float32), size)
    return np.clip(picture, 0, 255).astype(np.uint8)


def with_square(
    center: tuple[float, float], side: int = 24, background: np.ndarray | None = None
) -> np.ndarray:
    """Return the place with a bright square at (y, x)."""
    picture = (place() if background is None else background).copy()
    top, left = int(center[0] - side / 2), int(center[1] - side / 2)
    picture[max(0, top) : top + side, max(0, left) : left + side] = (250, 240, 200)
    return picture


def walking(n: int = 10, step: float = 3.0, y: float = 60, x: float = 60) -> np.ndarray:
    """Return frames of a still camera in which a square walks to the right."""
    return np.stack([with_square((y, x + step * t)) for t in range(n)])


def panning(n: int = 10, step: int = 5) -> np.ndarray:
    """Return frames of a camera that turns."""
    wide = place(1, width=WIDTH + n * step)
    return np.stack([wide[:, t * step : t * step + WIDTH] for t in range(n)])


def zooming(n: int = 10, share: float = 0.02) -> np.ndarray:
    """Return frames of a camera that zooms in."""
    frames, picture = [], place(2)
    for t in range(n):
        cut = int(t * share * HEIGHT)
        inner = picture[cut : HEIGHT - cut, cut : WIDTH - cut]
        frames.append(cv2.resize(inner, (WIDTH, HEIGHT)))
    return np.stack(frames)
