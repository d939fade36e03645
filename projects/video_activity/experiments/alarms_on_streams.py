"""How many events an alarm finds in a stream, how late, and how often it is false.

python projects/video_activity/experiments/alarms_on_streams.py: drawn videos of a
minute that change. --videos clips --event fight --normal footage: real ones; clips of
sources that were not learned from, joined with normal ones of the same source.
"""

import dataclasses
from collections.abc import Sequence

from common.config import parse_config
from common.download import cache_folder
from common.errors import run_main
from common.experiments import save_experiment
from common.resuming import command_of
from common.startup import quiet_keras
from projects.video_activity.experiments.alarms_on_streams_config import (
    AlarmsOnStreamsConfig,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(AlarmsOnStreamsConfig, argv, __doc__)
    from projects.video_activity.footage.material import find_material

    material = find_material(config.videos, None, config.data_dir, config.quiet)
    quiet_keras()
    from projects.video_activity.experiments.alarm_report import make_report
    from projects.video_activity.experiments.stream_judges import cross_judge

    clips, settings = _extract(config, material)
    streams, normal = _examine(config, material, settings)
    judged = cross_judge(clips, settings, streams, normal, config.folds, config.seeds)
    report = make_report(
        material, judged, config.event, config.thresholds, command_of(__file__, argv)
    )
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


def _extract(config, material):
    from projects.video_activity.features.extraction import CACHE, extract
    from projects.video_activity.features.settings import FeatureSettings

    settings = FeatureSettings(backbone=config.backbone, weights=config.weights)
    if config.videos is None:
        settings = FeatureSettings(backbone="motion", streams=("motion",))
    cache = cache_folder(config.data_dir) / CACHE
    return extract(material.spans, settings, cache, quiet=config.quiet), settings


def _examine(config, material, settings):
    """Return the streams and the normal footage, as features."""
    import numpy as np

    from common.meter import Meter
    from projects.video_activity.experiments import known_streams
    from projects.video_activity.experiments.stream_windows import examine
    from projects.video_activity.features.streams import Extractor
    from projects.video_activity.footage.decoder import Decoder, Limits
    from projects.video_activity.footage.video_folder import list_videos

    streams = [name for name in settings.streams if name != "difference"]
    extractor = Extractor(dataclasses.replace(settings, streams=tuple(streams)))
    with Decoder(Limits(longest_side=settings.longest_side)) as decoder:
        if config.videos is None:
            folder = cache_folder(config.data_dir) / "changing_videos"
            made = known_streams.drawn_videos(
                folder, config.count, config.event, decoder
            )
            total = config.count
        else:
            rng = np.random.default_rng(0)
            made = known_streams.join_clips(
                material.spans, config.event, decoder, rng, config.per_source
            )
            total = config.per_source * len({span.group for span in material.spans})
        seen = []
        with Meter("watching", total, "streams", quiet=config.quiet) as meter:
            for stream in made:
                seen.append(examine(stream, extractor))
                meter.show(len(seen))
        videos = list_videos(config.normal) if config.normal else []
        normal = known_streams.normal_footage(videos, decoder)
        return seen, [examine(stream, extractor) for stream in normal]


if __name__ == "__main__":
    raise SystemExit(run_main(main))
