"""Damage real videos in a thousand ways, and see that nothing but a decoder dies.

Who is given them: the decoder, the program classify.py, or a page that runs.

python -m projects.video_activity.experiments.fuzz_videos --videos clips
python -m projects.video_activity.experiments.fuzz_videos --videos clips
    --run-dir runs/video_activity/NAME
python -m projects.video_activity.experiments.fuzz_videos --videos clips
    --url http://127.0.0.1:8000
"""

import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from common.config import parse_config
from common.errors import UserError, run_main
from common.meter import Meter
from projects.video_activity.experiments.fuzz_videos_config import FuzzVideosConfig

_CHECK = 100  # damaged videos between two sound ones
_BAD = ("hung", "the page failed", "the program failed")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code, 1 if anything hung or the page failed."""
    config, _ = parse_config(FuzzVideosConfig, argv, __doc__)
    sound = _find_videos(config)
    with _choose_target(config) as target, tempfile.TemporaryDirectory() as folder:
        outcomes, slowest = _fuzz(target, sound, Path(folder), config)
    for outcome, count in outcomes.most_common():
        print(f"{count:6d}  {outcome}")
    print(f"{config.count:6d}  in all, of {len(sound)} videos")
    print(f"at most {slowest:.1f} s for {target.at_once} of them")
    return int(any(bad in outcomes for bad in _BAD))


def _choose_target(config: FuzzVideosConfig):
    from projects.video_activity.experiments import fuzz_targets as targets

    if config.url:
        return targets.PageTarget(config.url, 12 * config.progress)
    if config.run_dir:
        return targets.ProgramTarget(config.run_dir, config.progress)
    return targets.DecoderTarget(config.progress)


def _find_videos(config: FuzzVideosConfig) -> list[Path]:
    from projects.video_activity.footage.video_folder import list_videos

    found = [
        path
        for path in list_videos(config.videos)
        if path.stat().st_size <= config.largest
    ]
    if not found:
        raise UserError(
            f"Expected videos of at most {config.largest} bytes in a folder. Received:"
            f" {config.videos}, which has none. Name one with --videos."
        )
    return found


def _fuzz(
    target, sound: Sequence[Path], folder: Path, config: FuzzVideosConfig
) -> tuple[Counter, float]:
    """Try them all; return how often each outcome was, and the longest time."""
    import numpy as np

    rng = np.random.default_rng(config.seed)
    outcomes, slowest = Counter[str](), 0.0
    with Meter("damaging", config.count, "videos") as meter:
        for begin in range(0, config.count, target.at_once):
            if begin % _CHECK == 0:
                target.check(sound[0])
            end = min(begin + target.at_once, config.count)
            paths = [_damage(sound, folder, n, rng) for n in range(begin, end)]
            begun = time.monotonic()
            found = target.try_videos(paths)
            slowest = max(slowest, time.monotonic() - begun)
            outcomes.update(found)
            for path, outcome in zip(paths, found, strict=True):
                _keep(path, outcome, config.keep)
            meter.show(end)
        target.check(sound[0])
    return outcomes, slowest


def _damage(sound: Sequence[Path], folder: Path, number: int, rng) -> Path:
    """Write a damaged video, and return it."""
    from projects.video_activity.experiments.mutations import mutate

    first, second = rng.integers(len(sound), size=2)
    path = folder / f"damaged{number}{sound[first].suffix}"
    path.write_bytes(mutate(sound[first].read_bytes(), sound[second].read_bytes(), rng))
    return path


def _keep(path: Path, outcome: str, keep: Path | None) -> None:
    if keep is not None and outcome in ("decoder crashed", "decoder hung"):
        keep.mkdir(parents=True, exist_ok=True)
        (keep / path.name).write_bytes(path.read_bytes())
    path.unlink()


if __name__ == "__main__":
    raise SystemExit(run_main(main))
