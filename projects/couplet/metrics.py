"""Scores of second lines, in plain numpy. A token is one character."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np


def bleu(
    candidates: Sequence[str], references: Sequence[Sequence[str]], max_n: int = 4
) -> float:
    """Return the BLEU of a corpus (Papineni et al. 2002), unsmoothed, in percent.

    Args:
        candidates: Lines that were written.
        references: For each of them the lines that people wrote, one or more.
        max_n: The longest n-grams that count.

    Returns:
        The geometric mean of the shares of n-grams that stand in a reference,
        n from 1 to `max_n`, times the brevity penalty; from 0 to 100. It is 0
        when no n-gram of some length is right, NaN for no candidates.
    """
    if not candidates:
        return math.nan
    found, total, length, expected = np.zeros(max_n), np.zeros(max_n), 0, 0
    for line, answers in zip(candidates, references, strict=True):
        length += len(line)
        expected += min((abs(len(a) - len(line)), len(a)) for a in answers)[1]
        for n in range(1, max_n + 1):
            grams = _count_grams(line, n)
            allowed: Counter[str] = Counter()
            for answer in answers:
                allowed |= _count_grams(answer, n)
            found[n - 1] += (grams & allowed).total()
            total[n - 1] += grams.total()
    if not found.all():
        return 0.0
    brevity = min(0.0, 1 - expected / length)
    return 100 * math.exp(brevity + np.log(found / total).mean())


def letters(line: str) -> str:
    """Return a line without punctuation, which is given and no merit of a writer's."""
    return "".join(filter(str.isalnum, line))


def _count_grams(line: str, n: int) -> Counter[str]:
    return Counter(line[i : i + n] for i in range(len(line) - n + 1))


def perplexity(log_probs: np.ndarray) -> float:
    """Return exp of the mean surprise.

    Args:
        log_probs: Natural logarithms of the probabilities of what was observed,
            one for each character that counts; 2 means a toss of a fair coin.
    """
    log_probs = np.asarray(log_probs, np.float64)
    return math.exp(-log_probs.mean()) if log_probs.size else math.nan


def pick_rate(scores: np.ndarray) -> float:
    """Return how often the line of a human is picked from among others.

    Args:
        scores: Shape (lines, choices); column 0 is that of the human line. Of m
            equal best scores, each is picked with the chance 1 / m.

    Returns:
        From 0 to 1; chance is 1 / choices.

    Raises:
        ValueError: A score is NaN.
    """
    scores = np.asarray(scores)
    if np.isnan(scores).any():
        raise ValueError("`scores` must be numbers. Received: NaN.")
    best = scores == scores.max(axis=1, keepdims=True)
    return float((best[:, 0] / best.sum(axis=1)).mean())


def distinct(lines: Sequence[str], n: int = 1) -> float:
    """Return the number of different n-grams in lines over that of all (Li 2016)."""
    grams = sum((_count_grams(line, n) for line in lines), Counter())
    return len(grams) / grams.total() if grams else math.nan


def spread(candidates: Sequence[Sequence[str]]) -> float:
    """Return how much the candidates for one first line differ from one another.

    Args:
        candidates: For each first line its candidates, all of one length.

    Returns:
        The mean share of places at which two candidates differ, punctuation
        apart; 0 when they are the same, NaN when no line has two.
    """
    shares = [
        sum(x != y for x, y in zip(a, b, strict=True))
        / max(1, sum(map(str.isalnum, a)))
        for lines in candidates
        for a, b in combinations(lines, 2)
    ]
    return float(np.mean(shares)) if shares else math.nan
