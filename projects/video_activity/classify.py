"""Tell what goes on in videos or at a camera: a verdict every 3 seconds.

python projects/video_activity/classify.py porch.mp4 --figure timeline.png
python projects/video_activity/classify.py videos/ --output verdicts.csv
python projects/video_activity/classify.py 0 --alarms alarms.toml
python projects/video_activity/classify.py rtsp://camera --json
"""

import contextlib
import sys
from collections.abc import Callable, Sequence
from typing import Any

from common.config import parse_config
from common.errors import note, run_main
from common.runs import RunDirectory
from projects.video_activity.classify_config import ClassifyConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(ClassifyConfig, argv, __doc__)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # names that are no text
    source, alarms = _prepare(config)
    run = RunDirectory.open_newest("video_activity", config.run_dir).path
    from common.startup import quiet_keras

    quiet_keras(threads=config.threads)
    from projects.video_activity.footage.decoder import Decoder, Limits
    from projects.video_activity.frame_report import explain_into
    from projects.video_activity.network.trained import Classifier
    from projects.video_activity.session import Session

    model = Classifier.load(run)
    if alarms is not None:
        alarms.check_classes(model.classes)
    limits = Limits(longest_side=model.settings.longest_side)
    judged = explain_into(config.explain, model) if config.explain else None
    with contextlib.ExitStack() as opened, Decoder(limits) as decoder:
        session = Session(model, decoder, hop=config.hop, alarms=alarms, judged=judged)
        tell = _open_outputs(config, model.classes, not source.files, opened)
        if source.files:
            _watch_files(config, source.files, session, model.classes, tell)
        else:
            model.prepare()  # before the camera runs, which does not wait
            wishes: Any = {"seconds": config.seconds, "output": config.annotate}
            session.follow(source.camera, source.name, tell, **wishes)
    return 0


def _prepare(config: ClassifyConfig) -> tuple:
    """Return the source and the alarms; refuse before the model is loaded."""
    from projects.video_activity.alarms.settings import read_settings
    from projects.video_activity.annotate import check_copy_path
    from projects.video_activity.given_source import find_source
    from projects.video_activity.verdicts import check_table_path

    source = find_source(config.source, realtime=config.realtime)
    config.check_source(source.name, len(source.files))
    if config.output:
        check_table_path(config.output)
    if config.annotate:
        check_copy_path(config.annotate)
    for path in filter(None, (config.annotate, config.figure)):
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
    return source, read_settings(config.alarms) if config.alarms else None


def _open_outputs(
    config: ClassifyConfig, classes: Sequence[str], live: bool, opened
) -> Callable:
    """Return what takes the name of a source and a verdict, to print and write it."""
    from projects.video_activity.timeline import describe
    from projects.video_activity.verdicts import VerdictFile

    width = max(map(len, classes))
    table = None
    if config.output:
        table = opened.enter_context(VerdictFile(config.output, classes, live=live))

    said = None

    def tell(name: str, verdict) -> None:
        nonlocal said
        if table is not None:
            table.add(name, verdict)
        if name != said and not config.json:
            print(name)
        said = name
        line = verdict.to_json(name) if config.json else describe(verdict, width)
        print(line, flush=True)

    return tell


def _watch_files(
    config: ClassifyConfig, files: Sequence, session, classes, tell: Callable
) -> None:
    """Judge videos, sum up, and write what was wished for."""
    from projects.video_activity.album import Album
    from projects.video_activity.timeline_report import save_timeline, sum_up

    album = Album()
    found = session.watch_files(files, tell, album.add if config.figure else None)
    if not config.json:
        print(f"\n{sum_up(found, classes)}")
    if left := len(files) - len(found):
        note(f"{left} of {len(files)} videos could not be read")
    path, verdicts = next(iter(found.items()))  # the only one if there are files
    if config.figure:
        save_timeline(config.figure, verdicts, classes, path.name, album)
        note(f"written: {config.figure}")
    if config.annotate:
        session.annotate(path, verdicts, config.annotate)
        note(f"written: {config.annotate}")


if __name__ == "__main__":
    raise SystemExit(run_main(main))
