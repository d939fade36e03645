"""Seconds per epoch of a four-layer LSTM net: the fused layer against its peers.

    python benchmarks/lstm_training.py --repeats 8
    python benchmarks/lstm_training.py --variants fused,keras,torch --threads 1

The net: 1975 windows of 60 prices, four times LSTM(50) and Dropout(0.2), Dense(1),
Adam, mean squared error, batches of 32 in one fixed order, of a seeded random walk.
Each variant lives in a process of its own and runs one epoch when told to; the
parent goes round A B C, A B C, so that a change of the machine's speed falls on
all of them, and ratios are taken round by round.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).resolve().parents[1]
WINDOWS, TIME, UNITS, LAYERS, BATCH, DROPOUT = 1975, 60, 50, 4, 32, 0.2
# What each variant needs installed, which is also its Keras backend.
VARIANTS = dict.fromkeys(["fused", "keras", "keras_xla"], "tensorflow")
VARIANTS |= {"jax": "jax", "torch": "torch"}
MATRIX = 1024  # side of the matrices that tell the processor's peak


def epoch_flops() -> float:
    """Count the multiplications and additions of an epoch's matrix products."""
    sizes = [1 + UNITS] + [2 * UNITS] * (LAYERS - 1)
    forward = sum(2 * TIME * size * 4 * UNITS for size in sizes)
    return 3.0 * WINDOWS * forward  # the backward pass does two products for one


def make_batches():
    """Return windows `(1975, 60, 1)` and next prices `(1975, 1)` in [0, 1]."""
    import numpy as np

    random = np.random.default_rng(0)
    prices = random.normal(0.0, 1.0, WINDOWS + TIME).cumsum()
    prices = (prices - prices.min()) / np.ptp(prices)
    windows = np.lib.stride_tricks.sliding_window_view(prices, TIME + 1)
    windows = random.permutation(windows).astype("float32")
    return windows[:, :TIME, None].copy(), windows[:, TIME:].copy()


def keras_epoch(variant: str, threads: int) -> Callable[[], float]:
    """Build the net with Keras; the result runs an epoch and returns its loss."""
    import keras

    if threads and keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    layer = keras.layers.LSTM
    if variant == "fused":
        from common.lstm import FusedLSTM as layer
    keras.utils.set_random_seed(1)
    stack = [keras.Input((TIME, 1))]
    for number in range(LAYERS):
        stack.append(layer(UNITS, return_sequences=number < LAYERS - 1))
        stack.append(keras.layers.Dropout(DROPOUT, seed=number))
    model = keras.Sequential([*stack, keras.layers.Dense(1)])
    compiled = True if variant == "keras_xla" else "auto"
    model.compile("adam", "mean_squared_error", jit_compile=compiled)
    x, y = make_batches()

    def run() -> float:
        history = model.fit(x, y, batch_size=BATCH, shuffle=False, verbose=0)
        return history.history["loss"][0]

    return run


def torch_epoch(variant: str, threads: int) -> Callable[[], float]:
    """Build the net with PyTorch alone, on one thread unless told otherwise."""
    import torch

    # With more threads than idle cores its workers spin and CPU time explodes.
    torch.set_num_threads(threads or 1)
    torch.manual_seed(1)
    lstm = torch.nn.LSTM(1, UNITS, LAYERS, batch_first=True, dropout=DROPOUT)
    drop, dense = torch.nn.Dropout(DROPOUT), torch.nn.Linear(UNITS, 1)
    weights = [*lstm.parameters(), *dense.parameters()]
    adam = torch.optim.Adam(weights, eps=1e-7)
    x, y = (torch.from_numpy(array) for array in make_batches())

    def run() -> float:
        total = 0.0
        for inputs, targets in zip(x.split(BATCH), y.split(BATCH), strict=True):
            adam.zero_grad()
            predicted = dense(drop(lstm(inputs)[0][:, -1]))
            loss = torch.nn.functional.mse_loss(predicted, targets)
            loss.backward()
            adam.step()
            total += loss.item() * len(inputs)
        return total / WINDOWS

    return run


def peak_epoch(variant: str, threads: int) -> Callable[[], float]:
    """Return a run whose result is one core's best GFLOP/s in float32 products."""
    import numpy as np

    left, right = np.random.default_rng(0).random((2, MATRIX, MATRIX), np.float32)
    products = [lambda: left @ right]
    if importlib.util.find_spec("tensorflow"):  # on some cores twice the BLAS of NumPy
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(1)
        tensors = tf.constant(left), tf.constant(right)
        products.append(lambda: tf.matmul(*tensors).numpy())

    def run() -> float:
        seconds = [min(timeit.repeat(p, number=1, repeat=10)) for p in products]
        return 2e-9 * MATRIX**3 / min(seconds)

    return run


def serve(variant: str, threads: int) -> None:
    """Answer each line on stdin with one epoch: wall and CPU seconds, and loss."""
    build = {"torch": torch_epoch, "peak": peak_epoch}.get(variant, keras_epoch)
    run = build(variant, threads)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        loss = run()
        times = [time.perf_counter() - wall, time.process_time() - cpu]
        print(json.dumps([*times, loss]), flush=True)


class Worker:
    """A variant in a process of its own, idle until asked for an epoch."""

    def __init__(self, variant: str, threads: int):
        self.variant = variant
        self.epochs: list[list[float]] = []  # wall s, CPU s, loss
        self._log = tempfile.TemporaryFile("w+")
        extra = {"PYTHONPATH": str(REPOSITORY), "TF_CPP_MIN_LOG_LEVEL": "2"}
        extra["KERAS_BACKEND"] = VARIANTS.get(variant, "tensorflow")
        if variant == "peak":
            extra["OPENBLAS_NUM_THREADS"] = "1"
        if variant == "jax" and threads == 1:
            extra["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        command = [sys.executable, __file__, "--threads", str(threads)]
        self._process = subprocess.Popen(  # noqa: S603
            [*command, "--serve", variant],
            env=os.environ | extra,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def run_epoch(self) -> None:
        """Run one more epoch and keep its figures."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            self._log.seek(0)
            raise RuntimeError(f"{self.variant} ended: {self._log.read()[-2000:]}")
        self.epochs.append(json.loads(answer))

    def timed(self, column: int) -> list[float]:
        """Return wall (0) or CPU (1) seconds of every epoch but the first."""
        return [epoch[column] for epoch in self.epochs[1:]]


def spread(values: list[float]) -> str:
    """Write a median with its range, such as `1.02 (0.98-1.10)`."""
    return f"{median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def ratios(base: Worker | None, own: Worker, column: int) -> str:
    """Write how many times faster than the base, from round to round."""
    if base is None:
        return "-"
    pairs = zip(base.timed(column), own.timed(column), strict=True)
    return spread([one / other for one, other in pairs])


def report(workers: list[Worker], peak: Worker) -> Iterator[str]:
    """Write the figures, a line at a time."""
    gflops = max(epoch[2] for epoch in peak.epochs)
    bound = epoch_flops() / 1e9 / gflops
    yield f"an epoch is {epoch_flops() / 1e9:.1f} GFLOP of matrix products; one core"
    yield f"does {gflops:.0f} GFLOP/s on large ones, so the bound is {bound:.2f} CPU s"
    titles = ["wall s/epoch", "CPU s/epoch", "keras/it, wall", "keras/it, CPU"]
    line = "{:<10} {:<18} {:<18} {:<18} {:<18} {:>8} {:>12}"
    yield line.format("variant", *titles, "of peak", "first CPU s")
    keras = next((worker for worker in workers if worker.variant == "keras"), None)
    for worker in workers:
        cells = [spread(worker.timed(column)) for column in (0, 1)]
        cells += [ratios(keras, worker, column) for column in (0, 1)]
        share = f"{bound / median(worker.timed(1)):.0%}"
        yield line.format(worker.variant, *cells, share, f"{worker.epochs[0][1]:.1f}")
    yield "losses of the first epochs:"
    for worker in workers:
        losses = "  ".join(f"{epoch[2]:.9f}" for epoch in worker.epochs[:4])
        yield f"{worker.variant:<10} {losses}"


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=8, help="timed epochs of each")
    parser.add_argument("--variants", default=",".join(VARIANTS))
    hint = "threads of each variant; 0: the library's own choice, torch 1"
    parser.add_argument("--threads", type=int, default=0, help=hint)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    options.variants = options.variants.split(",")
    if options.repeats < 1 or not VARIANTS.keys() >= set(options.variants):
        parser.error(
            f"expected --repeats >= 1 and --variants of {','.join(VARIANTS)}. "
            f"Received: {options.repeats} and {','.join(options.variants)}."
        )
    return options


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark."""
    options = parse(argv)
    if options.serve:
        serve(options.serve, options.threads)
        return 0
    names = [v for v in options.variants if importlib.util.find_spec(VARIANTS[v])]
    for absent in set(options.variants) - set(names):
        print(f"skipped {absent}: {VARIANTS[absent]} is not installed")
    workers = [Worker(name, options.threads) for name in [*names, "peak"]]
    for number in range(options.repeats + 1):
        for worker in workers:
            worker.run_epoch()
        print(f"round {number} of {options.repeats}", file=sys.stderr, flush=True)
    print("\n".join(report(workers[:-1], workers[-1])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
