"""What was read off while a camera was watched for a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from common.meter import Meter
from common.reporting import Report, Table
from projects.video_activity.experiments.looping_camera import resident_megabytes
from projects.video_activity.verdicts import Verdict


@dataclass(frozen=True)
class Reading:
    """At one moment.

    Attributes:
        hours: Of video.
        verdicts: So far.
        own: Resident memory of the program, MB.
        decoder: That of its decoder, MB.
        clips: Videos in the folder.
        kept: Their size, MB.
    """

    hours: float
    verdicts: int
    own: float
    decoder: float
    clips: int
    kept: float


class Readings:
    """Takes a reading at even distances.

    Attributes:
        rows: The readings.
    """

    def __init__(self, seconds: float, count: int, clips: Path, quiet: bool):
        """Plan the readings.

        Args:
            seconds: Of video, in all.
            count: How many readings.
            clips: The folder of saved clips.
            quiet: Whether to say nothing of the progress.
        """
        self._step, self._next = seconds / count, seconds / count
        self._clips, self._verdicts, self._end = clips, 0, 0.0
        self._meter = Meter("watching", seconds / 3600, "h", quiet=quiet)
        self.rows: list[Reading] = []

    def take(self, verdict: Verdict) -> None:
        """Count a verdict, and read if it is time."""
        self._verdicts, self._end = self._verdicts + 1, verdict.end
        self._meter.show(verdict.end / 3600)
        if verdict.end >= self._next - 1e-6:  # as seconds are sums
            self._next += self._step
            self._read()

    def finish(self) -> None:
        """Take the last reading if the video ended before it."""
        if not self.rows or self.rows[-1].verdicts < self._verdicts:
            self._read()

    def _read(self) -> None:
        own, decoder = resident_megabytes()
        clips = list(self._clips.glob("*.mp4"))
        kept = sum(clip.stat().st_size for clip in clips) / 1e6
        self.rows.append(
            Reading(self._end / 3600, self._verdicts, own, decoder, len(clips), kept)
        )


def make_report(readings: Sequence[Reading], command: str) -> Report:
    """Say whether memory grew.

    Args:
        readings: In order; the first third is taken for warming up.
        command: What reproduces it.
    """
    rows = [
        (
            f"{r.hours:.1f}",
            r.verdicts,
            f"{r.own:.0f}",
            f"{r.decoder:.0f}",
            r.clips,
            f"{r.kept:.2f}",
        )
        for r in readings
    ]
    columns = ("hours", "verdicts", "program MB", "decoder MB", "clips", "clips MB")
    warm, last = readings[(len(readings) - 1) // 3], readings[-1]
    growth = last.own + last.decoder - warm.own - warm.decoder
    return Report(
        title=f"A camera watched for {last.hours:.1f} hours of video",
        verdict=(
            f"From hour {warm.hours:.1f} to {last.hours:.1f}, {last.verdicts} verdicts"
            f" in all, resident memory went from {warm.own + warm.decoder:.0f} to"
            f" {last.own + last.decoder:.0f} MB ({growth:+.0f})."
        ),
        command=command,
        tables=[Table("Resident memory", columns, rows)],
        metrics={"readings": [vars(reading) for reading in readings]},
    )
