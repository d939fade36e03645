"""Learn word vectors from text.

python projects/word2vec/train.py: from the documentation of the installed packages,
a minute or two. --corpus FILE, FOLDER or 'GLOB': your own text, of any size.
--corpus text8: English Wikipedia (download). --preset slides: the lecture's 10,000
words of 200 numbers, three objectives in one table. Writes a run directory with the
vectors, their neighbors and a map; nearest.py and evaluate.py take it from there.
"""

from collections.abc import Sequence

from common.config import config_from_dict, parse_config
from common.errors import run_main
from common.resuming import RunStart, command_of
from common.runs import RunDirectory, write_csv
from common.startup import quiet_keras
from projects.word2vec.config import PRESETS, Config, inherit


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, given = parse_config(Config, argv, __doc__, PRESETS)
    begun = RunStart("word2vec", config, given, command_of(__file__, argv))
    config = begun.config
    known = RunDirectory.open(config.update) if config.update else None
    if known is not None and begun.resumed is None:
        before = config_from_dict(Config, known.config())
        config = inherit(config, given, before)
    from projects.word2vec.preparation import prepare

    corpus = prepare(config)
    begun.set_inputs(sha256=corpus.sha256)
    # Not sooner: a bad file is told at once. Only softmax has large products.
    large = "softmax" in (config.objective, *config.compare)
    quiet_keras(threads=None if large else 1)
    text, start, recipes = _plan(config, known, corpus)
    with begun.begin(config, corpus_folder=str(corpus.folder.resolve())) as run:
        report = _train(config, run, text, start, recipes, begun.command)
        report.save(run.path)
    print(report.to_text(run.path))
    return 0


def _plan(config, known, corpus):
    """Return the text, the matrices to go on with (or None), and the recipes."""
    from projects.word2vec import trainer, updating
    from projects.word2vec.vectors import WordVectors

    text, start = corpus, None
    if known is not None:
        vocabulary = WordVectors.load(known.path).vocabulary
        text = updating.join(corpus, vocabulary)
        matrices = updating.load_matrices(known.path)
        config.tell(f"going on with {len(vocabulary):,} known words")
        start = updating.carry_over(matrices, vocabulary, text.vocabulary, config.seed)
    trainer.check_words(text.vocabulary, config.show)
    recipes = trainer.make_recipes(config, text)
    return text, start, recipes


def _train(config, run, text, start, recipes, command):
    """Train all recipes; save the vectors of the first; return the report."""
    import pandas as pd

    from projects.word2vec import trainer
    from projects.word2vec.report import Subject, make_report, save_map

    options = {"engine": config.engine, "start": start, "quiet": config.quiet}
    trained = [
        trainer.train(
            text, each, checkpoint=run.checkpoints / each.objective, **options
        )
        for each in recipes
    ]
    vectors = trainer.save_model(trained[0], text.vocabulary, run.path)
    history = pd.DataFrame(trainer.history_rows(trained))
    write_csv(run.path / "history.csv", history, index=False)
    subject = Subject(text, command, config.show)
    report, word_map = make_report(subject, vectors, trained, config.map_words)
    save_map(word_map, run.path)
    return report


if __name__ == "__main__":
    raise SystemExit(run_main(main))
