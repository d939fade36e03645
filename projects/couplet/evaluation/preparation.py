"""Who asks, who is asked, and what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common.errors import note
from projects.couplet.counting.ngrams import NgramModel
from projects.couplet.evaluation.exam import Exam, make_exam
from projects.couplet.evaluation.examiner import Examiner, fit_bigrams
from projects.couplet.evaluation.systems import System, fit_baselines
from projects.couplet.evaluation.trained import Trained
from projects.couplet.pairs.data import PairSplit, load_split
from projects.couplet.pairs.reading import read_references
from projects.couplet.sources import find_couplets
from projects.couplet.tokens import Tokens


@dataclass(frozen=True)
class Exercise:
    """What is asked.

    Attributes:
        data: Pairs as for `load_split`; None: those of the first model.
        part: "test" or "valid".
        limit: Most pairs that models that count learn from; 0: all.
        lines: First lines that are answered; 0: all.
        picks: How many lines are asked among 10 and among 100.
        seed: Of all draws.
        baselines: Whether models that count are asked, too.
    """

    data: str | None
    part: str
    limit: int
    lines: int
    picks: tuple[int, ...]
    seed: int
    baselines: bool


def prepare(
    exercise: Exercise,
    runs: Mapping[str, Path | None],
    cache: Path | None,
    quiet: bool,
) -> tuple[Examiner, list[System], list[str]]:
    """Load models and pairs, fit the models that count.

    Args:
        exercise: See there.
        runs: Folders of trained models by name; None: the shipped one.
        cache: The folder of downloads.
        quiet: No progress.

    Returns:
        The examiner, all systems, and notes for the report.
    """
    trained = [Trained.load(name, folder) for name, folder in runs.items()]
    data = exercise.data or trained[0].data
    split = load_split(data, cache, limit=exercise.limit)
    exam = _make_exam(exercise, split, data, cache)
    least = min(system.min_count for system in trained)
    lines = [*split.train.first, *split.train.second]
    tokens = Tokens.from_lines(lines, min_count=least)
    bigrams = fit_bigrams(split.train.second, tokens)
    systems: list[System] = list(trained)
    if exercise.baselines:
        if not quiet:
            note(f"counting in {len(split.train):,} pairs")
        tones = trained[0].writer.tones
        systems = [
            *fit_baselines(split.train, split.valid, tokens, bigrams, tones),
            *systems,
        ]
    examiner = _make_examiner(exam, trained, systems, tokens, bigrams)
    return examiner, systems, [_describe(data, split, exercise.part, least)]


def _make_exam(
    exercise: Exercise, split: PairSplit, data: str, cache: Path | None
) -> Exam:
    published = data == "couplets" and exercise.part == "test"
    references = read_references(find_couplets("test_refs", cache)) if published else []
    return make_exam(
        split.test if exercise.part == "test" else split.valid,
        references,
        lines=exercise.lines,
        picks=exercise.picks,
        seed=exercise.seed,
    )


def _make_examiner(
    exam: Exam,
    trained: list[Trained],
    systems: list[System],
    tokens: Tokens,
    bigrams: NgramModel,
) -> Examiner:
    """Ask only about characters that all systems know."""
    known = [_han(tokens), *(_han(system.tokens) for system in systems)]
    common = frozenset.intersection(*known)
    return Examiner(exam, trained[0].writer.tones, tokens, bigrams, common)


def _han(tokens: Tokens) -> frozenset[str]:
    characters = zip(tokens.characters, tokens.han_mask, strict=True)
    return frozenset(char for char, han in characters if han)


def _describe(data: str, split: PairSplit, part: str, least: int) -> str:
    return (
        f"Data: {data} (sha256 {split.sha256[:16]}). Models that count learned from"
        f" {len(split.train):,} pairs, characters seen less than {least} times are"
        " unknown to them; the weights of the count model were fitted on the valid"
        f" pairs{', which flatters it here' if part == 'valid' else ''}."
    )
