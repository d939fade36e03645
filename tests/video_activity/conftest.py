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


@pytest.fixture
def calm_and_wild(write_video: Callable[..., Path], tmp_path: Path) -> Callable:
    """Return a maker of a folder of two classes: a square that stays, or moves."""

    def make(sources: int) -> Path:
        rng = np.random.default_rng(1)
        for source in range(sources):
            ground = rng.integers(60, 120, (48, 64, 3), dtype=np.uint8)
            for label, step in (("calm", 0), ("wild", 2)):
                images = np.repeat(ground[None], 20, axis=0)
                for place, image in enumerate(images):
                    left = 5 + source + step * abs(place % 20 - 10)
                    image[10:30, left : left + 12] = 230
                write_video(f"clips/{label}/{source}.mp4", images)
        return tmp_path / "clips"

    return make


@pytest.fixture(scope="session")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a finished run whose model knows how much changes: moving or still."""
    import keras

    from projects.video_activity.features import motion
    from projects.video_activity.features.settings import FeatureSettings
    from projects.video_activity.features.streams import Extractor
    from projects.video_activity.network.pooling import Pool
    from projects.video_activity.network.trained import Classifier

    folder = tmp_path_factory.mktemp("run")
    extractor = Extractor(FeatureSettings(backbone="motion", streams=("motion",)))
    features = keras.Input((15, motion.DIM), name="motion")
    mask = keras.Input((15,), dtype="bool", name="mask")
    dense = keras.layers.Dense(2, activation="softmax")
    pooled = Pool("mean")(features, mask)
    model = keras.Model({"motion": features, "mask": mask}, dense(pooled))
    kernel = np.zeros((motion.DIM, 2), np.float32)
    kernel[motion.NAMES.index("change 99 %")] = 4.0, 0.0
    dense.set_weights([kernel, np.array([-6.0, 0.0], np.float32)])
    classes = ("moving", "still")
    Classifier(model, classes, extractor.settings, extractor.digest).save(folder)
    (folder / "config.json").write_text("{}")
    (folder / "report.md").write_text("done")
    return folder
