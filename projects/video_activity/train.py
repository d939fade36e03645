"""Train a watcher on a folder of videos, or on videos that it draws itself.

python projects/video_activity/train.py: drawn videos, some minutes. --videos FOLDER:
your own, a sub-folder for each class; --videos labels.csv: file,start,end,label and
group. --preset slides: the lecture's recipe. Writes a run directory that classify.py,
serve.py and calibrate.py take.
"""

from collections.abc import Sequence

from common.config import parse_config, select
from common.download import cache_folder
from common.errors import run_main
from common.resuming import RunStart, command_of
from common.startup import quiet_keras
from projects.video_activity.config import PRESETS, Config


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, given = parse_config(Config, argv, __doc__, PRESETS)
    start = RunStart("video_activity", config, given, command_of(__file__, argv))
    config = start.config
    from projects.video_activity.footage.material import find_material

    material = find_material(
        config.videos, config.group_pattern, config.data_dir, config.quiet
    )
    start.set_inputs(sha256=material.sha256, videos=len(material.spans))
    quiet_keras()  # not sooner: bad data are told at once
    with start.begin() as run:
        report = _train(config, run, material, start.command)
        report.save(run.path)
    print(report.to_text(run.path))
    return 0


def _train(config, run, material, command):
    """Extract, hold out, fit and test, fit on all, save; return the report."""
    from projects.video_activity.evaluation.holding_out import hold_out
    from projects.video_activity.evaluation.training_report import make_report
    from projects.video_activity.network.recipe import Recipe
    from projects.video_activity.network.selection import fit_classifier
    from projects.video_activity.network.trained import Classifier

    extractor, clips = _extract(config, material)
    recipe = select(Recipe, config)
    train, test = hold_out(clips, config.split, config.test_share, config.seed)
    fitted = fit_classifier(train, recipe, config.tell, run.checkpoints / "tested")
    report = make_report(fitted, train, test, material, config.split, command)
    if config.refit:
        config.tell("now on all clips, for the watcher that is saved")
        fitted = fit_classifier(clips, recipe, config.tell, run.checkpoints / "saved")
    model = fitted.build()
    needed = extractor.only(model.input)
    classifier = Classifier(model, clips.classes, needed.settings, needed.digest)
    classifier.save(run.path)
    return report


def _extract(config, material):
    from projects.video_activity.features.extraction import CACHE, extract
    from projects.video_activity.features.streams import Extractor

    settings = config.feature_settings(config.streams)
    clips = extract(
        material.spans,
        settings,
        cache_folder(config.data_dir) / CACHE,
        workers=config.workers,
        download=config.download,
        quiet=config.quiet,
    )
    return Extractor(settings), clips


if __name__ == "__main__":
    raise SystemExit(run_main(main))
