"""How the cost of each project grows with its data: seconds, memory, a picture.

    python benchmarks/scaling.py --parts stock_lstm,word2vec --json scaling.json
    python benchmarks/scaling.py --parts couplet,video_activity --json scaling.json
    python benchmarks/scaling.py --json scaling.json --figure docs/figures/scaling.png

The programs themselves are run, each in a process of its own, on made data of growing
size (couplets: the first lines of what train.py learns from), with the passes over the
data held fixed. Told are CPU and wall seconds of the whole program, the memory of its
largest process, and what the last step of growth cost by unit: the start of Python and
Keras, and compiling, are then no part of it. Sizes that the file has already are not
run again; with --figure alone nothing is.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
WORDS, LINE = 75_000, 1000  # different words; words in a line
CLIP, FPS, WIDTH, HEIGHT = 15, 25, 320, 240  # seconds, frames a second, pixels


@dataclass(frozen=True)
class Part:
    """One project: what grows, and how the program is called on it."""

    unit: str
    sizes: tuple[float, ...]
    make: Callable[[float, Path], list[str]]  # writes data, returns the command


def make_prices(rows: float, folder: Path) -> list[str]:
    """Write a random walk of so many working days; two fits of at most three epochs."""
    random = np.random.default_rng(0)
    count = int(rows)
    close = 100 * np.exp(random.normal(0, 0.01, count).cumsum() * 0.1)
    days = np.busday_offset("1700-01-03", np.arange(count), roll="forward")
    spread = close * random.uniform(0.001, 0.02, count)
    with open(folder / "prices.csv", "w", encoding="utf-8") as file:
        file.write("Date,Open,High,Low,Close,Volume\n")
        for day, value, width in zip(days, close, spread, strict=True):
            low, high = value - width, value + width
            file.write(f"{day},{value:.4f},{high:.4f},{low:.4f},{value:.4f},1000\n")
    few = "--epochs 3 --nets 1 --test-days 100 --refit-every 100".split()
    return ["stock_lstm/train.py", "--csv", "prices.csv", "--run-dir", "run", *few]


def make_clips(minutes: float, folder: Path) -> list[str]:
    """Write clips of a moving square, each before its own ground, in two classes."""
    import cv2

    codec = cv2.VideoWriter.fourcc(*"MJPG")
    for number in range(round(60 * minutes / CLIP)):
        place = folder / "videos" / "ab"[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        path = str(place / f"{number:04}.avi")
        writer = cv2.VideoWriter(path, codec, FPS, (WIDTH, HEIGHT))
        random = np.random.default_rng(number)
        coarse = random.integers(60, 200, (6, 8, 3), np.uint8)
        ground = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        for frame in range(CLIP * FPS):
            image = ground.copy()
            left = 3 * frame % (WIDTH - 60)
            image[80:160, left : left + 60] = 30
            writer.write(image)
        writer.release()
    net = "--backbone mobilenet_v2 --weights none --data-dir cache".split()
    return ["video_activity/extract.py", "--videos", "videos", *net]


def choose_pairs(pairs: float, folder: Path) -> list[str]:
    """Take the first of the pairs: one pass by the usual net."""
    few = f"--limit {int(pairs)} --epochs 1 --epoch-pairs 0 --run-dir run".split()
    return ["couplet/train.py", *few]


def make_text(millions: float, folder: Path) -> list[str]:
    """Write random words by Zipf's law; one pass."""
    random = np.random.default_rng(0)
    cumulative = np.cumsum(1 / (np.arange(WORDS) + 2.7))
    names = np.array([f"word{number}" for number in range(WORDS)])
    with open(folder / "text.txt", "w", encoding="utf-8") as file:
        for _ in range(round(1e6 * millions / LINE)):
            places = random.random(LINE) * cumulative[-1]
            file.write(" ".join(names[np.searchsorted(cumulative, places)]) + "\n")
    few = "--tokenizer blanks --epochs 1 --map-words 0 --data-dir cache".split()
    return ["word2vec/train.py", "--corpus", "text.txt", "--run-dir", "run", *few]


PARTS = {
    "stock_lstm": Part(
        "1,000 rows", (2, 8, 24, 72), lambda n, f: make_prices(1e3 * n, f)
    ),
    "video_activity": Part("minutes of video", (0.5, 1, 2), make_clips),
    "couplet": Part("1,000 pairs", (2, 6, 18), lambda n, f: choose_pairs(1e3 * n, f)),
    "word2vec": Part("million words", (1, 4, 16), make_text),
}


def run(part: Part, size: float) -> dict[str, float]:
    """Run a program on data of a size; return what it cost."""
    with tempfile.TemporaryDirectory() as folder:
        script, *options = part.make(size, Path(folder))
        command = [sys.executable, str(REPOSITORY / "projects" / script), *options]
        begin = time.monotonic()
        with open(Path(folder) / "said", "w+", encoding="utf-8") as said:
            process = subprocess.Popen(
                [*command, "--quiet"], cwd=folder, stdout=said, stderr=said
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            wall = time.monotonic() - begin
            if process.returncode:
                said.seek(0)
                raise RuntimeError(f"{command} failed: {said.read()[-2000:]}")
    unit = 1 if sys.platform == "darwin" else 1024
    memory = usage.ru_maxrss * unit / 1e9
    cpu = usage.ru_utime + usage.ru_stime
    return {"size": size, "cpu": cpu, "wall": wall, "memory": memory}


def table(name: str, points: list[dict[str, float]]) -> str:
    """Return the figures of a project as text."""
    lines = [f"{name}, by {PARTS[name].unit}"]
    form = "{:>8} {:>8} {:>8} {:>6} {:>14} {:>12}"
    titles = ["size", "CPU s", "wall s", "GB", "CPU s a unit", "GB a unit"]
    lines.append(form.format(*titles))
    before = None
    for point in points:
        cells = [f"{point['size']:g}"]
        cells += [f"{point['cpu']:.1f}", f"{point['wall']:.1f}"]
        cells.append(f"{point['memory']:.2f}")
        cells += [f"{g:.3g}" for g in growth(before, point)] if before else ["", ""]
        lines.append(form.format(*cells))
        before = point
    return "\n".join(lines)


def growth(before: dict[str, float], point: dict[str, float]) -> tuple[float, float]:
    """Return CPU seconds and GB that one unit more has cost."""
    step = point["size"] - before["size"]
    return tuple((point[kind] - before[kind]) / step for kind in ("cpu", "memory"))


def draw(results: dict[str, list[dict[str, float]]], path: Path) -> None:
    """Draw seconds and memory against size, a column for each project."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3 * len(results), 5), layout="constrained")
    axes = figure.subplots(2, len(results), sharex="col", squeeze=False)
    for column, (name, points) in enumerate(results.items()):
        sizes = [point["size"] for point in points]
        for row, (kind, title) in enumerate(
            [("cpu", "CPU seconds, whole program"), ("memory", "GB, largest process")]
        ):
            place = axes[row, column]
            values = [point[kind] for point in points]
            place.plot(sizes, values, "o-", color="C0")
            place.set_ylim(0, 1.15 * max(values))
            place.set_xlim(left=0)
            place.grid(alpha=0.3)
            if column == 0:
                place.set_ylabel(title)
        axes[0, column].set_title(name)
        axes[1, column].set_xlabel(PARTS[name].unit)
    figure.savefig(path, dpi=100)


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", default="", help=f"out of {', '.join(PARTS)}")
    parser.add_argument("--json", type=Path, help="file of all figures, added to")
    parser.add_argument("--figure", type=Path, help="file of the picture")
    options = parser.parse_args(argv)
    names = list(filter(None, options.parts.split(",")))
    if not names and not options.figure:
        names = list(PARTS)
    if unknown := set(names) - PARTS.keys():
        parser.error(f"expected parts out of {', '.join(PARTS)}; received {unknown}")
    results = {}
    if options.json and options.json.exists():
        results = json.loads(options.json.read_text(encoding="utf-8"))
    if not names and not results:
        parser.error("expected figures to draw: --json of a file, or --parts")
    for name in names:
        points = results.setdefault(name, [])
        done = {point["size"] for point in points}
        for size in (size for size in PARTS[name].sizes if size not in done):
            points.append(run(PARTS[name], size))
            print(f"{name}, {points[-1]}", file=sys.stderr, flush=True)
            if options.json:
                text = json.dumps(results, indent=1)
                options.json.write_text(text, encoding="utf-8")
    print("\n\n".join(table(name, points) for name, points in results.items()))
    if options.figure:
        draw(results, options.figure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
