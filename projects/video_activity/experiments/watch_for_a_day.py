"""Watch a camera for a day, in minutes, and see whether memory grows.

python projects/video_activity/experiments/watch_for_a_day.py: a drawn video plays again
and again through all that classify.py does with a camera: windows, features, verdicts,
incidents, clips; only the decoder does not wait for the clock. Ctrl-C ends it early.
"""

from collections.abc import Sequence
from typing import Any

from common.config import parse_config
from common.errors import UserError, note, run_main
from common.experiments import save_experiment
from common.resuming import command_of
from common.runs import RunDirectory
from common.startup import quiet_keras
from projects.video_activity.experiments.watch_for_a_day_config import (
    WatchForADayConfig,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(WatchForADayConfig, argv, __doc__)
    run = RunDirectory.open_newest("video_activity", config.run_dir).path
    quiet_keras(threads=1)
    from projects.video_activity.experiments.day_report import make_report
    from projects.video_activity.network.trained import Classifier

    model = Classifier.load(run)
    if config.event not in model.classes:
        raise UserError(
            f"Expected --event out of {', '.join(model.classes)}. Received:"
            f" {config.event}."
        )
    report = make_report(_watch(config, model), command_of(__file__, argv))
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


def _watch(config, model) -> list:
    """Return the readings."""
    import tempfile
    from pathlib import Path

    from projects.video_activity.alarms.actions.clip import ClipAction
    from projects.video_activity.alarms.rules import OFF_SHARE, Rule
    from projects.video_activity.alarms.settings import Settings
    from projects.video_activity.experiments.day_report import Readings
    from projects.video_activity.experiments.looping_camera import LoopingCamera
    from projects.video_activity.footage.decoder import Decoder, Limits
    from projects.video_activity.session import Session

    seconds = 3600 * config.hours
    with (
        tempfile.TemporaryDirectory() as folder,
        Decoder(Limits(longest_side=config.longest_side)) as decoder,
    ):
        clips = Path(folder) / "clips"
        rule = Rule(config.event, config.threshold, OFF_SHARE * config.threshold)
        clip = ClipAction(folder=clips, megabytes=config.megabytes)
        alarms = Settings((rule,), {"clip": clip}, Path("alarms.toml"))
        video = config.video or _draw(Path(folder) / "drawn.mp4", config.event)
        camera: Any = LoopingCamera(decoder, video, seconds)
        readings = Readings(seconds, config.readings, clips, config.quiet)
        session = Session(model, camera, alarms=alarms)
        try:
            session.follow("rtsp://loop", "loop", lambda _, said: readings.take(said))
        except KeyboardInterrupt:
            note("stopped; the report is of what was watched so far")
        readings.finish()
        return readings.rows


def _draw(path, event):
    from projects.video_activity.made_videos.making import make_changing_video

    make_changing_video(path, 24.0, 12.0, ("safe", event))
    return path


if __name__ == "__main__":
    raise SystemExit(run_main(main))
