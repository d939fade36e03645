"""What a preparation of couplets kept, and what it dropped and why."""

from collections import Counter
from collections.abc import Mapping, Sized
from typing import Any

from common.reporting import Report, Table
from projects.couplet.pairs.splitting import Split


def make_report(
    dropped: Mapping[str, Counter[str]], split: Split, options: Mapping[str, Any]
) -> Report:
    """Describe a preparation.

    Args:
        dropped: For each part of the collection the rows dropped, by reason.
        split: What was kept.
        options: Of the program.
    """
    sizes: dict[str, Sized] = {
        "training": split.train,
        "validation": split.valid,
        "test": split.test,
        "first lines of the test, with all answers": split.references,
    }
    kept = Table("Kept", ("pairs", "number"), [(k, len(v)) for k, v in sizes.items()])
    reasons = Table(
        "Dropped", ("part", "reason", "pairs"), _reasons(dropped, split), left=(0, 1)
    )
    answers = sum(len(row) - 1 for row in split.references)
    return Report(
        title="Couplets, cleaned",
        verdict=f"{len(split.train):,} pairs for training; no line of"
        f" {len(split.valid):,} validation and {len(split.test):,} test pairs stands"
        f" among them. {answers:,} answers are known to the test's first lines.",
        command=f"python projects/couplet/prepare.py {options['collection']}",
        tables=[kept, reasons],
        notes=[f"{name}: {value}" for name, value in options.items()],
        metrics={
            "kept": {name: len(rows) for name, rows in sizes.items()},
            "dropped": {part: dict(counts) for part, counts in dropped.items()},
            "held_out_of_training": dict(split.dropped),
            "options": dict(options),
        },
    )


def _reasons(
    dropped: Mapping[str, Counter[str]], split: Split
) -> list[tuple[str, str, int]]:
    parts = {**dropped, "train, cleaned": split.dropped}
    return [
        (part, reason, number)
        for part, counts in parts.items()
        for reason, number in counts.most_common()
    ]
