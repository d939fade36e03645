"""Choose when alarms are raised, on footage on which nothing happens.

python projects/video_activity/calibrate.py --normal quiet_day.mp4 --classes criminal
python projects/video_activity/calibrate.py --normal rtsp://camera --hours 8
    --classes criminal,suspicious --false-alarms 0.1 --verdicts night.jsonl
python projects/video_activity/calibrate.py --normal night.jsonl --alarms mine.toml
"""

import contextlib
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from common.config import parse_config
from common.errors import run_main
from common.runs import RunDirectory
from projects.video_activity.calibrate_config import CalibrateConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(CalibrateConfig, argv, __doc__)
    from common.files import write_text
    from projects.video_activity.alarms.rules import Rule
    from projects.video_activity.alarms.settings import Settings, read_settings
    from projects.video_activity.alarms.threshold_text import change_text, new_text
    from projects.video_activity.alarms.thresholds import choose_thresholds

    if config.alarms:
        settings = read_settings(config.alarms)
    else:
        settings = Settings(tuple(map(Rule, config.classes)), {}, Path("--classes"))
    footages = _collect(config, settings.check_classes)
    choices = choose_thresholds(
        settings.rules, footages, config.false_alarms, config.least
    )
    if config.alarms:
        text = change_text(config.alarms, choices)
    else:
        text = new_text(choices, config.normal)
    config.output.absolute().parent.mkdir(parents=True, exist_ok=True)
    write_text(config.output, text)
    _report(choices, config)
    return 0


def _collect(config: CalibrateConfig, check: Callable) -> dict[str, list]:
    """Return the verdicts of each video or camera."""
    from projects.video_activity.alarms.normal_footage import read_verdicts
    from projects.video_activity.verdicts import VerdictFile

    footages: dict[str, list] = {}
    with contextlib.ExitStack() as opened:
        if config.normal.endswith(".jsonl"):
            named = read_verdicts(Path(config.normal))
        else:
            named = opened.enter_context(contextlib.closing(_judge(config, check)))
        add = None
        if config.verdicts:
            table = VerdictFile(config.verdicts, (), live=True)
            add = opened.enter_context(table).add
        for name, verdict in named:
            footages.setdefault(name, []).append(verdict)
            if add:
                add(name, verdict)
    return footages


def _judge(config: CalibrateConfig, check: Callable) -> Generator:
    """Yield the name of the source and the verdict of each window."""
    from projects.video_activity.alarms.normal_footage import find_videos, judge

    source = find_videos(config.normal)
    run = RunDirectory.open_newest("video_activity", config.run_dir).path
    from common.startup import quiet_keras

    quiet_keras(threads=config.threads)
    from projects.video_activity.footage.decoder import Decoder, Limits
    from projects.video_activity.network.trained import Classifier
    from projects.video_activity.watching import Watcher

    model = Classifier.load(run)
    check(model.classes)
    watcher = Watcher(model)
    together = 8 if isinstance(source, list) else 1  # windows; a camera has one
    with Decoder(Limits(longest_side=model.settings.longest_side)) as decoder:
        yield from judge(
            source,
            decoder,
            lambda frames: watcher.watch(frames, config.hop, together=together),
            model.settings.frame_interval,
            config.hours and 3600 * config.hours,
        )


def _report(choices: Sequence, config: CalibrateConfig) -> None:
    from common.reporting import Table
    from projects.video_activity.alarms.thresholds import show_need

    columns = ("class", "on", "off", "alarms", "hours", "at most", "highest p")
    rows = [
        (c.rule.label, c.rule.on, c.rule.off, c.alarms, c.hours, c.at_most, c.highest)
        for c in choices
    ]
    title = f"For {config.false_alarms:g} false alarms per hour"
    title += " (at most: per hour, with 95 % confidence)"
    print(Table(title, columns, rows).to_text())
    if any(choice.at_most > config.false_alarms for choice in choices):
        print(f"\n{show_need(config.false_alarms)}")
    print(f"\nWritten: {config.output}")


if __name__ == "__main__":
    raise SystemExit(run_main(main))
