"""A writer so small that all its lines can be listed, and the rules once more."""

import itertools

import numpy as np

from common.vocabulary import Vocabulary
from projects.couplet.decoding.constraints import Alphabet, Constraints
from projects.couplet.decoding.request import Request
from projects.couplet.lines.tones import LEVEL, OBLIQUE, Tone
from projects.couplet.tokens import Tokens

BOTH = LEVEL + OBLIQUE
MARKS = "，、；：？！。"


def make_tokens(characters):
    """Return tokens of some characters, and punctuation after them."""
    kept = tuple(dict.fromkeys(characters + MARKS))
    return Tokens(Vocabulary(kept, np.arange(len(kept), 0, -1)))


class ToyTones:
    """Tones from a dictionary of readings; the others are unknown."""

    def __init__(self, readings=None):
        self.readings = readings or {}

    def of(self, char):
        return Tone(frozenset(self.readings.get(char, "")))

    def level_mask(self, characters):
        return np.array([self.of(c).may_be(LEVEL) for c in characters])

    def oblique_mask(self, characters):
        return np.array([self.of(c).may_be(OBLIQUE) for c in characters])


def constrain(line, characters, readings=None, **wishes):
    """Return constraints of a line, and how all its answers are spelled."""
    tokens = make_tokens(characters)
    alphabet = Alphabet(tokens, ToyTones(readings))
    request = Request(**({"tones": "off"} | wishes))
    return Constraints.for_line(line, request, alphabet)


def encode(lines, constraints):
    return np.array([constraints[0].tokens.encode(line) for line in lines], np.int32)


class ToyModel:
    """Log-probabilities that depend on the source and on all that was written.

    The state is a number made of the whole prefix: rows in a wrong order, or of
    another line, give other probabilities.
    """

    def __init__(self, num_tokens, seed=0, spread=2.0):
        random = np.random.default_rng(seed)
        self.waves = random.uniform(0, 6, (2, num_tokens))
        self.spread, self.rows = spread, []

    def begin(self, sources):
        weights = np.arange(1, sources.shape[1] + 1)
        key = (sources * weights).sum(axis=1) % 97 + 1.0
        return {"key": key}, {"prefix": np.zeros(len(sources))}

    def step(self, memory, state, previous, position):
        self.rows.append(len(previous))
        prefix = (state["prefix"] * 7 + previous + 1) % 1009
        phase = memory["key"] + prefix * 0.37 + position
        logits = self.spread * np.sin(phase[:, None] * self.waves[0] + self.waves[1])
        log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return log_probs.astype(np.float32), {"prefix": prefix}

    def score(self, source, line):
        """Return the log-probability of each token of one line."""
        memory, state = self.begin(np.array([source]))
        previous, own = 2, []
        for position, token in enumerate(line):
            log_probs, state = self.step(memory, state, np.array([previous]), position)
            own.append(float(log_probs[0, token]))
            previous = token
        return own


def is_mark(char):
    return char in MARKS


def keeps_structure(first, second):
    """Tell whether the four rules of structure hold, position by position."""
    if len(first) != len(second):
        return False
    if any((is_mark(a) or is_mark(b)) and a != b for a, b in zip(first, second)):  # noqa: B905
        return False
    if {c for c in first if not is_mark(c)} & {c for c in second if not is_mark(c)}:
        return False
    places = [p for p, char in enumerate(first) if not is_mark(char)]
    return all(
        (first[p] == first[q]) == (second[p] == second[q])
        for p, q in itertools.combinations(places, 2)
    )


def key_places(first):
    """Return the second, fourth ... of each clause and its last; in order."""
    keys, clause = [], []
    for position, char in enumerate(first + "。"):
        if not is_mark(char):
            clause.append(position)
            continue
        keys += [p for k, p in enumerate(clause) if k % 2 or k == len(clause) - 1]
        clause = []
    return keys


def broken_tones(first, second, readings):
    """Count the key positions that are not opposed, and a last one that is not 平."""
    keys, broken = key_places(first), 0
    for place in keys:
        above, below = readings.get(first[place], ""), readings.get(second[place], "")
        if place == keys[-1]:
            broken += below == OBLIQUE
        elif len(above) == 1 and len(below) == 1:
            broken += above == below
    return broken


def list_answers(first, characters):
    """Return all lines that the four rules allow, written with some characters."""
    choices = [char if is_mark(char) else characters for char in first]
    lines = map("".join, itertools.product(*choices))
    return [line for line in lines if keeps_structure(first, line)]
