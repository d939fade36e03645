"""Tasks whose answer is known: the human line among lines of others."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np


def shape_of(line: str) -> str:
    """Return the line with 〇 for each character and its punctuation as it is."""
    return "".join("〇" if char.isalnum() else char for char in line)


def make_choices(
    seconds: Sequence[str],
    num_choices: int,
    *,
    seed: int,
    groups: Sequence[str] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Put second lines of other pairs beside each second line.

    Args:
        seconds: The second lines, of one group as good as any other in form.
        num_choices: How many there are to choose from, with the human one.
        seed: Of the draw.
        groups: What the choices have in common, one for each line; None means
            length and punctuation. A finer group (the tone of the last character
            beside it) makes a harder task.

    Returns:
        int64, shape (m,): the pairs whose groups have enough different lines; and
        int64, shape (m, num_choices): numbers of second lines, column 0 being the
        pair's own, the others different lines, drawn without putting back.
    """
    generator = np.random.default_rng(seed)
    members: dict[str, dict[str, int]] = defaultdict(dict)
    groups = list(map(shape_of, seconds)) if groups is None else groups
    for number, (group, line) in enumerate(zip(groups, seconds, strict=True)):
        members[group].setdefault(line, number)
    asked, choices = [], []
    for number, (group, line) in enumerate(zip(groups, seconds, strict=True)):
        others = np.array([n for text, n in members[group].items() if text != line])
        if len(others) >= num_choices - 1:
            drawn = generator.choice(others, num_choices - 1, replace=False)
            asked.append(number)
            choices.append([number, *drawn])
    shape = (len(asked), num_choices)
    return np.array(asked, np.int64), np.array(choices, np.int64).reshape(shape)
