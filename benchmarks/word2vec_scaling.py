"""How word2vec's words per second change with what it is given.

    python benchmarks/word2vec_scaling.py --grow vocabulary
    python benchmarks/word2vec_scaling.py --grow threads --variant fast_cbow

One of vocabulary, dimension, corpus and threads grows, the others stay. The text is
random: words by Zipf's law, 1000 a sentence. Each point is one epoch over it, in a
process of its own, in rounds as those of word2vec_training.py. Words per second are
those of the slabs behind the first, without copying the matrices at the end; memory
and start are of the whole process.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from word2vec_training import speed, spread
from word2vec_worker import VARIANTS, Answer, ask

SENTENCE = 1000
LEAST_WORDS = 100_000  # for enough slabs
BLOCK = 1000 * SENTENCE  # words made at a time
USUAL = {"vocabulary": 75_000, "dimension": 100, "corpus": 4_000_000, "threads": 1}
POINTS = {
    "vocabulary": [10_000, 30_000, 100_000, 300_000, 1_000_000],
    "dimension": [50, 100, 200, 300, 600],
    "corpus": [1_000_000, 4_000_000, 16_000_000, 32_000_000],
    "threads": sorted({1, 2, os.cpu_count() or 1}),
}


def make_corpus(task: Answer) -> Answer:
    """Write random words as an encoded corpus."""
    import numpy as np

    from common.files import write_json
    from common.vocabulary import Vocabulary
    from projects.word2vec.building import MANIFEST, TOKENS, VOCABULARY
    from projects.word2vec.encoding import FIRST_OF_SENTENCE, TOKEN

    folder, (size, total) = Path(task["folder"]), (task["vocabulary"], task["corpus"])
    folder.mkdir()
    random = np.random.default_rng(0)
    cumulative = np.cumsum(1 / (np.arange(size) + 2.7))  # Zipf-Mandelbrot
    cumulative /= cumulative[-1]
    with open(folder / TOKENS, "wb") as file:
        for start in range(0, total, BLOCK):
            places = random.random(min(BLOCK, total - start))
            tokens = np.searchsorted(cumulative, places).clip(0, size - 1).astype(TOKEN)
            tokens[::SENTENCE] |= FIRST_OF_SENTENCE
            tokens.tofile(file)
    # Expected counts, which fall, as those of a corpus do.
    counts = np.maximum(1, np.diff(cumulative, prepend=0) * total).astype(np.int64)
    words = tuple(f"word{number}" for number in range(size))
    Vocabulary(words, counts).save(folder / VOCABULARY)
    manifest = {
        "num_tokens": total,
        "num_words": total,
        "num_sentences": -(-total // SENTENCE),
        "sha256": "",
        "description": f"{total:,} random words",
        "notes": [],
        "sizes": {n: (folder / n).stat().st_size for n in (TOKENS, VOCABULARY)},
    }
    write_json(folder / MANIFEST, manifest)
    return {"folder": str(folder), "words": total}


def train(options: argparse.Namespace, point: int, folder: Path) -> Answer:
    """Train with one thing grown to a point; the corpora are kept in a folder."""
    given = USUAL | {"corpus": options.words, "threads": options.threads}
    given |= {options.grow: point}
    sizes = {name: given[name] for name in ("vocabulary", "corpus")}
    made = folder / "-".join(map(str, sizes.values()))
    if not made.exists():
        ask(sizes | {"folder": str(made)}, __file__)
    task = {"folder": str(made), "words": given["corpus"], "epochs": 1, "seed": 0}
    task |= {"threads": given["threads"], "embedding_dim": given["dimension"]}
    task |= {"variant": options.variant, "rate": options.learning_rate}
    return ask(task | {"sample": options.sample, "score": False})


def report(grow: str, results: dict[int, list[Answer]]) -> Iterator[str]:
    """Write the figures, a point a line."""
    line = "{:>10} {:<21} {:<21} {:>9} {:<19} {:<19} {}"
    titles = ["M words/CPU s", "M words/wall s", "of first", "GB at most", "start s"]
    yield line.format(grow, *titles, "device")
    first = None
    for point, answers in results.items():
        rates = [
            [speed(answer, "steady", kind) / 1e6 for answer in answers]
            for kind in ("cpu", "wall")
        ]
        first = first or median(rates[1])
        cells = [spread(values) for values in rates]
        cells.append(f"{median(rates[1]) / first:.2f}")
        cells.append(spread([answer["memory"] / 1e9 for answer in answers]))
        cells.append(spread([answer["start"] for answer in answers]))
        yield line.format(f"{point:,}", *cells, answers[0]["device"])


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--grow", choices=POINTS, default="vocabulary")
    add("--points", help="such as 1000,2000; none: what is usual")
    add("--repeats", type=int, default=3, help="trainings of each point")
    own = [name for name, variant in VARIANTS.items() if variant.engine == "fast"]
    add("--variant", choices=own, default="fast")
    add("--words", type=int, default=USUAL["corpus"], help="of the text")
    add("--threads", type=int, default=USUAL["threads"], help="of TensorFlow")
    add("--learning-rate", type=float, help="none: train.py's")
    add("--sample", type=float, help="none: train.py's")
    add("--json", type=Path, help="file for all figures, written after each round")
    options = parser.parse_args(argv)
    options.points = [int(p) for p in (options.points or "").split(",") if p]
    options.points = options.points or POINTS[options.grow]
    if min(options.repeats, options.threads, *options.points) < 1:
        parser.error("expected numbers of 1 or more")
    if options.words < LEAST_WORDS:
        parser.error(f"expected --words of {LEAST_WORDS} or more")
    return options


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark, or, for a task in JSON, make a corpus."""
    argv = sys.argv[1:] if argv is None else argv
    if argv and argv[0].startswith("{"):
        print(json.dumps(make_corpus(json.loads(argv[0]))))
        return 0
    options = parse(argv)
    results: dict[int, list[Answer]] = {point: [] for point in options.points}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.repeats):
            for point, answers in results.items():
                answers.append(train(options, point, Path(folder)))
                words = speed(answers[-1], "steady", "wall") / 1e6
                told = f"round {number + 1}, {point:,}: {words:.3f} M words/s"
                print(told, file=sys.stderr, flush=True)
            if options.json:
                text = json.dumps({options.grow: results}, indent=1)
                options.json.write_text(text, encoding="utf-8")
    print("\n".join(report(options.grow, results)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
