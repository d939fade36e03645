"""Tiny videos, written into the folder of the test."""

from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest


@pytest.fixture
def numbered_images() -> Callable[..., list[np.ndarray]]:
    """Return a maker of plain grey images; `round((mean - 14) / 4)` is its number."""

    def make(count: int = 40, width: int = 64, height: int = 48) -> list[np.ndarray]:
        return [
            np.full((height, width, 3), 16 + 4 * (number % 56), np.uint8)
            for number in range(count)
        ]

    return make


@pytest.fixture
def walking_images() -> Callable[..., list[np.ndarray]]:
    """Return a maker of images of a bright square that walks over a still ground."""

    def make(
        count: int = 40, width: int = 64, height: int = 48, speed: float = 2.0
    ) -> list[np.ndarray]:
        rng = np.random.default_rng(3)
        ground = rng.integers(60, 90, (height, width, 3), dtype=np.uint8)
        images = []
        for number in range(count):
            image = ground.copy()
            left = int(number * speed) % (width - height // 4)
            image[
                height // 3 : height // 3 + height // 4, left : left + height // 4
            ] = (
                230,
                180,
                40,
            )
            images.append(image)
        return images

    return make


@pytest.fixture
def write_video(
    tmp_path: Path, walking_images: Callable[..., list[np.ndarray]]
) -> Callable[..., Path]:
    """Return a writer of small videos.

    `write_video("a.mp4")` writes 4 s at 10 frames/s of a walking square, 64 x 48;
    `images` are other frames, RGB. The suffix decides the codec: .mp4 is MPEG-4,
    .avi is Motion JPEG. A relative name is put into `tmp_path`, folders are made.
    """
    codecs = {".mp4": "mp4v", ".m4v": "mp4v", ".mkv": "mp4v", ".avi": "MJPG"}

    def write(
        name: str | Path,
        images: Iterable[np.ndarray] | None = None,
        rate: float = 10.0,
        codec: str | None = None,
    ) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        images = list(walking_images() if images is None else images)
        height, width = images[0].shape[:2]
        fourcc = cv2.VideoWriter.fourcc(*(codec or codecs[path.suffix]))
        writer = cv2.VideoWriter(
            str(path), cv2.CAP_FFMPEG, fourcc, rate, (width, height)
        )
        assert writer.isOpened(), f"OpenCV cannot write {path}"
        for image in images:
            writer.write(np.ascontiguousarray(image[..., ::-1]))
        writer.release()
        return path

    return write
