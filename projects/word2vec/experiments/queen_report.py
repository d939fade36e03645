"""How often queen is the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from common.reporting import Report, Table, show_spread
from projects.word2vec.experiments.analogy_ranks import Answers

QUEEN = ("man", "king", "woman", "queen")


@dataclass(frozen=True)
class Trial:
    """What the vectors of one seed answer.

    Attributes:
        queen: To the famous question alone.
        nearest: The first words of its answer.
        nearest_of_all: The nearest word when none is left out.
        family: To all questions about the family; None where they are not at hand.
    """

    queen: Answers
    nearest: tuple[str, ...]
    nearest_of_all: str
    family: Answers | None


def make_report(trials: Sequence[Trial], source: str, command: str) -> Report:
    """Count the answers.

    Args:
        trials: One of each seed.
        source: What was learned, from what.
        command: What reproduces the experiment.
    """
    ranks = [int(trial.queen.left_out[0]) for trial in trials]
    first, five = (sum(rank <= most for rank in ranks) for most in (1, 5))
    given = [trial.nearest_of_all for trial in trials]
    tables = [_queen_table(trials)]
    if trials[0].family is not None:
        tables.append(_family_table([t.family for t in trials if t.family is not None]))
    return Report(
        title=f"king - man + woman, {len(trials)} seeds: {source}",
        verdict=(
            f"queen is first with {first} of {len(trials)} seeds and among the first"
            f" five with {five}. The nearest word of all, when none is left out, is"
            f" {', '.join(dict.fromkeys(given))}."
        ),
        command=command,
        tables=tables,
        notes=[
            "offset: nearest to b - a + c. b alone: nearest to b, so that king answers"
            " for itself: what the other two words add is the difference.",
        ],
        metrics={
            "ranks": ranks,
            "ranks_of_king_alone": [int(t.queen.alone[0]) for t in trials],
            "nearest": [t.nearest for t in trials],
            "nearest_of_all": given,
            "family": [_shares(t.family) for t in trials if t.family is not None],
        },
    )


def _queen_table(trials: Sequence[Trial]) -> Table:
    rows = [
        (
            str(seed),
            int(trial.queen.left_out[0]),
            int(trial.queen.alone[0]),
            trial.nearest_of_all,
            ", ".join(trial.nearest),
        )
        for seed, trial in enumerate(trials)
    ]
    return Table(
        "Rank of queen: king - man + woman, the three words left out; near king alone",
        ("seed", "rank", "king alone", "nearest of all", "answer"),
        rows,
        left=(0, 3, 4),
    )


def _family_table(answers: Sequence[Answers]) -> Table:
    shares = [_shares(each) for each in answers]
    names = {
        "offset": "offset, words of the question left out",
        "alone": "b alone, words of the question left out",
        "all_words": "offset, nothing left out",
        "given_first": "the nearest word of all is one of the question's",
    }
    rows = [
        (told, show_spread([100 * each[name] for each in shares], 3))
        for name, told in names.items()
    ]
    count = len(answers[0].left_out)
    return Table(
        f"All {count} questions about the family, % answered right by the first word",
        ("way", "right"),
        rows,
    )


def _shares(answers: Answers) -> dict[str, float]:
    return {
        "offset": float(np.mean(answers.left_out == 1)),
        "alone": float(np.mean(answers.alone == 1)),
        "all_words": float(np.mean(answers.all_words == 1)),
        "given_first": float(np.mean(answers.given_first)),
    }
