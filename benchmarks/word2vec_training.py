"""Word2vec: words per second and quality, the fast training against gensim.

    python benchmarks/word2vec_training.py --repeats 3 --json measured.json
    python benchmarks/word2vec_training.py --variants fast,gensim --max-words 300000

All learn from one file of 1000 words a line, with 100 numbers a word, window 5, 5
noise words, and words that stand 5 times or more; gensim reads it by itself
(`corpus_file`, its faster way). Each training is a process of its own; the parent
goes round A B, A B, so that a change of the machine's speed falls on all, and ratios
are taken round by round. Words are those of the file times epochs, thinned out or
not; of gensim those it has really read, a few more where its workers meet. CPU
seconds are of all threads of a process.

"Training" begins behind the first compiled slab, "whole" before its compilation;
neither has the vocabulary pass (of ours: with encoding the text, once for all). Up
to three slabs are made ready while the first is compiled: trust "training" only of
many slabs, a million words or more. Start is from the beginning of the process to
the first update, without the vocabulary pass.
"""

import argparse
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median, stdev

from word2vec_worker import SCORES, VARIANTS, Answer, ask

LEAST_WORDS = 10_000  # for more than one slab
MOST_KERAS_WORDS = 2_000_000  # the readable way takes hours for more


def speed(answer: Answer, span: str, seconds: str) -> float:
    """Return the words per second of a span: training, whole or steady."""
    return answer[span]["words"] / answer[span][seconds]


def spread(values: list[float], form: str = ".3g") -> str:
    """Write a median with its range, such as `1.02 (0.98-1.1)`."""
    texts = [format(f(values), form) for f in (median, min, max)]
    return "{} ({}-{})".format(*texts) if len(values) > 1 else texts[0]


def speeds(results: dict[str, list[Answer]], span: str) -> Iterator[str]:
    """Write words per second and the ratios to the peers, round by round."""
    line = "{:<12} {:<21} {:<21} {:<21} {:<21}"
    titles = [title for kind in ("CPU", "wall") for title in (f"M words/{kind} s", "")]
    titles[1::2] = "x its gensim, CPU", "x its gensim, wall"
    yield line.format(span, *titles)
    for name, answers in results.items():
        cells, peers = [], results.get(VARIANTS[name].peer)
        for kind in ("cpu", "wall"):
            own = [speed(answer, span, kind) for answer in answers]
            cells.append(spread([value / 1e6 for value in own]))
            others = [speed(answer, span, kind) for answer in peers or []]
            pairs = zip(own, others, strict=False)
            cells.append(spread([a / b for a, b in pairs]) if peers else "-")
        yield line.format(name, *cells)


def qualities(results: dict[str, list[Answer]]) -> Iterator[str]:
    """Write the scores, mean and standard deviation over the seeds."""
    line = "{:<12}" + " {:<13}" * len(SCORES)
    yield line.format("quality", *SCORES)
    for name, answers in results.items():
        scored, cells = [a["scores"] for a in answers if a["scores"]], []
        for title in SCORES:
            values = [scores[title] for scores in scored if title in scores]
            text = f"{mean(values):.3f}" if values else "-"
            text += f" ± {stdev(values):.3f}" if len(values) > 1 else ""
            cells.append(text)
        yield line.format(name, *cells)


def costs(results: dict[str, list[Answer]]) -> Iterator[str]:
    """Write what else a training takes."""
    titles = ["GB at most", "start s", "vocabulary s", "rate", "device"]
    line = "{:<12} {:<21} {:<21} {:<24} {:<6} {}"
    yield line.format("costs", *titles)
    for name, answers in results.items():
        cells = [spread([a["memory"] / 1e9 for a in answers])]
        cells += [spread([a[key] for a in answers]) for key in ("start", "reading")]
        yield line.format(name, *cells, answers[0]["rate"], answers[0]["device"])


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    mirror = Path(os.environ.get("KERAS_PROJECTS_MIRROR", "")) / "text/wiki8.txt.xz"
    corpus = str(mirror) if mirror.is_file() else "docs"
    add = parser.add_argument
    add("--corpus", default=corpus, help="as train.py's (default: %(default)s)")
    add("--max-words", type=int, default=0, help="cut the corpus; 0: all of it")
    every = ",".join(name for name in VARIANTS if name != "keras")
    add("--variants", default=every, help=f"default: {every}; there is also keras")
    add("--repeats", type=int, default=3, help="trainings of each")
    add("--seeds", type=int, default=3, help="different ones; these are scored")
    add("--epochs", type=int, default=5)
    add("--threads", type=int, default=2, help="gensim's workers")
    add("--own-threads", type=int, default=1, help="ours, beside one that cuts slabs")
    add("--learning-rate", type=float, help="of ours; none: train.py's")
    add("--sample", type=float, help="of ours; none: train.py's")
    add("--peer-learning-rate", type=float, help="of all of gensim's")
    add("--peer-sample", type=float, default=1e-3, help="of gensim's (%(default)s)")
    add("--json", type=Path, help="file for all figures, written after each round")
    options = parser.parse_args(argv)
    options.variants = options.variants.split(",")
    unknown = sorted(set(options.variants) - VARIANTS.keys())
    if unknown:
        parser.error(f"expected --variants of {','.join(VARIANTS)}. Received {unknown}")
    if min(options.repeats, options.seeds, options.epochs, options.threads) < 1:
        parser.error("expected --repeats, --seeds, --epochs and --threads of 1 or more")
    if 0 < options.max_words < LEAST_WORDS:
        parser.error(f"expected --max-words of 0, or {LEAST_WORDS} or more")
    if "keras" in options.variants and not 0 < options.max_words <= MOST_KERAS_WORDS:
        parser.error(f"keras takes hours: give --max-words up to {MOST_KERAS_WORDS}")
    return options


def installed(names: list[str]) -> list[str]:
    """Return the variants that can run here, and tell which cannot."""
    found = [n for n in names if importlib.util.find_spec(VARIANTS[n].needs)]
    for name in [name for name in names if name not in found]:
        print(f"skipped {name}: {VARIANTS[name].needs} is not installed")
    return found


def run_rounds(options: argparse.Namespace, task: Answer) -> dict[str, list[Answer]]:
    """Train all variants in turn, again and again."""
    results = {name: [] for name in installed(options.variants)}
    for number in range(options.repeats):
        task |= {"seed": number % options.seeds, "score": number < options.seeds}
        for name, answers in results.items():
            answers.append(ask(task | {"variant": name}))
            words = speed(answers[-1], "training", "cpu") / 1e6
            told = f"round {number + 1}, {name}: {words:.3f} M words/CPU s"
            print(told, answers[-1]["scores"], file=sys.stderr, flush=True)
        if options.json:
            text = json.dumps({"task": task, "results": results}, indent=1)
            options.json.write_text(text, encoding="utf-8")
    return results


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark."""
    options = parse(argv)
    with tempfile.TemporaryDirectory() as folder:
        wanted = {"corpus": options.corpus, "max_words": options.max_words}
        text = ask(wanted | {"folder": folder})
        print(
            f"{text['words']:,} words of {text['description']},"
            f" {text['vocabulary']:,} different; encoded for ours in"
            f" {text['reading']:.1f} s; {options.epochs} epochs,"
            f" {options.own_threads} thread(s), gensim {options.threads}",
            flush=True,
        )
        names = ("epochs", "threads", "own_threads", "sample", "peer_sample")
        task = text | {name: getattr(options, name) for name in names}
        task |= {"rate": options.learning_rate, "embedding_dim": 100}
        task |= {"peer_rate": options.peer_learning_rate}
        results = run_rounds(options, task)
    tables = speeds(results, "training"), speeds(results, "whole")
    for table in (*tables, costs(results), qualities(results)):
        print("\n" + "\n".join(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
