"""Word vectors by Spark's own Word2Vec, for text beyond one machine.

Spark learns skip-gram with a Huffman tree (hierarchical softmax). Each of its
partitions learns alone from its share of the text, and after each pass their changes
are put together: more partitions are faster and, at as many passes, learn less.
It gets the encoded corpus, words as numbers, thinned here as in our own training.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from common.errors import UserError
from common.vocabulary import Vocabulary
from projects.word2vec.corpus import Corpus
from projects.word2vec.encoding import FIRST_OF_SENTENCE, ID, TOKEN
from projects.word2vec.subsampling import keep_probabilities
from projects.word2vec.vectors import WordVectors

_SPAN = 1 << 20  # tokens that a worker reads at a time
_LONGEST = 1000  # words; Spark cuts longer sentences
_MOST_NUMBERS = (1 << 31) - 1  # of the vectors: Spark holds them in one array


@dataclass(frozen=True)
class Recipe:
    """How Spark learns; the meaning of each is that of the flag."""

    embedding_dim: int
    window: int
    epochs: int
    learning_rate: float
    sample: float
    partitions: int
    seed: int


def check_size(corpus: Corpus, recipe: Recipe) -> None:
    """Refuse what Spark cannot hold.

    Raises:
        UserError: There are too many words of too many numbers.
    """
    most = _MOST_NUMBERS // recipe.embedding_dim
    if len(corpus.vocabulary) >= most:
        raise UserError(
            f"Fewer than {most:,} words of {recipe.embedding_dim} numbers expected:"
            f" Spark holds no more. Received: {len(corpus.vocabulary):,} words. Raise"
            " --min-count, or limit them by --max-vocabulary."
        )


@contextlib.contextmanager
def session(master: str, memory: str) -> Iterator[Any]:
    """Start Spark, or join a cluster.

    Args:
        master: "local[2]" for two threads of this machine, or the address of a
            cluster, as Spark writes them.
        memory: Of the driver, such as "4g".

    Raises:
        UserError: The package or Java is missing, or Spark does not start.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UserError(
            "The package pyspark expected. Received: it is not installed. Install the"
            " extra `spark` and Java 17."
        ) from error
    builder = SparkSession.builder.master(master).appName("word2vec")
    values = {"spark.driver.memory": memory, "spark.ui.enabled": "false"}
    if master.startswith("local"):
        values |= dict.fromkeys(
            ("spark.driver.host", "spark.driver.bindAddress"), "127.0.0.1"
        )
    for name, value in values.items():
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise UserError(
            "Spark expected to start. Received:"
            f" {str(error).splitlines()[0]} Install Java 17, or set JAVA_HOME."
        ) from error
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()


def learn(spark: Any, corpus: Corpus, recipe: Recipe) -> WordVectors:
    """Let Spark learn vectors.

    Args:
        spark: See `session`; its workers have this package installed and see the
            corpus at the same place.
        corpus: The text in numbers.
        recipe: How to learn.

    Returns:
        Vectors of the words that the thinned text still has: all but a few.
    """
    from pyspark.ml.feature import Word2Vec

    path, total, seed = corpus.path.resolve(), corpus.num_tokens, recipe.seed
    kept = keep_probabilities(corpus.vocabulary.counts, recipe.sample)
    keep = spark.sparkContext.broadcast(kept.astype(np.float32))
    starts = spark.sparkContext.parallelize(range(0, total, _SPAN), -(-total // _SPAN))

    def read(start: int) -> Iterator[tuple[list[str]]]:
        for sentence in read_sentences(path, start, keep.value, seed):
            yield (sentence,)

    frame = spark.createDataFrame(starts.flatMap(read), "words array<string>")
    word2vec = Word2Vec(
        vectorSize=recipe.embedding_dim,
        windowSize=recipe.window,
        maxIter=recipe.epochs,
        stepSize=recipe.learning_rate,
        numPartitions=recipe.partitions,
        minCount=1,
        maxSentenceLength=_LONGEST,
        seed=recipe.seed,
        inputCol="words",
        outputCol="vector",
    )
    rows = word2vec.fit(frame).getVectors().toLocalIterator()
    return in_order({int(row.word): row.vector.toArray() for row in rows}, corpus)


def read_sentences(
    path: Path, start: int, keep: np.ndarray, seed: int, count: int = _SPAN
) -> Iterator[list[str]]:
    """Read a span of an encoded corpus, thinned; the task of a worker.

    Args:
        path: The tokens, see `Corpus.path`.
        start: First token of the span. A sentence on its border is cut in two.
        keep: The probability that a word stays, by id.
        seed: Decides, with `start`, what stays.
        count: Tokens of the span.

    Yields:
        Sentences of two words or more, their ids as text.
    """
    tokens = np.fromfile(path, TOKEN, count=count, offset=start * TOKEN.itemsize)
    ids = tokens & ID
    sentence = np.cumsum((tokens & FIRST_OF_SENTENCE) != 0)
    stays = np.random.default_rng([seed, start]).random(len(ids)) < keep[ids]
    ids, sentence = ids[stays], sentence[stays]
    for words in np.split(ids, np.flatnonzero(np.diff(sentence)) + 1):
        for begin in range(0, len(words), _LONGEST):
            part = words[begin : begin + _LONGEST]
            if len(part) > 1:
                yield list(map(str, part.tolist()))


def in_order(found: dict[int, Sequence[float]], corpus: Corpus) -> WordVectors:
    """Return vectors in the order of the corpus' vocabulary, the commonest first.

    Args:
        found: Vectors by id.
        corpus: Whose ids.
    """
    ids = sorted(found)
    tokens = tuple(corpus.vocabulary.tokens[number] for number in ids)
    vocabulary = Vocabulary(tokens, corpus.vocabulary.counts[ids])
    matrix = np.array([found[number] for number in ids], np.float32)
    return WordVectors(vocabulary, matrix)
