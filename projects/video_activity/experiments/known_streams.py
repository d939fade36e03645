"""Streams in which it is known when something happens."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from projects.video_activity.features.region import small_grey
from projects.video_activity.footage.decoder import Decoder
from projects.video_activity.footage.frames import Frame
from projects.video_activity.footage.spans import Span
from projects.video_activity.made_videos.making import make_changing_video

INTERVAL = 0.2  # seconds between frames
BEFORE, EVENT, AFTER = 9.0, 9.0, 6.0  # seconds of a stream that is joined
CHANGE, LENGTH = 30.0, 60.0  # seconds of a drawn video
_PHASES = 15  # frames by which an event may begin later within a window


@dataclass(frozen=True)
class Stream:
    """Footage, and what is true of it.

    Attributes:
        name: What it is made of.
        group: Its source; a judge must not know it.
        frames: As a camera would give them.
        begin: When the event begins, seconds; infinite where nothing happens.
        end: When it is over.
    """

    name: str
    group: str
    frames: Iterable[Frame]
    begin: float = math.inf
    end: float = math.inf


def join_clips(
    spans: Sequence[Span],
    event: str,
    decoder: Decoder,
    rng: np.random.Generator,
    per_source: int,
) -> Iterator[Stream]:
    """Yield streams of clips of an event: normal, the event, normal.

    Clips are short, so each is played to and fro, which has no cut; all three are of
    one source and of those of its pictures that are most alike, as of one camera.
    Events of a source without normal clips of the same size are left out.

    Args:
        spans: Clips of a few seconds.
        event: The class of the events.
        decoder: Reads them.
        rng: Decides which clips, and when in a window an event begins.
        per_source: Streams of one source, at most.
    """
    for group in sorted({span.group for span in spans}):
        clips = [(span, _read(span, decoder)) for span in spans if span.group == group]
        clips = [(span, images) for span, images in clips if len(images) > 1]
        made = 0
        for place in rng.permutation(len(clips)):
            span, images = clips[place]
            others = [
                other
                for its, other in clips
                if its.label != event and other.shape[1:] == images.shape[1:]
            ]
            if span.label == event and others and made < per_source:
                late = INTERVAL * int(rng.integers(_PHASES))
                yield _join(span, images, _most_alike(images, others), late)
                made += 1


def drawn_videos(
    folder: Path, count: int, event: str, decoder: Decoder
) -> Iterator[Stream]:
    """Yield drawn videos of a minute that are safe for half of it.

    Args:
        folder: Where they are kept.
        count: How many.
        event: The class of the second half.
        decoder: Reads them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        path = folder / f"{event}-{number:03d}.mp4"
        if not path.exists():
            labels = ("safe", event)
            make_changing_video(path, LENGTH, CHANGE, labels, seed=1000 + number)
        frames = decoder.frames(path, interval=INTERVAL)
        yield Stream(path.name, path.name, frames, CHANGE, LENGTH)


def normal_footage(videos: Iterable[Path], decoder: Decoder) -> Iterator[Stream]:
    """Yield videos on which nothing happens."""
    for path in videos:
        yield Stream(path.name, "", decoder.frames(path, interval=INTERVAL))


def to_and_fro(length: int, count: int) -> np.ndarray:
    """Return `count` numbers 0, 1, ... length - 1, ... 1, 0, 1, ...; length > 1."""
    there = np.arange(length)
    return np.resize(np.concatenate([there, there[-2:0:-1]]), count)


def _read(span: Span, decoder: Decoder) -> np.ndarray:
    """Return the frames of a clip, uint8 `(n, height, width, 3)`."""
    frames = decoder.frames(
        span.path, interval=INTERVAL, start=span.start, end=span.end
    )
    images = [frame.image for frame in frames]
    alike = [image for image in images if image.shape == images[0].shape]
    return np.stack(alike) if alike else np.zeros((0, 1, 1, 3), np.uint8)


def _most_alike(images: np.ndarray, others: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return the two others whose pictures correlate most; one twice if need be."""

    def still(clip: np.ndarray) -> np.ndarray:
        return np.median(small_grey(clip), axis=0).ravel() + 0.0

    ranks = [np.corrcoef(still(images), still(other))[0, 1] for other in others]
    best = [others[place] for place in np.argsort(ranks)[::-1]]
    return (best + best)[:2]


def _join(
    span: Span, event: np.ndarray, normal: Sequence[np.ndarray], late: float
) -> Stream:
    begin = BEFORE + late
    parts = [(normal[0], begin), (event, EVENT), (normal[1], AFTER)]
    frames, number = [], 0
    for images, seconds in parts:
        for place in to_and_fro(len(images), round(seconds / INTERVAL)):
            frames.append(Frame(number * INTERVAL, images[place]))
            number += 1
    return Stream(span.path.name, span.group, frames, begin, begin + EVENT)
