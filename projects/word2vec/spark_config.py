"""The options of spark.py."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from projects.word2vec.config import CorpusOptions


@dataclass(frozen=True)
class SparkConfig(CorpusOptions):
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
        5, "most words to each side that count as near", minimum=1, maximum=100
    )
    epochs: int | None = option(
        None, "passes over the text; none: more for a small one", minimum=1
    )
    learning_rate: float = option(0.025, "the first step size", minimum=1e-6, maximum=1)
    sample: float = option(
        1e-4, "thin out words with a larger share; 0: none", minimum=0, maximum=1
    )
    seed: int = option(0, "decides start and thinning", minimum=0)
    show: tuple[str, ...] = option((), "words whose neighbors the report lists")
    run_dir: Path | None = option(None, "folder of this run; none: runs/word2vec/...")
    overwrite: bool = option(False, "replace what an earlier run left in --run-dir")
    quiet: bool = option(False, "print results only")
