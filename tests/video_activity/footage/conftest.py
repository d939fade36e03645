"""A decoder for all tests of a module, and files with one thing wrong."""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from projects.video_activity.footage.decoder import Decoder, Limits


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    """Yield a decoder whose child is shared by the tests of a module."""
    with Decoder(Limits(progress=30.0)) as decoder:
        yield decoder


@pytest.fixture
def numbers() -> Callable[..., list[int]]:
    """Return a reader of the numbers of `numbered_images`."""

    def read(frames) -> list[int]:
        return [round((frame.image.mean() - 14) / 4) for frame in frames]

    return read


@pytest.fixture
def patch_avi() -> Callable[..., Path]:
    """Return a writer of little-endian 32-bit values behind a mark of a file."""

    def patch(path: Path, mark: bytes, offset: int, *values: int) -> Path:
        data = bytearray(path.read_bytes())
        place = data.index(mark) + 8 + offset  # 8: the mark and the length
        data[place : place + 4 * len(values)] = struct.pack(f"<{len(values)}I", *values)
        path.write_bytes(data)
        return path

    return patch


@pytest.fixture
def lossless_noise() -> Callable[..., list[np.ndarray]]:
    """Return a maker of images that no codec makes small."""

    def make(count: int = 40, width: int = 64, height: int = 48) -> list[np.ndarray]:
        rng = np.random.default_rng(0)
        return list(rng.integers(0, 255, (count, height, width, 3), np.uint8))

    return make


@pytest.fixture
def gif(tmp_path: Path, numbered_images: Callable[..., list[np.ndarray]]) -> Path:
    """Return an animated GIF of 10 frames, a tenth of a second each."""
    frames = [Image.fromarray(image) for image in numbered_images(10)]
    path = tmp_path / "a.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    return path
