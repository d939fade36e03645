"""The options of spark.py."""

from dataclasses import dataclass

from common.config import option
from common.run_options import RunOptions
from projects.word2vec.config import CorpusOptions


@dataclass(frozen=True)
class SparkConfig(CorpusOptions, RunOptions):
    """What `spark.py` was asked for; stored in the run's config.json."""

    master: str = option(
        "local[2]",
        "where Spark runs: local[2] for two threads of this machine, or the address of"
        " a cluster (spark://HOST:7077, yarn, k8s://...)",
    )
    partitions: int = option(
        1, "parts that learn at the same time; more need more --epochs", minimum=1
    )
    driver_memory: str = option("4g", "memory of the process that gathers the vectors")
    embedding_dim: int = option(100, "numbers per word", minimum=1, maximum=4096)
    window: int = option(
        5, "most words between center and context", minimum=1, maximum=100
    )
    epochs: int | None = option(
        None, "passes over the corpus; none: 5, up to 20 for small ones", minimum=1
    )
    learning_rate: float = option(0.025, "the first step size", minimum=1e-6, maximum=1)
    sample: float = option(
        1e-4,
        "frequent words are thinned out above this share, 0: never",
        minimum=0,
        maximum=1,
    )
    show: tuple[str, ...] = option(
        (), "words whose neighbors are shown; none: common ones"
    )
