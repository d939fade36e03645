"""Matched characters beside coherent lines: table, examples, verdict."""

from collections.abc import Mapping, Sequence

import numpy as np

from common.reporting import Report, Table, show_spread
from projects.couplet.experiments.line_worth import LineWorth

PEOPLE, PARTNERS, SHUFFLED = "people", "commonest partners", "people's, shuffled"


def make_report(
    found: Mapping[str, Sequence[LineWorth]],
    examples: Sequence[Sequence[str]],
    notes: Sequence[str],
    command: str,
) -> Report:
    """Tell how well characters match and how well lines read.

    Args:
        found: Of each system its worth for each draw of lines.
        examples: First lines, with the answers of the systems in their order.
        notes: What was counted in.
        command: What reproduces the experiment.
    """
    people, partners = (found[name] for name in (PEOPLE, PARTNERS))
    ratio = [a.coherence / b.coherence for a, b in zip(partners, people, strict=True)]
    return Report(
        title=f"Matching character by character, {len(people)} draws of lines",
        verdict=(
            "Commonest partners match better than people's answers"
            f" ({_mean(partners, 'matched'):.2f} nats a character against"
            f" {_mean(people, 'matched'):.2f}), and their lines are"
            f" {show_spread(ratio, 3)} times as surprising to a bigram model."
        ),
        command=command,
        tables=[_worth_table(found), _example_table(list(found), examples)],
        notes=[
            "matched: mean log P(b | a) / P(b) of the characters that face each other;"
            " what chose them by the same counts is flattered. coherence: perplexity"
            " by bigrams of second lines, lower is more usual; dull lines are usual,"
            " too. new neighbors: characters side by side that no line counted has so.",
            *notes,
        ],
        metrics={
            name: [vars(worth) for worth in worths] for name, worths in found.items()
        },
    )


def _mean(worths: Sequence[LineWorth], name: str) -> float:
    return float(np.mean([getattr(worth, name) for worth in worths]))


def _worth_table(found: Mapping[str, Sequence[LineWorth]]) -> Table:
    rows = [
        (
            name,
            show_spread([worth.matched for worth in worths], 3),
            show_spread([100 * worth.structure for worth in worths], 3),
            show_spread([worth.coherence for worth in worths], 4),
            show_spread([100 * worth.new_pairs for worth in worths], 3),
        )
        for name, worths in found.items()
    ]
    return Table(
        "Answers to held-out first lines, mean ± sd over the draws",
        (
            "answers of",
            "matched, nats",
            "four rules, %",
            "coherence",
            "new neighbors, %",
        ),
        rows,
    )


def _example_table(names: list[str], examples: Sequence[Sequence[str]]) -> Table:
    columns = ("first line", *names)
    return Table("Examples", columns, examples, left=range(len(columns)))
