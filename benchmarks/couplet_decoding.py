"""Milliseconds per answered line: the writer of couplets against a plain decoder.

    python benchmarks/couplet_decoding.py
    python benchmarks/couplet_decoding.py --run-dir runs/couplet/mine --repeats 20

- answer: all of `Writer.answer`: rules, tones, search, judges, choice, fluency.
- search: its constrained beam search alone.
- torch: what one writes first in PyTorch, of the same sizes, with random weights:
  two `nn.LSTM` layers each for encoder and decoder, attention by products, softmax
  and `topk` over all beams; no rules, no judges, one line at a time.

Each variant lives in a process of its own with one thread and answers one line when
told to; the parent goes round, so that a change of the machine's speed falls on all
of them, and ratios are taken round by round. Then the writer answers many lines with
all cores: five answers each, then one with beams of 12 and of 8. PyTorch is left out
where it is not installed.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).resolve().parents[1]
LINE = "明月松间照清泉石上流竹喧归浣女莲动下渔舟随意春芳歇王孙自可留"
SHIPPED = REPOSITORY / "projects/couplet/pretrained/couplet"
VARIANTS = ("answer", "search", "torch")


def ours(variant: str, folder: Path) -> Callable[[int, int], None]:
    """Return a run of the writer for a length and a beam."""
    from common.startup import quiet_keras

    quiet_keras(threads=1)
    import numpy as np

    from projects.couplet.decoding.beam_search import beam_search
    from projects.couplet.decoding.constraints import Constraints
    from projects.couplet.decoding.request import Request
    from projects.couplet.writer import Writer

    writer = Writer.load(folder)

    def answer(length: int, beam: int) -> None:
        writer.answer(LINE[:length], Request(beam=beam, candidates=min(5, beam)))

    def search(length: int, beam: int) -> None:
        request = Request(beam=beam, candidates=1)
        line = LINE[:length]
        rules = Constraints.for_line(line, request, writer.alphabet)
        ids = np.array([writer.tokens.encode(line)], np.int32)
        beam_search(writer.translator, ids, [rules], beam=beam)

    return {"answer": answer, "search": search}[variant]


def plain_torch(folder: Path) -> Callable[[int, int], None]:
    """Return a run of the plain decoder for a length and a beam."""
    import torch

    torch.set_num_threads(1)
    form = json.loads((folder / "model.json").read_text())["architecture"]
    size = len((folder / "vocabulary.txt").read_text().splitlines())
    units, dim = form["units"], form["embedding_dim"]
    embed = torch.nn.Embedding(size, dim)
    layers = form["encoder_layers"]
    encoder = torch.nn.LSTM(
        dim, units // 2, layers, batch_first=True, bidirectional=True
    )
    below = torch.nn.LSTM(2 * dim + units, units, batch_first=True)
    above = torch.nn.LSTM(2 * units, units, batch_first=True)
    query, features = torch.nn.Linear(units, units), torch.nn.Linear(2 * units, dim)

    @torch.inference_mode()
    def run(length: int, beam: int) -> None:
        source = embed(torch.arange(length)[None])
        encoded, _ = encoder(source)
        scores, states = torch.zeros(1), [None, None]
        written = torch.zeros((1, 1), dtype=torch.long)
        for place in range(length):
            rows = len(written)
            here = torch.cat([source, encoded], -1)[:, place : place + 1]
            known = torch.cat([embed(written[:, -1:]), here.expand(rows, -1, -1)], -1)
            low, states[0] = below(known, states[0])
            weights = torch.softmax(query(low) @ encoded.transpose(1, 2), -1)
            seen = weights @ encoded
            high, states[1] = above(torch.cat([low, seen], -1), states[1])
            logits = features(torch.cat([high, seen], -1))[:, 0] @ embed.weight.T
            totals = scores[:, None] + torch.log_softmax(logits, -1)
            scores, best = totals.flatten().topk(beam)
            parents = best // size
            written = torch.cat([written[parents], (best % size)[:, None]], 1)
            states = [tuple(part[:, parents] for part in pair) for pair in states]

    return run


def serve(variant: str, folder: Path) -> None:
    """Answer "length beam" on stdin with the milliseconds of one line."""
    run = plain_torch(folder) if variant == "torch" else ours(variant, folder)
    for request in sys.stdin:
        length, beam = map(int, request.split())
        begin = time.perf_counter()
        run(length, beam)
        print(1e3 * (time.perf_counter() - begin), flush=True)


def start(variant: str, folder: Path) -> subprocess.Popen:
    """Start a variant in a process of its own."""
    settings = {"PYTHONPATH": str(REPOSITORY), "TF_CPP_MIN_LOG_LEVEL": "2"}
    settings |= dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"], "1")
    return subprocess.Popen(
        [sys.executable, __file__, "--serve", variant, "--run-dir", str(folder)],
        env=os.environ | settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def ask(worker: subprocess.Popen, length: int, beam: int) -> float:
    """Return the milliseconds that a worker took for one line."""
    print(length, beam, file=worker.stdin, flush=True)
    return float(worker.stdout.readline())


def compare(folder: Path, lengths: list[int], beams: list[int], repeats: int) -> None:
    """Print a table: medians of milliseconds, and ratios round by round."""
    has_torch = importlib.util.find_spec("torch") is not None
    workers = {v: start(v, folder) for v in VARIANTS if v != "torch" or has_torch}
    print(f"{'length':>6} {'beam':>4}", *(f"{v + ' ms':>10}" for v in workers), end="")
    print("   torch/answer  torch/search" if has_torch else "")
    for length in lengths:
        for beam in beams:
            for worker in workers.values():  # compile what this shape needs
                for _ in range(3):
                    ask(worker, length, beam)
            rounds = [
                {name: ask(worker, length, beam) for name, worker in workers.items()}
                for _ in range(repeats)
            ]
            cells = [f"{median(r[name] for r in rounds):10.1f}" for name in workers]
            for name in ("answer", "search") if has_torch else ():
                cells.append(f"{median(r['torch'] / r[name] for r in rounds):13.2f}")
            print(f"{length:6} {beam:4}", *cells, flush=True)
    for worker in workers.values():
        worker.stdin.close()
        worker.wait()


def batch(folder: Path, count: int) -> None:
    """Print how many lines a second are answered in one batch, on all cores."""
    print()
    for candidates, beam in ((5, 16), (1, 12), (1, 8)):
        seconds = time_batch(folder, count, f"candidates={candidates}, beam={beam}")
        print(
            f"{count:,} lines of 7 in one batch, {candidates} of {beam} beams each:"
            f" {count / seconds:.0f} lines/s",
            flush=True,
        )


def time_batch(folder: Path, count: int, wishes: str) -> float:
    """Return the seconds that a process of its own takes for a batch."""
    code = (
        "import sys, time; from pathlib import Path;"
        "from common.startup import quiet_keras; quiet_keras();"
        "from projects.couplet.decoding.request import Request;"
        "from projects.couplet.writer import Writer;"
        f"request = Request({wishes});"
        f"writer = Writer.load(Path({str(folder)!r}));"
        f"lines = [{LINE!r}[n % 7 : n % 7 + 7] for n in range({count})];"
        "writer.answer_many(lines[:64], request); begin = time.perf_counter();"
        "writer.answer_many(lines, request); print(time.perf_counter() - begin)"
    )
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run-dir", type=Path, default=SHIPPED)
    parser.add_argument("--lengths", default="5,7,12,24")
    parser.add_argument("--beams", default="5,16,32")
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--serve", choices=VARIANTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.run_dir)
        return
    sizes = (
        [int(n) for n in text.split(",")] for text in (options.lengths, options.beams)
    )
    compare(options.run_dir, *sizes, options.repeats)
    batch(options.run_dir, options.batch)


if __name__ == "__main__":
    main()
