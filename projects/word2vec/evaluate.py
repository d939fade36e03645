"""Put word vectors to public tests, beside one-hot, random and PPMI vectors.

python projects/word2vec/evaluate.py [--run-dir RUN | --vectors FILE]
English: the Google analogies, WordSim-353, SimLex-999. Chinese: CA8, WordSim-240.
Other tests, such as RG-65 or WordSim-297, from files: --pairs rg65.txt,mine.csv
--analogies mine.txt; then nothing is fetched, unless --language names one.
"""

from collections.abc import Sequence
from pathlib import Path

from common.config import parse_config
from common.errors import UserError, run_main
from common.resuming import command_of
from common.runs import RunDirectory, read_json
from projects.word2vec.config import EvaluateConfig

PROJECT = "word2vec"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(EvaluateConfig, argv, __doc__)
    run = None
    if config.vectors is None:
        run = RunDirectory.open_newest(PROJECT, config.run_dir)
    from projects.word2vec.evaluation_report import Candidate, make_report
    from projects.word2vec.exams import prepare_exam
    from projects.word2vec.formats import read_vectors
    from projects.word2vec.scoring import evaluate_vectors
    from projects.word2vec.vectors import WordVectors

    vectors = WordVectors.load(run.path) if run else read_vectors(config.vectors)
    exam, notes = prepare_exam(
        config.language,
        config.analogies,
        config.pairs,
        vectors.vocabulary,
        config.data_dir,
    )
    for line in notes:
        config.tell(line)
    named = {"these vectors": vectors}
    if config.baselines:
        named |= _baselines(config, run, vectors, notes)
    candidates = [
        Candidate(name, len(v.vocabulary), evaluate_vectors(v, exam, config.restrict))
        for name, v in named.items()
    ]
    source = config.vectors or run.path
    num_words, embedding_dim = vectors.matrix.shape
    title = f"{source.name}: {num_words:,} words, {embedding_dim} dimensions"
    command = command_of(__file__, argv)
    report = make_report(title, command, candidates, config.restrict, notes)
    folder = config.output or (run.path / "evaluation" if run else None)
    if folder is None:
        print(f"{report.to_text()}\n\nNothing is written; --output keeps the report.")
        return 0
    report.save(folder)
    print(report.to_text(folder))
    return 0


def _baselines(config, run, vectors, notes):
    """Return the vectors that the trained ones must beat, by name."""
    from projects.word2vec import baselines

    embedding_dim = vectors.matrix.shape[1]
    found = {}
    try:
        corpus, window = _find_corpus(run)
    except UserError as error:
        notes.append(f"PPMI-SVD is left out: {error}")
        config.tell(notes[-1])
    else:
        config.tell(
            f"factoring the counts of {corpus.num_tokens:,} words of the corpus"
        )
        settings = {"num_words": config.baseline_words, "seed": config.seed}
        found["PPMI-SVD"] = baselines.ppmi_svd(
            corpus, embedding_dim, window=window, **settings
        )
    chance = baselines.random(vectors.vocabulary, embedding_dim, config.seed)
    one_hot = baselines.OneHot(vectors.vocabulary)
    return {**found, "random": chance, "one-hot": one_hot}


def _find_corpus(run):
    """Return the corpus that the run learned from, and its window."""
    from projects.word2vec.corpus import load_corpus

    if run is None:
        raise UserError("A vectors file does not name its corpus. Give --run-dir.")
    saved = read_json(run.path / "config.json", "the configuration of a run")
    inputs = saved.get("inputs") or {}
    corpus = load_corpus(Path(saved.get("corpus_folder", run.path / "corpus")))
    if inputs.get("sha256", corpus.sha256) != corpus.sha256:
        raise UserError(
            f"Expected the corpus of the run in {corpus.folder}. Received: another"
            " one. Train again."
        )
    return corpus, saved["config"].get("window", 5)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
