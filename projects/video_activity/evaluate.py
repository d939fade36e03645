"""Measure what watchers are worth on sources that they have not seen.

python projects/video_activity/evaluate.py: made videos. --videos FOLDER: your own.
--systems baselines,ablation,jury,slides compares more; everything that is chosen is
chosen inside the training folds. Writes report.md, metrics.json and verdicts.csv.
"""

from collections.abc import Sequence

from common.config import config_to_dict, parse_config
from common.download import cache_folder
from common.errors import run_main
from common.resuming import command_of
from common.runs import RUNS, write_csv
from common.startup import quiet_keras
from projects.video_activity.evaluate_config import EvaluateConfig

PROJECT = "video_activity"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(EvaluateConfig, argv, __doc__)
    from projects.video_activity.footage.material import find_material

    material = find_material(
        config.videos, config.group_pattern, config.data_dir, config.quiet
    )
    quiet_keras()
    from projects.video_activity.evaluation.comparison import choose_systems, compare
    from projects.video_activity.evaluation.report import make_report, tabulate
    from projects.video_activity.evaluation.splits import make_splits

    clips = _extract(config, material)
    splits = make_splits(
        clips,
        folds=config.folds,
        seeds=range(config.seed, config.seed + config.seeds),
        by_clip=config.clip_split,
        leave_one_out=config.leave_one_out,
    )
    systems = choose_systems(config.systems, clips, config.epochs)
    found = compare(systems, clips, splits, config.tell)
    command = command_of(__file__, argv)
    report = make_report(material, clips, found, config_to_dict(config), command)
    folder = config.output or RUNS / PROJECT / "evaluations" / material.name
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "verdicts.csv", tabulate(clips, found), index=False)
    report.save(folder)
    print(report.to_text(folder))
    return 0


def _extract(config, material):
    from projects.video_activity.features.extraction import CACHE, extract
    from projects.video_activity.features.settings import DEFAULT_STREAMS, STREAMS

    # Those of train.py, which are in the cache then; whole pictures where they count.
    streams = DEFAULT_STREAMS
    if {"baselines", "ablation", "slides"} & set(config.systems):
        streams = STREAMS
    if set(config.systems) == {"slides"}:
        streams = ("appearance",)
    settings = config.feature_settings(streams)
    cache = cache_folder(config.data_dir) / CACHE
    options = {"workers": config.workers, "download": config.download}
    return extract(material.spans, settings, cache, quiet=config.quiet, **options)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
