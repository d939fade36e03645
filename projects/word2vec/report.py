"""What a training found: scores beside baselines, neighbors, the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import note
from common.files import write_text
from common.fonts import font_for, missing_font_advice
from common.plotting import plot_learning_curves
from common.reporting import Report, Table
from projects.word2vec import baselines
from projects.word2vec.exams import guess_language
from projects.word2vec.figures import plot_word_map
from projects.word2vec.map_page import make_map_page
from projects.word2vec.scoring import AnalogyScore, SectionScore, evaluate_vectors
from projects.word2vec.small_exam import make_small_exam
from projects.word2vec.trainer import Trained
from projects.word2vec.vectors import WordVectors
from projects.word2vec.word_map import WordMap, choose_words, make_word_map

_SHOWN = 20  # words whose neighbors are listed
_NEIGHBORS = 6
_COMMON = 5_000  # rare words are strange neighbors
_PPMI_WORDS = 20_000  # of the commonest, in the factored matrix
_FEW = 50  # questions that say nothing


@dataclass(frozen=True)
class Subject:
    """What the report is about.

    Attributes:
        corpus: a `Corpus`: what the vectors were learned from.
        command: what reproduces the run.
        show: words whose neighbors are listed; () for common ones.
    """

    corpus: Any
    command: str
    show: Sequence[str] = ()


def make_report(
    subject: Subject,
    vectors: WordVectors,
    trained: Sequence[Trained],
    map_words: int,
) -> tuple[Report, WordMap | None]:
    """Score vectors, list neighbors, draw the map.

    Args:
        subject: what was learned from.
        vectors: those of the run.
        trained: all trainings of the run, that of the vectors first.
        map_words: words on the map; 0: no map.

    Returns:
        The report, and the map if there is one.
    """
    tables, scores = _score(subject, vectors, trained)
    tables.append(list_neighbors(vectors, subject.show))
    corpus, figures, word_map = subject.corpus, {}, None
    name = f"{corpus.description}: {len(vectors):,} words"
    if map_words and len(vectors) > _SHOWN:
        word_map = make_word_map(
            vectors.vocabulary.tokens, vectors.matrix, num_words=map_words
        )
        caption = "Words by their vectors; near means alike, colors are regions"
        figures["map"] = caption, plot_word_map(word_map, name)
    histories = [each.history for each in trained]
    curves = plot_learning_curves(histories, "Loss of a prediction, by epoch")
    figures["learning_curves"] = "Training loss, one line per objective", curves
    report = Report(
        title=f"Word vectors of {name}, {vectors.matrix.shape[1]} numbers each",
        verdict=_verdict(scores),
        command=subject.command,
        tables=tables,
        warnings=_warnings(scores),
        notes=[_size(corpus), *corpus.notes],
        figures=figures,
        metrics={
            "words": len(vectors),
            "scores": {name: _to_json(score) for name, score in scores.items()},
            "loss": {t.recipe.objective: t.history["loss"][-1] for t in trained},
        },
    )
    return report, word_map


def save_map(word_map: WordMap | None, folder: Path) -> None:
    """Write map.html, and tell if the picture lacks a font."""
    if word_map is None:
        return
    write_text(folder / "map.html", make_map_page(word_map, folder.name))
    if font_for("".join(word_map.words)) is None:
        note(missing_font_advice())


def _score(subject, vectors, trained):
    """Return the table of scores, and the scores by name."""
    corpus = subject.corpus
    if guess_language(vectors.vocabulary) == "chinese":
        return [], {}
    exam, dim = make_small_exam(), vectors.matrix.shape[1]
    words = min(_PPMI_WORDS, len(vectors))
    window, seed = trained[0].recipe.window, trained[0].recipe.seed
    named = {
        _name(each): WordVectors(vectors.vocabulary, each.matrices[0])
        for each in trained
    }
    if words > dim:
        factored = baselines.ppmi_svd(corpus, dim, window=window, num_words=words)
        named["PPMI-SVD"] = factored
    named["random"] = baselines.random(vectors.vocabulary, dim, seed)
    named["one-hot"] = baselines.OneHot(vectors.vocabulary)
    scores = {
        name: evaluate_vectors(each, exam)["own analogies"]
        for name, each in named.items()
    }
    took = {_name(each): each.seconds_per_epoch for each in trained}
    rows = [
        [name, took.get(name), _percent(score.total, 1)]
        + [_percent(part, 0) for part in score.sections]
        for name, score in scores.items()
    ]
    own = scores[_name(trained[0])]
    title = (
        f"Own analogies, {own.total.answerable} of {own.total.asked} questions"
        " answerable (evaluate.py has public tests)"
    )
    sections = [part.section.removeprefix("gram-") for part in own.sections]
    columns = ["vectors", "s per epoch", "all", *sections]
    return [Table(title, columns, rows)], scores


def _percent(score: SectionScore, digits: int) -> str | None:
    if not score.answerable:
        return None
    return f"{100 * score.accuracy:.{digits}f} %"


def _name(trained: Trained) -> str:
    recipe = trained.recipe
    return f"{recipe.model}, {recipe.objective}".replace("_", "-")


def list_neighbors(vectors: WordVectors, show: Sequence[str]) -> Table:
    """List the nearest words of some, () for common ones."""
    tokens = vectors.vocabulary.tokens
    words = list(show) or [tokens[row] for row in choose_words(tokens, _SHOWN)]
    rows = []
    for word in words:
        near = vectors.most_similar([word], count=_NEIGHBORS, restrict=_COMMON)
        rows.append([word, ", ".join(neighbor for neighbor, _ in near)])
    title = f"Nearest neighbors among the {min(_COMMON, len(vectors)):,} commonest"
    return Table(title, ["word", "nearest first"], rows, left=(0, 1))


def _verdict(scores: dict[str, AnalogyScore]) -> str:
    if not any(score.total.answerable for score in scores.values()):
        return "Look at the neighbors: no test of analogies is built in for this text."
    own, *others = [name for name, score in scores.items() if score.total.answerable]
    best = max(others, key=lambda name: scores[name].total.accuracy)
    ours, theirs = scores[own].total, scores[best].total
    return (
        f"Own analogies: {own} {_percent(ours, 1)}, next {best}"
        f" {_percent(theirs, 1)}, of {ours.answerable} questions."
    )


def _warnings(scores: dict[str, AnalogyScore]) -> list[str]:
    for score in scores.values():
        if score.total.answerable < _FEW:
            return ["Few questions could be answered: the scores say little."]
    return []


def _size(corpus) -> str:
    return (
        f"{corpus.num_words:,} words in {corpus.num_sentences:,} sentences;"
        f" {corpus.num_tokens:,} of them in the vocabulary."
    )


def _to_json(score: AnalogyScore) -> dict:
    return {
        "accuracy": score.total.accuracy,
        "answerable": score.total.answerable,
        "sections": {part.section: part.accuracy for part in score.sections},
    }
