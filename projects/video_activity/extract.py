"""Turn labeled videos into features once, before any training.

python projects/video_activity/extract.py --videos FOLDER
python projects/video_activity/extract.py --videos labels.csv --workers 4
Trainings on the same videos find the features; whoever is stopped goes on from there.
"""

from collections import Counter
from collections.abc import Sequence

from common.config import parse_config
from common.download import cache_folder
from common.errors import note, run_main
from common.startup import quiet_keras
from projects.video_activity.extract_config import ExtractConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(ExtractConfig, argv, __doc__)
    from projects.video_activity.features.weights import NONE, choose_backbone

    if choose_backbone(config.backbone) != NONE:
        quiet_keras()
    from common.reporting import Table
    from projects.video_activity.features.extraction import CACHE, extract
    from projects.video_activity.footage.checking import check_spans
    from projects.video_activity.footage.decoder import Decoder

    with Decoder() as decoder:
        spans, notes = check_spans(_read_spans(config), decoder)
    clips = extract(
        spans,
        config.feature_settings(config.streams, config.hop),
        cache_folder(config.data_dir) / CACHE,
        workers=config.workers,
        scheduler=config.scheduler,
        download=config.download,
        quiet=config.quiet,
    )
    for line in (*notes, *clips.notes):
        note(line)
    asked = Counter(span.label for span in spans)
    print(Table("Clips", *_count(clips, asked)).to_text())
    if clips.skipped:
        print(f"\n{len(clips.skipped)} of {len(spans)} left out:")
        print("\n".join(clips.skipped))
    if config.output:
        clips.save(config.output)
    return 0


def _read_spans(config):
    from projects.video_activity.footage.spans import read_folder, read_table

    if config.videos.is_file():
        return read_table(config.videos)
    return read_folder(config.videos, config.group_pattern)


def _count(clips, asked):
    """Return columns and rows: how much there is of each class."""
    rows = []
    for name in sorted(asked):
        of_class = clips.labels == clips.classes.index(name)
        own = clips.select(of_class)
        sources, frames = len(set(own.groups)), int(own.lengths.sum())
        rows.append([name, asked[name], sources, len(own), frames])
    return ["class", "videos", "sources", "clips", "frames"], rows


if __name__ == "__main__":
    raise SystemExit(run_main(main))
