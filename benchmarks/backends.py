"""Speeds of the four projects on each backend, as ratios to TensorFlow.

    python benchmarks/backends.py --repeats 5
    python benchmarks/backends.py --backends tensorflow,jax --projects stock,word2vec

Each backend lives in a process of its own, which builds and compiles everything first
and then does one task when told to. The parent goes round the backends task by task,
so that a change of the machine's speed falls on all of them; ratios are taken round
by round. All data are made up; the sizes are those of the projects' defaults.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).resolve().parents[1]
BACKENDS = ("tensorflow", "jax", "torch")
Run = Callable[[], object]


def stock() -> dict[str, Run]:
    """One LSTM(32): an epoch of 2,000 windows of 20 days; 2,000 forecasts."""
    import numpy as np

    from common.batches import ShuffledBatches
    from common.compiled import compiled
    from projects.stock_lstm.model import DistributionLoss, build_model

    random = np.random.default_rng(0)
    windows = random.normal(size=(2000, 20, 6)).astype("float32")
    targets = random.normal(size=(2000, 1)).astype("float32")
    model = build_model("lstm", 20, 6, 1, 32, 0.1)
    model.compile("adam", DistributionLoss())
    batches = ShuffledBatches.from_arrays(windows, targets, batch_size=64)
    ask = compiled(model)
    return {
        "stock: train": lambda: model.fit(batches, shuffle=False, verbose=0),
        "stock: forecast": lambda: ask(windows),
    }


def video() -> dict[str, Run]:
    """The small recurrent net on 256 clips; MobileNetV2 on 32 pictures."""
    import numpy as np

    from projects.video_activity.features.backbone import build_backbone
    from projects.video_activity.features.fast_backbone import fast_backbone
    from projects.video_activity.network.heads import build_recurrent

    random = np.random.default_rng(0)
    clips = {"region": random.normal(size=(256, 15, 1280)).astype("float32")}
    clips["mask"] = np.ones((256, 15), bool)
    labels = np.eye(3, dtype="float32")[np.arange(256) % 3]
    model = build_recurrent({"region": 1280}, 15, 3)
    watch = fast_backbone(build_backbone("mobilenet_v2", 200, "none"))
    pictures = random.integers(0, 256, (32, 200, 200, 3), np.uint8)
    return {
        "video: train the net": lambda: model.fit(clips, labels, verbose=0),
        "video: features": lambda: watch(pictures),
    }


def couplet() -> dict[str, Run]:
    """The shipped form on 585 pairs of 7 characters; one answer by beam search."""
    import numpy as np

    from projects.couplet.network.architecture import Architecture
    from projects.couplet.network.model import build_model
    from projects.couplet.network.trainer import Recipe, compile_model
    from projects.couplet.writer import Writer

    ids = np.random.default_rng(0).integers(6, 5426, (2, 585, 7)).astype("int32")
    model = build_model(5426, Architecture(), padded=False).full
    compile_model(model, Recipe(epochs=100), 100)
    writer = Writer.load()
    return {
        "couplet: train": lambda: model.train_on_batch(
            {"source": ids[0], "previous": ids[1]}, ids[1]
        ),
        "couplet: answer": lambda: writer.answer("风云三尺剑"),
    }


def word2vec() -> dict[str, Run]:
    """Skip-gram with noise words: 300,000 words of a vocabulary of 10,000."""
    import numpy as np

    from projects.word2vec import fast
    from projects.word2vec.corpus import CorpusSettings, prepare_corpus
    from projects.word2vec.reference import Recipe

    folder = Path(tempfile.mkdtemp(prefix="backends-"))
    ranks = np.random.default_rng(0).zipf(1.1, 400_000)
    words = [f"w{rank}" for rank in ranks[ranks <= 10_000]][:300_000]
    (folder / "text.txt").write_text(" ".join(words))
    settings = CorpusSettings(str(folder / "text.txt"), tokenizer="blanks")
    corpus = prepare_corpus(settings, folder / "encoded")
    recipe = Recipe(
        model="skip_gram",
        objective="negative",
        window=5,
        negative=5,
        sample=1e-4,
        batch_size=512,
        seed=0,
        embedding_dim=100,
        learning_rate=0.07,
        epochs=1,
    )
    # One recipe, one program: compiled once, as in a long training.
    program = fast.make_program(fast.make_objective(corpus, recipe))
    fast.make_program = lambda objective: program
    return {"word2vec: train": lambda: fast.fit_fast(corpus, recipe)}


PROJECTS = {each.__name__: each for each in (stock, video, couplet, word2vec)}


def serve(projects: list[str]) -> None:
    """Do each task twice, name them, then do what each line on stdin names."""
    from common.startup import quiet_keras

    quiet_keras()
    tasks: dict[str, Run] = {}
    for project in projects:
        for name, run in PROJECTS[project]().items():
            run()  # compiles
            run()
            tasks[name] = run
    print(json.dumps(list(tasks)), flush=True)
    for line in sys.stdin:
        begin = time.perf_counter()
        tasks[line.strip()]()
        print(json.dumps(time.perf_counter() - begin), flush=True)


class Worker:
    """A backend in a process of its own."""

    def __init__(self, backend: str, projects: str):
        self.backend = backend
        self.seconds: dict[str, list[float]] = {}
        self._log = tempfile.TemporaryFile("w+")
        extra = {"PYTHONPATH": str(REPOSITORY), "KERAS_BACKEND": backend}
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, __file__, "--serve", "--projects", projects],
            env=os.environ | extra,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def ready(self) -> list[str]:
        """Wait until all is compiled; return the names of the tasks."""
        return self._answer()

    def run(self, task: str) -> None:
        """Do a task once more and keep its seconds."""
        self._process.stdin.write(task + "\n")
        self._process.stdin.flush()
        self.seconds.setdefault(task, []).append(self._answer())

    def _answer(self):
        answer = self._process.stdout.readline()
        if not answer:
            self._log.seek(0)
            raise RuntimeError(f"{self.backend} ended: {self._log.read()[-2000:]}")
        return json.loads(answer)


def spread(values: list[float]) -> str:
    """Write a median with its range, such as `1.02 (0.98-1.10)`."""
    return f"{median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def report(workers: list[Worker], tasks: list[str]) -> str:
    """Return a table: seconds of TensorFlow, and how many times as fast others are."""
    base, *others = workers
    titles = [f"{base.backend}, s", *(worker.backend for worker in others)]
    rows = [f"| | {' | '.join(titles)} |", "|---|" + "---:|" * len(titles)]
    for task in tasks:
        cells = [f"{median(base.seconds[task]):.3f}"]
        for worker in others:
            pairs = zip(base.seconds[task], worker.seconds[task], strict=True)
            cells.append(spread([one / other for one, other in pairs]))
        rows.append(f"| {task} | {' | '.join(cells)} |")
    return "\n".join(rows)


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5, help="timed rounds")
    parser.add_argument("--backends", default=",".join(BACKENDS), help="first: base")
    parser.add_argument("--projects", default=",".join(PROJECTS))
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.serve:
        serve(options.projects.split(","))
        return 0
    names = options.backends.split(",")
    for absent in [name for name in names if not importlib.util.find_spec(name)]:
        print(f"skipped {absent}: not installed")
        names.remove(absent)
    workers = [Worker(name, options.projects) for name in names]
    tasks = [worker.ready() for worker in workers][0]
    for _ in range(options.repeats):
        for task in tasks:
            for worker in workers:
                worker.run(task)
    print(report(workers, tasks))
    return 0


if __name__ == "__main__":
    sys.exit(main())
