"""Does the order of frames matter? Nets before frames in order, shuffled, averaged.

python projects/video_activity/experiments/frame_order.py: drawn videos, three classes.
--videos FOLDER --backbone mobilenet_v2: your own. The slides' net and a small
recurrent one read what a frozen network sees of each picture; whole sources are held
out. Frames are shuffled, or replaced by their mean, in training and test alike.
"""

from collections.abc import Sequence

from common.config import config_to_dict, parse_config
from common.errors import run_main
from common.experiments import save_experiment
from common.resuming import command_of
from common.startup import quiet_keras
from projects.video_activity.experiments.frame_order_config import FrameOrderConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(FrameOrderConfig, argv, __doc__)
    from projects.video_activity.footage.material import find_material

    material = find_material(config.videos, None, config.data_dir, config.quiet)
    quiet_keras()
    from projects.video_activity.evaluation.comparison import compare
    from projects.video_activity.evaluation.splits import make_splits
    from projects.video_activity.experiments.frame_order_report import make_report
    from projects.video_activity.experiments.frame_order_systems import list_systems

    clips = _extract(config, material)
    splits = make_splits(
        clips,
        folds=config.folds,
        seeds=range(config.seeds),
        by_clip=False,
        leave_one_out=False,
    )
    systems = list_systems(config.stream, config.nets, config.epochs)
    found = compare(systems, clips, splits, config.tell)
    command = command_of(__file__, argv)
    report = make_report(material, clips, found, config_to_dict(config), command)
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


def _extract(config, material):
    from common.download import cache_folder
    from projects.video_activity.features.extraction import CACHE, extract
    from projects.video_activity.features.settings import (
        DEFAULT_STREAMS,
        FeatureSettings,
    )

    # Those of train.py, which are in the cache then; whole pictures where asked for.
    wanted = (config.stream,)
    if config.stream in DEFAULT_STREAMS:
        wanted = DEFAULT_STREAMS
    settings = FeatureSettings(backbone=config.backbone, streams=wanted)
    cache = cache_folder(config.data_dir) / CACHE
    return extract(material.spans, settings, cache, quiet=config.quiet)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
