"""Verdicts of footage on which nothing happens."""

import contextlib
import json
import math
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path

from common.errors import UserError, note
from common.meter import Meter
from projects.video_activity.footage.decoder import Decoder
from projects.video_activity.footage.frames import Frame, VideoError
from projects.video_activity.footage.video_folder import list_videos
from projects.video_activity.given_source import hide_password
from projects.video_activity.verdicts import Verdict

_USUAL_HOUR = 3600.0  # seconds for which a camera is watched, unless told otherwise

Watch = Callable[[Iterable[Frame]], Iterator[Verdict]]
Named = tuple[str, Verdict]


def find_videos(source: str) -> list[Path] | int | str:
    """Return the files that a source names, or the number or address of a camera.

    Raises:
        UserError: It is a folder without videos, or nothing at all.
    """
    if source.isdecimal() or "://" in source:
        return int(source) if source.isdecimal() else source
    path = Path(source)
    videos = list_videos(path) if path.is_dir() else [path]
    if not videos or not path.exists():
        raise UserError(
            "Expected a video, a folder of videos, or the number or address of a"
            f" camera. Received: {source}, {'empty' if path.exists() else 'not there'}."
        )
    return videos


def judge(
    source: Sequence[Path] | int | str,
    decoder: Decoder,
    watch: Watch,
    interval: float,
    seconds: float | None,
) -> Iterator[Named]:
    """Yield the name of the source and the verdict for each window.

    Videos that cannot be read are named and left out.

    Args:
        source: From `find_videos`.
        decoder: Reads it.
        watch: Judges the frames of one video or camera.
        interval: Seconds between frames.
        seconds: How much is looked at, of all videos together. None: all of them,
            or an hour of a camera.

    Raises:
        UserError: No video can be read.
    """
    if isinstance(source, int | str):
        seconds = seconds or _USUAL_HOUR
        named, total = _judge_camera(source, decoder, watch, interval, seconds), seconds
    else:
        seconds = seconds or math.inf
        readable = _measure(source, decoder)
        total = min(seconds, sum(readable.values()))
        named = _judge_videos(list(readable), decoder, watch, interval, seconds)
    with Meter("watching", total, "s") as meter, contextlib.closing(named):
        done, name, end = 0.0, None, 0.0
        for name_now, verdict in named:
            done += verdict.end - end if name_now == name else verdict.end
            name, end = name_now, verdict.end
            meter.show(done)
            yield name, verdict


def _measure(videos: Sequence[Path], decoder: Decoder) -> dict[Path, float]:
    """Return the duration of each video that can be read, seconds; 0 if unknown."""
    durations = {}
    for path in videos:
        try:
            durations[path] = decoder.probe(path).duration or 0.0
        except VideoError as error:
            note(f"left out: {error}")
    if not durations:
        raise UserError(
            "Expected footage on which nothing happens. Received:"
            f" {len(videos)} video{'s' * (len(videos) > 1)}, none of which can be read."
        )
    return durations


def _judge_videos(
    videos: Sequence[Path],
    decoder: Decoder,
    watch: Watch,
    interval: float,
    seconds: float,
) -> Generator[Named]:
    for path in videos:
        limit, end = None if math.isinf(seconds) else seconds, 0.0
        try:
            for verdict in watch(decoder.frames(path, interval=interval, end=limit)):
                end = verdict.end
                yield str(path), verdict
        except VideoError as error:
            note(f"left at {end:.0f} s: {error}")
        seconds -= end
        if seconds <= 0:
            return


def _judge_camera(
    camera: int | str, decoder: Decoder, watch: Watch, interval: float, seconds: float
) -> Generator[Named]:
    for verdict in watch(decoder.live(camera, interval=interval)):
        yield hide_password(str(camera)), verdict
        if verdict.end >= seconds:
            return


def read_verdicts(path: Path) -> Iterator[Named]:
    """Yield what `VerdictFile` wrote as JSON lines; a last line may be cut off.

    Raises:
        UserError: There is no such file, or a line of it is none of its lines.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UserError(
            f"Expected verdicts of classify.py or calibrate.py. Received: {path}"
            f" ({error.strerror})."
        ) from None
    for number, line in enumerate(lines, start=1):
        try:
            yield _read_verdict(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            if number < len(lines):  # else the program that wrote it was killed
                raise UserError(
                    f"Expected a verdict in line {number} of {path}, as classify.py"
                    f" writes them. Received: {line[:60]!r}. Remove the line."
                ) from None


def _read_verdict(values: dict) -> Named:
    shares = {name: float(p) for name, p in values["probabilities"].items()}
    verdict = Verdict(
        float(values["start"]),
        float(values["end"]),
        shares,
        values["label"],
        bool(values["judged"]),
        str(values["reason"]),
    )
    return str(values.get("file", "")), verdict
