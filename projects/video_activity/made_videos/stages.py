"""Where videos are taken: a place, its light and a camera, all drawn by chance."""

from dataclasses import dataclass

import cv2
import numpy as np

from projects.video_activity.made_videos.backdrops import BACKDROPS, add_texture
from projects.video_activity.made_videos.people import Look, Place, draw_look, paint
from projects.video_activity.made_videos.tracks import Track

_FINE = 2  # painted so much larger, then made smaller: smooth edges
_SIZES = ((160, 120), (176, 144), (240, 180), (256, 144), (320, 240))
_RATES = (10.0, 12.5, 15.0, 20.0, 25.0)
_GRAIN = 8  # different frames of noise


@dataclass(frozen=True)
class Camera:
    """How a camera sees: all classes are seen by the same ones.

    Attributes:
        width: Of its pictures, pixels.
        height: The same.
        rate: Pictures per second.
        noise: Standard deviation of its grain, grey levels.
        blur: Of its lens, standard deviation in pixels; 0: sharp.
        flicker: How much the brightness swings, a share.
    """

    width: int
    height: int
    rate: float
    noise: float
    blur: float
    flicker: float


class Stage:
    """A place with its light and camera, and a cast.

    Attributes:
        camera: What it is seen by.
        half: Meters from the middle of the picture to its edge.
        cast: The looks of the figures.
    """

    def __init__(self, rng: np.random.Generator, place: str, cast: int):
        """Draw the stage.

        Args:
            rng: Decides all about it.
            place: One of `BACKDROPS`.
            cast: Number of figures.
        """
        self.camera = _draw_camera(rng)
        self.half = float(rng.uniform(1.9, 2.7))
        self.cast: tuple[Look, ...] = tuple(draw_look(rng) for _ in range(cast))
        wide, tall = self.camera.width * _FINE, self.camera.height * _FINE
        horizon = rng.uniform(0.42, 0.55)
        self._far, self._near = (horizon + 0.12) * tall, 0.97 * tall
        self._scale = wide / (2 * self.half)
        bare = BACKDROPS[place](tall, wide, int(horizon * tall), rng)
        backdrop = add_texture(bare, rng)
        self._backdrop = backdrop[:, ::-1].copy() if rng.random() < 0.5 else backdrop
        self._light = _draw_light(rng, self.camera)
        shape = (_GRAIN, self.camera.height, self.camera.width, 3)
        self._grain = rng.normal(0, self.camera.noise, shape).astype(np.float32)
        self._phase = float(rng.uniform(0, 6))

    def take(self, tracks: list[Track], time: float) -> np.ndarray:
        """Return the picture at a time, uint8 `(height, width, 3)`, RGB."""
        image = self._backdrop.copy()
        states = [track.at(time) for track in tracks]
        # Who is nearer hides who is farther.
        for number in sorted(range(len(states)), key=lambda n: states[n][1]):
            x, depth, heading, pose = states[number]
            paint(image, self.cast[number], pose, self._locate(x, depth, heading))
        return self._expose(image, time)

    def _locate(self, x: float, depth: float, heading: float) -> Place:
        scale = self._scale * (0.72 + 0.28 * depth)
        middle = self._backdrop.shape[1] / 2
        y = self._far + depth * (self._near - self._far)
        return Place(middle + x * scale, y, scale, heading)

    def _expose(self, image: np.ndarray, time: float) -> np.ndarray:
        camera = self.camera
        size = camera.width, camera.height
        seen = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        if camera.blur:
            seen = cv2.GaussianBlur(seen, (0, 0), camera.blur)
        swing = 1 + camera.flicker * np.sin(9 * time + self._phase)
        grain = self._grain[round(time * camera.rate) % _GRAIN]
        return np.clip(seen * (swing * self._light) + grain, 0, 255).astype(np.uint8)


def _draw_camera(rng: np.random.Generator) -> Camera:
    width, height = _SIZES[rng.integers(len(_SIZES))]
    return Camera(
        width=width,
        height=height,
        rate=_RATES[rng.integers(len(_RATES))],
        noise=float(rng.uniform(1, 5)),
        blur=float(rng.choice([0.0, 0.6, 0.9])),
        flicker=float(rng.choice([0.0, 0.0, 0.02])),
    )


def _draw_light(rng: np.random.Generator, camera: Camera) -> np.ndarray:
    """Return what the light leaves of each pixel, float32 `(height, width, 3)`."""
    tint = rng.uniform(0.9, 1.1, 3)
    across, down = np.meshgrid(
        np.linspace(-1, 1, camera.width), np.linspace(-1, 1, camera.height)
    )
    x, y = rng.uniform(-0.6, 0.6, 2)
    distance = (across - x) ** 2 + (down - y) ** 2
    if rng.random() < 0.3:  # night: one lamp
        light = 0.4 + 0.6 * np.exp(-1.2 * distance)
        tint *= (1.05, 1.0, 0.85)
    else:
        light = rng.uniform(0.7, 1.15) * (1 - rng.uniform(0, 0.15) * distance)
    return (light[..., None] * tint).astype(np.float32)
