"""Learn word vectors by Spark, for text beyond one machine.

python projects/word2vec/spark.py --corpus FILE --run-dir DIR: the text becomes numbers
as for train.py (--scheduler: by many machines), Spark's own Word2Vec learns from them,
and nearest.py, evaluate.py and export.py take the run directory.
--master names a cluster, whose workers have this package and see --data-dir. Needs
the extra `spark` and Java 17. On one machine train.py is faster and better.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

from common.config import parse_config, select
from common.errors import run_main
from common.resuming import RunStart, command_of
from common.startup import quiet_keras
from projects.word2vec.spark_config import SparkConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, given = parse_config(SparkConfig, argv, __doc__)
    begun = RunStart("word2vec", config, given, command_of(__file__, argv))
    config = begun.config
    quiet_keras()
    from projects.word2vec import spark_training
    from projects.word2vec.preparation import prepare
    from projects.word2vec.trainer import check_words, default_epochs

    corpus = prepare(config)
    begun.set_inputs(sha256=corpus.sha256)
    check_words(corpus.vocabulary, config.show)
    config = replace(config, epochs=config.epochs or default_epochs(corpus.num_words))
    recipe = select(spark_training.Recipe, config)
    spark_training.check_size(corpus, recipe)
    begin = time.monotonic()
    with spark_training.session(config.master, config.driver_memory) as spark:
        started = time.monotonic()
        facts = {"corpus_folder": str(corpus.folder.resolve())}
        with begun.begin(config, **facts) as run:
            vectors = spark_training.learn(spark, corpus, recipe)
            seconds = started - begin, time.monotonic() - started
            vectors.save(run.path)
            report = _report(config, corpus, vectors, seconds, begun.command)
            report.save(run.path)
    print(report.to_text(run.path))
    return 0


def _report(config, corpus, vectors, seconds, command):
    """Tell how long it took and what is near what."""
    from common.reporting import Report, Table
    from projects.word2vec.report import list_neighbors

    start, learning = seconds
    words = corpus.num_tokens * config.epochs
    rows = [
        ("start of Spark", start, None),
        ("learning", learning, words / learning),
    ]
    return Report(
        title=f"Word vectors by Spark of {corpus.num_words:,} words",
        verdict=(
            f"{len(vectors):,} words have vectors after {config.epochs} passes. Run"
            " evaluate.py to judge them."
        ),
        command=command,
        tables=[
            Table("Time", ("step", "seconds", "words a second"), rows),
            list_neighbors(vectors, config.show),
        ],
        notes=[
            f"{corpus.description}; {len(corpus.vocabulary):,} words by --min-count"
        ],
        metrics={"start_seconds": start, "learning_seconds": learning, "words": words},
    )


if __name__ == "__main__":
    raise SystemExit(run_main(main))
