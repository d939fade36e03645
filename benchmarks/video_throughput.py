"""Videos: what a frame costs, by network, by decoding and from file to features.

    python benchmarks/video_throughput.py
    python benchmarks/video_throughput.py --videos FOLDER --threads 2 --repeats 5
    python benchmarks/video_throughput.py --parts network --backbones inception_v3

- network: batches of 15 pictures of 200 x 200 through `Model.predict`,
  `predict_on_batch`, the frozen graph in float32, and in bfloat16, and OpenVINO in
  bfloat16 if it is installed. Weights are those of ImageNet where they are at hand,
  else random: the speed is the same.
- decoding: one frame for each 0.2 s of video, made 200 x 200: four ways of OpenCV,
  and the decoder of this project, which is a process of its own that may die. "grab
  alone" is what the video format costs: nobody who decodes every frame does with less.
- whole: from files to features. "as in the slides": each frame is read and resized,
  and every 0.2 s one goes through `Model.predict`. Ours: decoder, windows, the check
  for a moving camera, extractor; with one stream, and with those that the default
  watcher looks at. Cameras are how many of such videos one core follows at 5
  frames/s: video seconds a CPU second.

The variants of a part take turns, so that a change of the machine's speed falls on
all of them; ratios to the first are taken round by round, and medians shown. CPU is
that of this process, its threads and its children. Without --videos, clips of the
mirror (KERAS_PROJECTS_MIRROR), or else a made video.
"""

import argparse
import collections
import itertools
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from video_reading import INTERVAL, SIZE, WAYS, find_videos, frames_of, length, small

BATCH = 15


def measure(run: Callable[[], object]) -> tuple[float, float]:
    """Return the CPU and wall seconds of a run."""
    begin, cpu = time.perf_counter(), spent()
    run()
    return spent() - cpu, time.perf_counter() - begin


def spent() -> float:
    """Return the CPU seconds of this process and of its ended children."""
    kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)


def compare(
    title: str,
    runs: dict[str, Callable[[], object]],
    amount: float,
    repeats: int,
    cameras: bool = False,
) -> None:
    """Print a table: milliseconds of each run by amount, and ratios to the first."""
    for run in runs.values():
        run()
    rounds = [
        {name: measure(run) for name, run in runs.items()} for _ in range(repeats)
    ]
    first = next(iter(runs))
    print(f"\n{title:<34}{'CPU ms':>9}{'ratio':>7}{'wall ms':>9}{'ratio':>7}", end="")
    print(f"{'cameras':>9}" if cameras else "")
    for name in runs:
        line = f"{name:<34}"
        for kind in (0, 1):
            cost = median(each[name][kind] for each in rounds)
            ratio = median(each[first][kind] / each[name][kind] for each in rounds)
            line += f"{1e3 * cost / amount:9.1f}{ratio:7.2f}"
        if cameras:
            line += f"{amount / median(each[name][0] for each in rounds):9.1f}"
        print(line, flush=True)


def build(name: str):
    """Return a backbone, with the weights of ImageNet if they are at hand."""
    from common.errors import UserError
    from projects.video_activity.features.backbone import build_backbone

    try:
        return build_backbone(name, SIZE)
    except UserError:
        return build_backbone(name, SIZE, "none")


def openvino(model, pictures: np.ndarray, threads: int) -> Callable[[], object]:
    """Return a run of OpenVINO on the same network, in bfloat16."""
    import openvino

    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, verbose=False)
        network = openvino.convert_model(folder, input=[(BATCH, SIZE, SIZE, 3)])
    options = {
        "INFERENCE_PRECISION_HINT": "bf16",
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads,
    }
    run = openvino.compile_model(network, "CPU", options)
    return lambda: run(pictures)


def network(name: str, repeats: int, threads: int) -> None:
    """Compare ways to run a network."""
    from projects.video_activity.features.fast_backbone import fast_backbone

    backbone = build(name)
    random = np.random.default_rng(0)
    pictures = random.integers(0, 256, (BATCH, SIZE, SIZE, 3), np.uint8)
    runs = {
        "predict": lambda: backbone.model.predict(pictures, BATCH, verbose=0),
        "predict_on_batch": lambda: backbone.model.predict_on_batch(pictures),
    }
    for way in ("frozen float32", "frozen bfloat16"):
        fast = fast_backbone(backbone, way=way)
        runs[way] = lambda fast=fast: fast(pictures)
    try:
        runs["OpenVINO bfloat16"] = openvino(backbone.model, pictures, threads)
    except ImportError:
        print("OpenVINO is not installed and left out: pip install openvino")
    compare(f"{name}, a frame", runs, BATCH, repeats)


def decoding(paths: list[Path], seconds: float, repeats: int) -> None:
    """Compare ways to decode."""

    def all_frames(way: str) -> None:
        for path in paths:
            collections.deque(frames_of(path, way), maxlen=0)

    def in_its_own_process() -> None:
        from projects.video_activity.footage.decoder import Decoder

        with Decoder() as decoder:
            for path in paths:
                for frame in decoder.frames(path, interval=INTERVAL):
                    small(frame.image)

    runs = {way: lambda way=way: all_frames(way) for way in WAYS}
    runs["our decoder, its own process"] = in_its_own_process
    compare("decoding, a second of video", runs, seconds, repeats)


def whole(names: list[str], paths: list[Path], seconds: float, repeats: int) -> None:
    """Compare the slides' way with ours, from files to features."""
    runs = {}
    for name in names:
        if name != "motion":
            model = build(name).model
            runs[f"{name}, as in the slides"] = lambda m=model: slides(m, paths)
            runs[f"{name}, one stream"] = ours(name, ("appearance",), paths)
            watched = ("region", "region_difference")
            runs[f"{name}, default watcher"] = ours(name, watched, paths)
    if "motion" in names:
        runs["motion"] = ours("motion", ("motion",), paths)
        runs["motion, decoded before"] = ours("motion", ("motion",), paths, True)
    compare("whole, a second of video", runs, seconds, repeats, cameras=True)


def slides(model, paths: list[Path]) -> None:
    """Extract features as the slides do: clip by clip with `predict`."""
    for path in paths:
        frames = frames_of(path, "resize all")
        while clip := list(itertools.islice(frames, BATCH)):
            model.predict(np.stack(clip), batch_size=BATCH, verbose=0)


def ours(
    name: str, streams: tuple[str, ...], paths: list[Path], decoded: bool = False
) -> Callable[[], None]:
    """Return a run of decoder, windows and extractor, or of the extractor alone."""
    from projects.video_activity.features.prefetch import ahead
    from projects.video_activity.features.region import camera_moves
    from projects.video_activity.features.settings import FeatureSettings
    from projects.video_activity.features.streams import Extractor
    from projects.video_activity.footage.decoder import Decoder
    from projects.video_activity.footage.windows import windows

    settings = FeatureSettings(backbone=name, streams=streams)
    backbone = None if name == "motion" else build(name)
    extractor = Extractor(settings, backbone=backbone)

    def windows_of(decoder: Decoder) -> Iterator[np.ndarray]:
        for path in paths:
            for window in windows(decoder.frames(path, interval=INTERVAL)):
                yield window.frames

    def run() -> None:
        with Decoder() as decoder, ahead(windows_of(decoder), 4) as ready:
            while some := list(itertools.islice(ready, 4)):
                judge(some)

    def judge(some: list[np.ndarray]) -> None:
        for window in some:
            camera_moves(window)
        extractor(some)

    if not decoded:
        return run
    with Decoder() as decoder:
        kept = list(windows_of(decoder))
    return lambda: judge(kept)


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--videos", type=Path, help="a folder of videos")
    parser.add_argument("--count", type=int, default=20, help="videos of it")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--backbones", default="inception_v3,mobilenet_v2,motion")
    parser.add_argument("--parts", default="network,decoding,whole")
    options = parser.parse_args()
    from common.startup import quiet_keras

    quiet_keras(threads=options.threads)
    cv2.setNumThreads(options.threads)
    names, parts = options.backbones.split(","), options.parts.split(",")
    with tempfile.TemporaryDirectory() as spare:
        paths = find_videos(options.videos, options.count, Path(spare))
        seconds = sum(map(length, paths))
        print(f"{len(paths)} videos, {seconds:.0f} s; {options.threads} threads")
        for name in names:
            if "network" in parts and name != "motion":
                network(name, 4 * options.repeats, options.threads)
        if "decoding" in parts:
            decoding(paths, seconds, options.repeats)
        if "whole" in parts:
            whole(names, paths, seconds, options.repeats)


if __name__ == "__main__":
    main()
