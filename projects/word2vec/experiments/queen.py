"""Is king - man + woman = queen?

python projects/word2vec/experiments/queen.py --corpus text.txt: vectors of several
seeds, each trained anew in a minute or two, are asked for queen, and for all family
questions of the Google analogies; with the words of the question left out, as is
usual, and not; and beside the neighbors of king alone.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from common.config import parse_config
from common.errors import UserError, note, run_main
from common.experiments import save_experiment
from common.resuming import command_of
from common.startup import quiet_keras
from projects.word2vec.config import Config
from projects.word2vec.experiments.queen_config import QueenConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(QueenConfig, argv, __doc__)
    options = Config(corpus=config.corpus, epochs=config.epochs)
    corpus = _prepare(options, config)
    quiet_keras(threads=1)  # not sooner: a bad file is told at once
    from projects.word2vec.experiments.queen_report import QUEEN, make_report
    from projects.word2vec.vectors import WordVectors

    if None in corpus.vocabulary.ids(QUEEN):
        raise UserError(
            f"Expected an English text with the words {', '.join(QUEEN)}. Received:"
            f" {corpus.description}. Name another --corpus."
        )
    family = _family(config)
    trials = []
    for seed in range(config.seeds):
        matrix = _train(corpus, replace(options, seed=seed), config.quiet)
        vectors = WordVectors(corpus.vocabulary, matrix).commonest(config.restrict)
        trials.append(_ask(vectors, family))
    source = f"skip-gram on {corpus.num_words:,} words, {config.epochs} epochs"
    report = make_report(trials, source, command_of(__file__, argv))
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


def _prepare(options, config):
    """Return the corpus in numbers."""
    from common.download import cache_folder
    from projects.word2vec.corpus import CorpusSettings, prepare_corpus
    from projects.word2vec.sources import find_corpus

    found = find_corpus(options.corpus, config.data_dir)
    settings = CorpusSettings.of(replace(options, corpus=found))
    return prepare_corpus(settings, cache_folder(config.data_dir) / "corpora")


def _family(config):
    """Return the questions about the family, none where the file is not at hand."""
    from common.download import fetch
    from projects.word2vec.questions import read_analogies
    from projects.word2vec.sources import QUESTIONS_WORDS

    try:
        return read_analogies(fetch(QUESTIONS_WORDS, config.data_dir))["family"]
    except UserError as error:
        note(f"Only the one question is asked: {error}")
        return []


def _train(corpus, options, quiet):
    """Return the vectors of one seed."""
    from projects.word2vec import trainer

    (recipe,) = trainer.make_recipes(options, corpus)
    with tempfile.TemporaryDirectory() as folder:
        trained = trainer.train(
            corpus, recipe, engine="fast", checkpoint=Path(folder), quiet=quiet
        )
    return trained.matrices[0]


def _ask(vectors, family):
    from projects.word2vec.experiments.analogy_ranks import (
        known_questions,
        rank_answers,
    )
    from projects.word2vec.experiments.queen_report import QUEEN, Trial

    man, king, woman, _ = QUEEN
    nearest = vectors.most_similar([king, woman], [man], count=5)
    a, b, c = (vectors.unit[row] for row in vectors.ids(QUEEN[:3]))
    of_all = vectors.vocabulary.tokens[int((vectors.unit @ (b - a + c)).argmax())]
    asked = known_questions(vectors, family)
    return Trial(
        rank_answers(vectors, [QUEEN]),
        tuple(word for word, _ in nearest),
        of_all,
        rank_answers(vectors, asked) if asked else None,
    )


if __name__ == "__main__":
    raise SystemExit(run_main(main))
