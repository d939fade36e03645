"""Two tasks with a known distance between what is told and what is asked.

The adding problem (Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997, task 4,
in the form of Le, Jaitly and Hinton 2015): a sequence of numbers from 0 to 1, of which
two are marked, one in each half; at the end their sum is asked.

Sums in writing: "12+45=" is read character by character, then "57" is written.
"""

from dataclasses import dataclass

import numpy as np

SYMBOLS = "0123456789+= "
_BLANK = SYMBOLS.index(" ")


@dataclass(frozen=True, eq=False)
class Task:
    """Samples of a task, cut into those to learn from and two kinds held out.

    Attributes:
        name: For people.
        train: Inputs, float32 `(samples, time, features)`, and answers.
        valid: Such samples, to stop by.
        test: Such samples, to measure on.
        num_answers: How many of the last steps answer.
        num_symbols: Answers are ids below it, int32 `(samples, num_answers)`;
            0: they are numbers, float32 `(samples, 1, 1)`.
    """

    name: str
    train: tuple[np.ndarray, np.ndarray]
    valid: tuple[np.ndarray, np.ndarray]
    test: tuple[np.ndarray, np.ndarray]
    num_answers: int = 1
    num_symbols: int = 0

    @property
    def baseline(self) -> float:
        """The error on the test samples of the best answer that does not look."""
        if self.num_symbols:
            return 1 - commonest_answer(self.train[1], self.test[1])
        return always_one(self.test[1])


def adding_problem(length: int, size: int, held_out: int, seed: int) -> Task:
    """Make an adding problem.

    Args:
        length: Steps of a sequence, at least 2.
        size: Samples to learn from.
        held_out: Samples to stop by, and samples to measure on.
        seed: Decides all.
    """
    parts = [
        draw_adding(length, number, np.random.default_rng([seed, length, part]))
        for part, number in enumerate((size, held_out, held_out))
    ]
    return Task(f"adding, {length} steps", *parts)


def draw_adding(
    length: int, number: int, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw sequences of the adding problem.

    Returns:
        float32 `(number, length, 2)`: a value and whether it is marked; and the sums
        of the two marked ones, `(number, 1, 1)`.
    """
    values = generator.random((number, length), "float32")
    marks = np.zeros_like(values)
    half = length // 2
    rows = np.arange(number)
    marks[rows, generator.integers(0, half, number)] = 1
    marks[rows, generator.integers(half, length, number)] = 1
    sums = (values * marks).sum(axis=1)
    return np.stack([values, marks], axis=-1), sums[:, None, None]


def always_one(answers: np.ndarray) -> float:
    """Return the mean squared error of saying 1 to every adding problem: 1/6."""
    return float(np.mean((answers - 1) ** 2))


def written_sums(digits: int, size: int, held_out: int, seed: int) -> Task:
    """Make sums of two numbers of at most so many digits.

    The same two numbers, in either order, are in one part only.

    Args:
        digits: Of the longest numbers.
        size: Sums to learn from, at most; drawn from all.
        held_out: Sums to stop by, and sums to measure on.
        seed: Decides which.
    """
    first, second = np.triu_indices(10**digits)
    generator = np.random.default_rng([seed, digits])
    chosen = generator.permutation(len(first))
    cuts = np.split(chosen, [held_out, 2 * held_out, 2 * held_out + size])
    pairs = [np.stack([first[rows], second[rows]], axis=1) for rows in cuts[:3]]
    test, valid, train = (generator.permuted(pair, axis=1) for pair in pairs)
    train = np.concatenate([train, train[:, ::-1]])
    parts = [write_sums(part, digits) for part in (train, valid, test)]
    return Task(
        f"sums of {digits} digits", *parts, digits + 1, num_symbols=len(SYMBOLS)
    )


def write_sums(numbers: np.ndarray, digits: int) -> tuple[np.ndarray, np.ndarray]:
    """Write sums as sequences.

    Args:
        numbers: int, shape `(samples, 2)`.
        digits: Of the longest numbers.

    Returns:
        One-hot symbols, float32 `(samples, 2 * digits + 2 + digits + 1, symbols)`: the
        sum, blanks before it, and blanks where the answer is to be written; and the
        answer, int32 `(samples, digits + 1)`, with blanks behind it.
    """
    asked = [f"{a}+{b}=".rjust(2 * digits + 2) for a, b in numbers]
    answers = [str(a + b).ljust(digits + 1) for a, b in numbers]
    blanks = " " * (digits + 1)
    ids = _ids([text + blanks for text in asked])
    return np.eye(len(SYMBOLS), dtype="float32")[ids], _ids(answers)


def _ids(texts):
    return np.array([[SYMBOLS.index(char) for char in text] for text in texts], "int32")


def commonest_answer(train: np.ndarray, test: np.ndarray) -> float:
    """Return the share of right answers of one who always gives the commonest one."""
    answers, counts = np.unique(train, axis=0, return_counts=True)
    return exact_matches(answers[counts.argmax()][None], test)


def exact_matches(written: np.ndarray, answers: np.ndarray) -> float:
    """Return the share of answers of which every symbol is right."""
    return float(np.mean((written == answers).all(axis=1)))
