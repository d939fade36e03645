"""One training of word2vec, measured in a process of its own.

`ask` starts this file as a program; its task and its answer are JSON. For
word2vec_training.py and word2vec_scaling.py.
"""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
WINDOW, NEGATIVE, MIN_COUNT, LINE = 5, 5, 5, 1000
RESTRICT = 30_000  # commonest words, among which analogies are asked and answered
GENSIM_BATCH = 10_000  # words
SCORES = ("analogies", "semantic", "syntactic", "WordSim-353", "SimLex-999")
Answer = dict  # what a process reports, as JSON


@dataclass(frozen=True)
class Variant:
    """A way to train; gensim's ways bring their learning rate."""

    engine: str
    model: str
    objective: str
    peer: str  # the way of gensim that does the same
    rate: float | None = None
    needs: str = "tensorflow"  # must be installed; that of ours is the Keras backend


PLAIN = ("skip_gram", "negative", "gensim")
CBOW = ("cbow", "negative", "gensim_cbow")
TREE = ("skip_gram", "hierarchical", "gensim_tree")
VARIANTS = {
    "fast": Variant("fast", *PLAIN),
    "gensim": Variant("gensim", *PLAIN, 0.05, "gensim"),
    "gensim_025": Variant("gensim", *PLAIN, 0.025, "gensim"),
    "fast_cbow": Variant("fast", *CBOW),
    "gensim_cbow": Variant("gensim", *CBOW, 0.05, "gensim"),
    "fast_tree": Variant("fast", *TREE),
    "gensim_tree": Variant("gensim", *TREE, 0.025, "gensim"),
    "jax": Variant("fast", *PLAIN, needs="jax"),
    "keras": Variant("keras", *PLAIN),
}


def prepare(task: Answer) -> Answer:
    """Write the text for all, and encode it for ours."""
    from projects.word2vec.corpus import CorpusSettings, prepare_corpus
    from projects.word2vec.reading.chunks import read_chunks
    from projects.word2vec.sources import find_corpus

    text = Path(task["folder"]) / "text.txt"
    reading = read_chunks(find_corpus(task["corpus"]))
    words = chain.from_iterable(chunk.tokens for chunk in reading)
    words = islice(words, task["max_words"] or None)
    with open(text, "w", encoding="utf-8", newline="\n") as file:
        while line := list(islice(words, LINE)):
            file.write(" ".join(line) + "\n")
    begin = time.time()
    settings = CorpusSettings(str(text), tokenizer="blanks", min_count=MIN_COUNT)
    corpus = prepare_corpus(settings, text.with_name("encoded"))
    return {
        "text": str(text),
        "folder": str(corpus.folder),
        "description": reading.description,
        "words": corpus.num_words,
        "vocabulary": len(corpus.vocabulary),
        "reading": time.time() - begin,
    }


@dataclass
class Training:
    """What is measured of a training, and its vectors.

    A mark is the share of the training that is done, wall and CPU seconds. Marks:
    before it, after its first update, maybe others, and at the end.
    """

    marks: list[tuple[float, float, float]]
    rate: float
    reading: float = 0.0  # seconds of a vocabulary pass before the first mark
    matrix: object = None  # in the order of the corpus' vocabulary
    loss: float | None = None
    device: str = "cpu:0"

    def mark(self, share: float, loss: float | None = None) -> None:
        """Take down the time; loss is for listeners to ignore."""
        self.marks.append((share, time.time(), time.process_time()))

    def span(self, begin: int, end: int, words: int) -> Answer:
        """Return words, wall and CPU seconds between two marks."""
        pairs = zip(self.marks[begin], self.marks[end], strict=True)
        share, wall, cpu = (later - sooner for sooner, later in pairs)
        return {"words": share * words, "wall": wall, "cpu": cpu}


def train_ours(task: Answer, variant: Variant, corpus) -> Training:
    """Train by this project, the fast or the readable way."""
    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        threads = task.get("own_threads", task["threads"])
        tf.config.threading.set_intra_op_parallelism_threads(threads)
    from common.config import select
    from projects.word2vec import fast, reference, trainer
    from projects.word2vec.config import Config
    from projects.word2vec.model import word_matrices

    kind, names = (
        (variant.model, variant.objective),
        ("epochs", "seed", "embedding_dim"),
    )
    config = replace(Config(), **{name: task[name] for name in names})
    config = replace(config, model=kind[0], objective=kind[1], engine=variant.engine)
    config = replace(config, learning_rate=task["rate"], sample=task["sample"])
    config = replace(config, window=WINDOW, negative=NEGATIVE)
    recipe = select(reference.Recipe, replace(config, **trainer.fill_in(config)))
    rate, device = recipe.learning_rate, keras.distribution.list_devices()[0]
    training = Training([], rate, device=device)

    class Listener(reference.Progress):
        def on_train_batch_end(self, batch, logs=None):
            if len(training.marks) == 1:
                training.mark(1 / self.params["steps"] / recipe.epochs)

    training.mark(0.0)
    if variant.engine == "fast":
        matrices, history = fast.fit_fast(corpus, recipe, listen=training.mark)
    else:
        reference.Progress = Listener
        model, history = reference.fit_reference(corpus, recipe, quiet=True)
        matrices = word_matrices(model)
    training.mark(1.0)
    training.matrix, training.loss = matrices[0], history["loss"][-1]
    return training


def train_gensim(task: Answer, variant: Variant, corpus) -> Training:
    """Train by gensim, from the file, with as many workers as threads."""
    from gensim.models import Word2Vec

    training = Training([], task["peer_rate"] or variant.rate)

    class TimedWord2Vec(Word2Vec):
        def scan_vocab(self, *args, **options):
            begin = time.time()
            found = super().scan_vocab(*args, **options)
            training.reading = time.time() - begin
            return found

    hierarchical = variant.objective == "hierarchical"
    model = TimedWord2Vec(
        vector_size=task["embedding_dim"],
        window=WINDOW,
        min_count=MIN_COUNT,
        sg=int(variant.model == "skip_gram"),
        hs=int(hierarchical),
        negative=0 if hierarchical else NEGATIVE,
        alpha=training.rate,
        sample=task["peer_sample"],
        workers=task["threads"],
        seed=task["seed"] + 1,
    )
    model.build_vocab(corpus_file=task["text"])
    training.marks = []
    training.mark(0.0)
    training.mark(0.0)  # nothing to compile: the first update is now
    _, words = model.train(
        corpus_file=task["text"],
        total_words=model.corpus_total_words,
        total_examples=model.corpus_count,
        epochs=task["epochs"],
    )
    expected = task["words"] * task["epochs"]
    training.mark(words / expected)
    # Where the parts of its workers meet it reads some words twice, or not at all.
    most = GENSIM_BATCH * task["threads"] * task["epochs"]
    assert abs(words - expected) <= most, f"gensim: {words} words, not {expected}"
    known, tokens = model.wv.key_to_index, corpus.vocabulary.tokens
    assert known.keys() == set(tokens), "the vocabularies differ"
    training.matrix = model.wv.vectors[[known[token] for token in tokens]]
    return training


def measure(task: Answer) -> Answer:
    """Train once and return all figures."""
    from projects.word2vec.corpus import load_corpus

    variant = VARIANTS[task["variant"]]
    train = train_gensim if variant.engine == "gensim" else train_ours
    corpus, words = load_corpus(task["folder"]), task["words"] * task["epochs"]
    training = train(task, variant, corpus)
    unit = 1 if sys.platform == "darwin" else 1024
    marks = training.marks
    return {
        "seed": task["seed"],
        "rate": training.rate,
        "device": training.device,
        "reading": training.reading or task.get("reading", 0.0),
        "start": marks[1][1] - task["spawned"] - training.reading,
        "whole": training.span(0, -1, words),
        "training": training.span(1, -1, words),
        # Behind what was made ready while compiling, before the matrices are copied.
        "steady": training.span(min(4, len(marks) - 2), -2, words),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit,
        "loss": training.loss,
        "scores": score(corpus, training.matrix) if task["score"] else {},
    }


def score(corpus, matrix) -> dict[str, float]:
    """Put vectors to the English tests, those that can be had."""
    from common.errors import UserError
    from projects.word2vec.exams import prepare_exam
    from projects.word2vec.scoring import evaluate_vectors
    from projects.word2vec.vectors import WordVectors

    try:
        exam, _ = prepare_exam("english", None, [], corpus.vocabulary)
    except UserError:  # none can be fetched; the speed is measured all the same
        return {}
    vectors = WordVectors(corpus.vocabulary, matrix)
    found = evaluate_vectors(vectors, exam, RESTRICT)
    scores = {name: found[name].spearman for name in exam.pairs}
    for answers in (found[name] for name in exam.analogies):
        parts = (answers.total, answers.semantic, answers.syntactic)
        scores |= {n: p.accuracy for n, p in zip(SCORES, parts, strict=False)}
    return scores


def ask(task: Answer, script: str = __file__) -> Answer:
    """Let a process of its own do a task; return what it prints last.

    Who asks must stay small: the peak memory of a process begins with that of
    whoever started it.
    """
    variant = VARIANTS.get(task.get("variant"), VARIANTS["fast"])
    backend = variant.needs if variant.engine == "fast" else "tensorflow"
    extra = {"PYTHONPATH": str(REPOSITORY), "KERAS_BACKEND": backend}
    extra["TF_CPP_MIN_LOG_LEVEL"] = "2"
    if backend == "jax" and task.get("own_threads", task["threads"]) == 1:
        flags = os.environ.get("XLA_FLAGS", "")
        extra["XLA_FLAGS"] = f"{flags} --xla_cpu_multi_thread_eigen=false"
    task = json.dumps(task | {"spawned": time.time()})
    command = [sys.executable, script, task]
    done = subprocess.run(
        command, env=os.environ | extra, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{task} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def main(argv: list[str] | None = None) -> int:
    """Do the task of the command line; the last line is the answer."""
    task = json.loads((argv or sys.argv[1:])[0])
    print("\n" + json.dumps(measure(task) if "variant" in task else prepare(task)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
