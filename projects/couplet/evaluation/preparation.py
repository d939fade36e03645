"""Who asks, who is asked, and what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common.errors import note
from projects.couplet.counting.ngrams import NgramModel
from projects.couplet.evaluation.exam import Exam, make_exam
from projects.couplet.evaluation.examiner import Examiner, fit_bigrams
from projects.couplet.evaluation.material import MACHINE, Material
from projects.couplet.evaluation.systems import System, fit_baselines
from projects.couplet.evaluation.trained import Trained
from projects.couplet.tokens import Tokens


@dataclass(frozen=True)
class Exercise:
    """What is asked.

    Attributes:
        lines: First lines that are answered; 0: all.
        picks: How many lines are asked among 10 and among 100.
        seed: Of all draws.
        baselines: Whether models that count are asked, too.
    """

    lines: int
    picks: tuple[int, ...]
    seed: int
    baselines: bool


def prepare(
    exercise: Exercise,
    material: Material,
    runs: Mapping[str, Path | None],
    quiet: bool,
) -> tuple[Examiner, list[System], list[str]]:
    """Load models, fit the models that count.

    Args:
        exercise: See there.
        material: The pairs.
        runs: Folders of trained models by name; None: the shipped one.
        quiet: No progress.

    Returns:
        The examiner, all systems, and notes for the report.
    """
    trained = [Trained.load(name, folder) for name, folder in runs.items()]
    split = material.split
    exam = _make_exam(exercise, material)
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
    return examiner, systems, _describe(material, least)


def _make_exam(exercise: Exercise, material: Material) -> Exam:
    return make_exam(
        material.held_out,
        material.references,
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


def _describe(material: Material, least: int) -> list[str]:
    split = material.split
    told = (
        f"Data: {material.data} (sha256 {split.sha256[:16]}). Models that count learned"
        f" from {len(split.train):,} pairs, characters seen less than {least} times are"
        " unknown to them; the weights of the count model were fitted on the valid"
        f" pairs{', which flatters it here' if material.part == 'valid' else ''}."
    )
    return [told, MACHINE] if material.by_machine else [told]
