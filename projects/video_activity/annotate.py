"""A copy of a video with class, probability and time burnt in."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import cv2
import numpy as np

from common.errors import UserError
from projects.video_activity.class_colors import NOT_JUDGED, choose_colors, to_rgb
from projects.video_activity.footage.frames import Frame
from projects.video_activity.footage.recording import (
    CODECS,
    Recording,
    RecordingError,
)
from projects.video_activity.timeline import clock, share_out
from projects.video_activity.verdicts import Verdict

_LEAST_WIDTH = 320  # pixels; smaller copies are enlarged so that words can be read
_WHITE, _SHADE = (255, 255, 255), 0.35


class AnnotatedCopy:
    """A video file that is written frame by frame; whole or not there.

    with AnnotatedCopy(Path("out.mp4"), 25.0, model.classes) as copy:
        copy.add(frame, verdict)
    """

    def __init__(self, path: Path, rate: float, classes: Sequence[str]):
        """Choose the file.

        Args:
            path: Ends with .mp4 or .webm.
            rate: Frames per second.
            classes: All classes, for their colors.

        Raises:
            UserError: It cannot be written.
        """
        check_copy_path(path)
        self._path, self._colors = path, choose_colors(classes)
        try:
            self._recording = Recording(path, rate)
        except RecordingError as error:
            raise self._refusal(error) from None

    def __enter__(self) -> "AnnotatedCopy":
        """Return itself."""
        return self

    def add(self, frame: Frame, verdict: Verdict | None) -> None:
        """Write a frame.

        Args:
            frame: Not earlier than those before.
            verdict: What holds at its time; None: nothing yet.

        Raises:
            UserError: The file cannot be written.
        """
        image = burn_in(frame, verdict, self._colors)
        try:
            self._recording.add(frame.time, image[..., ::-1])
        except RecordingError as error:
            raise self._refusal(error) from None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the file into its place; after Ctrl-C too, but not after an error."""
        if kind not in (None, KeyboardInterrupt) or not self._recording.frames:
            self._recording.drop()
            return
        try:
            self._recording.finish()
        except RecordingError as failure:
            raise self._refusal(failure) from None

    def _refusal(self, error: RecordingError) -> UserError:
        return UserError(
            f"Expected a place for the annotated copy. Received: {self._path}"
            f" ({error}). Make room, or name another file."
        )


def annotate(
    frames: Iterable[Frame], verdicts: Sequence[Verdict], copy: AnnotatedCopy
) -> None:
    """Write all frames of a file, each with the verdict of its time.

    Args:
        frames: In order of time, as many as the copy is to have.
        verdicts: Of the same file, in order.
        copy: Gets the frames.
    """
    parts = list(share_out(verdicts))
    number = 0
    for frame in frames:
        while number < len(parts) and parts[number][1] <= frame.time:
            number += 1
        holds = number < len(parts) and parts[number][0] <= frame.time
        copy.add(frame, parts[number][2] if holds else None)


def burn_in(
    frame: Frame, verdict: Verdict | None, colors: Mapping[str, str]
) -> np.ndarray:
    """Return the picture with a line below that says class, probability and time.

    Args:
        frame: What is to be seen.
        verdict: None: only the time is said.
        colors: "#rrggbb" of each class.

    Returns:
        uint8 `(height, width, 3)`, RGB; width and height are even, as codecs ask.
    """
    image = _enlarge(frame.image)
    height, width = image.shape[:2]
    size = max(12, round(min(height / 14, width / 22)))
    band = image[height - 2 * size :]
    band[:] = (band * _SHADE).astype(np.uint8)
    baseline = height - round(0.65 * size)
    when = clock(frame.time)
    left = width - _measure(when, size) - size // 2
    _write(image, when, (left, baseline), size)
    if verdict is not None:
        color = to_rgb(colors.get(verdict.label, NOT_JUDGED))
        cv2.rectangle(image, (0, height - 2 * size), (size // 2, height), color, -1)
        text = _fit(_say(verdict), size, left - 2 * size)
        _write(image, text, (size, baseline), size)
    return image


def check_copy_path(path: Path) -> None:
    """Refuse a copy of a kind that cannot be written.

    Raises:
        UserError: The name ends with none of the known formats.
    """
    if path.suffix[1:] not in CODECS:
        endings = " or ".join(f".{name}" for name in CODECS)
        raise UserError(
            f"Expected an annotated copy that ends with {endings}. Received: {path}."
            " Rename it."
        )


def _say(verdict: Verdict) -> str:
    if verdict.label is None:
        return f"not judged: {verdict.reason}"
    return f"{verdict.label} {100 * verdict.probability:.0f} %"


def _enlarge(image: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    times = max(1, -(-_LEAST_WIDTH // width))
    size = times * width // 2 * 2, times * height // 2 * 2
    if size == (width, height):
        return image.copy()
    return cv2.resize(image, (max(2, size[0]), max(2, size[1])))


def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")  # has the letters of most scripts


def _write(image: np.ndarray, text: str, place: tuple[int, int], size: int) -> None:
    cv2.putText(image, text, place, _WHITE, _font(), size, 500)


def _measure(text: str, size: int) -> int:
    """Return the width of a text in pixels."""
    box = cv2.getTextSize((10_000, 100), text, (0, 0), _font(), size, 500)
    return int(box[0] + box[2])


def _fit(text: str, size: int, width: int) -> str:
    """Shorten a text from its end until it is not wider than `width` pixels."""
    if _measure(text, size) <= width:
        return text
    while text and _measure(f"{text}...", size) > width:
        text = text[:-1]
    return f"{text}..."
