"""classify.py at work: an hour of video, the first verdict, memory, a live source.

    python benchmarks/video_watching.py
    python benchmarks/video_watching.py --minutes 10 --backbones motion --parts hour
    python benchmarks/video_watching.py --video FILE --parts start,live

Runs the program itself, as a user would, with an untrained net: speed does not depend
on what a net has learned. Weights of a backbone are those of ImageNet where they are
at hand, else random.

- hour: `--minutes` of video of 640 x 480 at 25 frames/s, in files of five minutes: the
  frames of --video again and again (without it a drawn video). Memory is that of the
  largest process.
- start: seconds from the command to the first verdict, and to the end, of one minute.
- live: a minute of it as if it came from a camera; how far behind it ends.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "projects" / "video_activity" / "classify.py"
FILE_MINUTES, RATE, SIZE = 5, 25, (640, 480)
CLASSES = ("safe", "suspicious", "criminal")


def make_run(name: str, folder: Path) -> Path:
    """Write what train.py would: a jury, here one that has learned nothing."""
    from projects.video_activity.features import motion
    from projects.video_activity.features.settings import FeatureSettings
    from projects.video_activity.features.streams import Extractor
    from projects.video_activity.network.linear import Linear
    from projects.video_activity.network.pooled import Member, build_jury
    from projects.video_activity.network.recipe import JURY, MOTION_JURY
    from projects.video_activity.network.trained import Classifier

    folder.mkdir()
    members = [Member.read(m) for m in (MOTION_JURY if name == "motion" else JURY)]
    streams = tuple({member.stream: None for member in members})
    weights, dim = find_weights(name, folder) if name != "motion" else (None, 0)
    settings = FeatureSettings(backbone=name, weights=weights, streams=streams)
    dim = dim or motion.DIM
    random = np.random.default_rng(0)
    jury = {
        member: Linear(
            np.zeros(dim), np.ones(dim), random.normal(size=(dim, 3)), np.zeros(3)
        )
        for member in members
    }
    model = build_jury(jury, dict.fromkeys(streams, dim), settings.num_frames, 1.0)
    extractor = Extractor(settings)
    classifier = Classifier(model, CLASSES, extractor.settings, extractor.digest)
    classifier.save(folder)
    for file, text in (("config.json", "{}"), ("report.md", "Untrained.\n")):
        (folder / file).write_text(text)
    return folder


def find_weights(name: str, folder: Path) -> tuple[str | None, int]:
    """Return the weights of a backbone, or a file of random ones, and its dim."""
    import keras

    from common.errors import UserError
    from projects.video_activity.features.backbone import build_backbone

    try:
        return None, build_backbone(name).dim
    except UserError:
        backbone = build_backbone(name, weights="none")
    (network,) = (x for x in backbone.model.layers if isinstance(x, keras.Model))
    network.save_weights(folder / "random.weights.h5")
    return str(folder / "random.weights.h5"), backbone.dim


def make_video(source: Path, target: Path, minutes: float) -> None:
    """Write the frames of a video again and again, 640 x 480."""
    code = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(target), cv2.CAP_FFMPEG, code, RATE, SIZE)
    frames = forever(source)
    for _ in range(round(60 * minutes * RATE)):
        writer.write(cv2.resize(next(frames), SIZE, interpolation=cv2.INTER_AREA))
    writer.release()


def forever(source: Path) -> Iterator[np.ndarray]:
    """Yield the frames of a video, again and again."""
    while True:
        capture = cv2.VideoCapture(str(source), cv2.CAP_FFMPEG)
        while (read := capture.read())[0]:
            yield read[1]


def classify(source: Path, run: Path, threads: int, *more: str) -> dict[str, float]:
    """Run classify.py; return what it took, and what it told."""
    command = [sys.executable, str(PROGRAM), str(source), "--run-dir", str(run)]
    command += ["--threads", str(threads), "--json", *more]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    begin, first, lines = time.perf_counter(), 0.0, []
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        for line in process.stdout:
            first = first or time.perf_counter() - begin
            lines.append(line)
        told = process.stderr.read()
        # Its own usage, and that of its children: not that of earlier runs.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(told)
    wall = time.perf_counter() - begin
    behind = re.search(r"ended ([\d.]+) s behind, (\d+) frames dropped", told)
    return {
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "first": first,
        "verdicts": len(lines),
        "judged": sum('"judged": true' in line for line in lines),
        "memory": usage.ru_maxrss / 1024,
        "behind": float(behind[1]) if behind else 0.0,
        "dropped": int(behind[2]) if behind else 0,
    }


def hour(runs: dict[str, Path], piece: Path, minutes: float, threads: int) -> None:
    """Print how long so many minutes of video take."""
    folder = piece.parent / "hour"
    folder.mkdir()
    for number in range(max(1, round(minutes / FILE_MINUTES))):
        os.link(piece, folder / f"part-{number:02d}.mp4")
    print(
        f"\n{'':<14}{'minutes':>8}{'wall s':>8}{'CPU s':>8}{'x real time':>12}", end=""
    )
    print(f"{'judged':>12}{'MiB':>7}")
    for name, run in runs.items():
        took = classify(folder, run, threads)
        seconds = 3 * took["verdicts"]
        print(
            f"{name:<14}{seconds / 60:8.0f}{took['wall']:8.1f}{took['cpu']:8.1f}"
            f"{seconds / took['wall']:12.1f}"
            f"{took['judged']:7.0f} of{took['verdicts']:5.0f}{took['memory']:6.0f}",
            flush=True,
        )


def start(runs: dict[str, Path], minute: Path, threads: int) -> None:
    """Print when the first verdict comes."""
    print(f"\n{'':<14}{'first verdict s':>16}{'end s':>8}{'CPU s':>8}{'MiB':>7}")
    for name, run in runs.items():
        took = classify(minute, run, threads)
        print(
            f"{name:<14}{took['first']:16.1f}{took['wall']:8.1f}{took['cpu']:8.1f}"
            f"{took['memory']:7.0f}",
            flush=True,
        )


def live(runs: dict[str, Path], minute: Path, threads: int) -> None:
    """Print how far behind a live source ends."""
    print(f"\n{'':<14}{'verdicts':>9}{'behind s':>9}{'dropped':>8}{'CPU s':>8}")
    for name, run in runs.items():
        took = classify(minute, run, threads, "--realtime")
        print(
            f"{name:<14}{took['verdicts']:9.0f}{took['behind']:9.1f}"
            f"{took['dropped']:8.0f}{took['cpu']:8.1f}",
            flush=True,
        )


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--video", type=Path, help="whose frames are repeated")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--backbones", default="motion,mobilenet_v2,inception_v3")
    parser.add_argument("--parts", default="start,live,hour")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from common.startup import quiet_keras

    quiet_keras()
    names, parts = options.backbones.split(","), options.parts.split(",")
    with tempfile.TemporaryDirectory() as spare:
        folder = Path(spare)
        source = options.video
        if source is None:
            from projects.video_activity.made_videos.making import make_changing_video

            source = folder / "drawn.mp4"
            make_changing_video(source)
        piece, minute = folder / "piece.mp4", folder / "minute.mp4"
        make_video(source, minute, 1.0)
        runs = {name: make_run(name, folder / name) for name in names}
        print(f"{source.name} at 640 x 480, {RATE} frames/s; {options.threads} threads")
        if "start" in parts:
            start(runs, minute, options.threads)
        if "live" in parts:
            live(runs, minute, options.threads)
        if "hour" in parts:
            make_video(source, piece, min(FILE_MINUTES, options.minutes))
            hour(runs, piece, options.minutes, options.threads)


if __name__ == "__main__":
    main()
