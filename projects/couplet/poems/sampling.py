"""Drawing texts from the language model of poems, several at a time."""

import copy
from collections.abc import Sequence

import numpy as np

from projects.couplet.lines.characters import PUNCTUATION
from projects.couplet.poems.corpus import Alignment, clause_ends
from projects.couplet.poems.steps import PoemSteps, State
from projects.couplet.tokens import END, NUM_SPECIAL, START, Tokens


class Drafts:
    """Texts in the making, all of one length.

    Attributes:
        texts: The ids of each text.
        log_probs: float64, shape (texts,): how probable the model finds each.
        next: float32, shape (texts, ids): log-probabilities of what comes next.
    """

    def __init__(self, steps: PoemSteps, tokens: Tokens, num_texts: int):
        """Begin texts."""
        self.steps, self.tokens = steps, tokens
        self.texts: list[list[int]] = [[] for _ in range(num_texts)]
        self.log_probs = np.zeros(num_texts)
        ends = clause_ends(tokens)
        self._alignments = [Alignment(ends) for _ in self.texts]
        self._read(steps.begin(num_texts), np.full(num_texts, START))

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.texts)

    def append(self, ids: np.ndarray) -> None:
        """Go on with each text by one token.

        Args:
            ids: Shape (texts,).
        """
        self.log_probs += self.next[np.arange(len(ids)), ids]
        for text, alignment, token in zip(
            self.texts, self._alignments, ids.tolist(), strict=True
        ):
            text.append(token)
            alignment.append(token)
        self._read(self._state, ids)

    def take(self, rows: Sequence[int] | np.ndarray) -> "Drafts":
        """Return a copy of some texts, by index; the same one may come twice."""
        taken = copy.copy(self)
        indices = np.asarray(rows, int)
        taken.texts = [list(self.texts[i]) for i in indices]
        taken._alignments = [copy.deepcopy(self._alignments[i]) for i in indices]
        taken.log_probs, taken.next = self.log_probs[indices], self.next[indices]
        taken._state = self._state.take(indices)
        return taken

    def join(self, others: "Drafts") -> "Drafts":
        """Return the texts of both."""
        joined = copy.copy(self)
        joined.texts = self.texts + others.texts
        joined._alignments = self._alignments + others._alignments
        joined.log_probs = np.concatenate([self.log_probs, others.log_probs])
        joined.next = np.concatenate([self.next, others.next])
        joined._state = self._state.join(others._state)
        return joined.take(range(len(joined)))  # shares nothing with either

    def _read(self, state: State, ids: np.ndarray) -> None:
        above = np.array([alignment.above() for alignment in self._alignments])
        self._state, self.next = self.steps.step(state, ids, above)


def draw(
    log_probs: np.ndarray, temperature: float, generator: np.random.Generator
) -> np.ndarray:
    """Draw one id per row.

    Args:
        log_probs: Shape (rows, ids), to an additive constant; -inf is never drawn.
        temperature: 1 draws as probable as they are, less the probable ones more
            often.
        generator: Of chance.

    Returns:
        int64, shape (rows,).
    """
    # The greatest of log-probabilities with Gumbel noise is a draw from them.
    noise = generator.gumbel(size=log_probs.shape) * temperature
    return np.argmax(log_probs + noise, axis=1)


def sample_freely(
    steps: PoemSteps,
    tokens: Tokens,
    num_texts: int,
    *,
    longest: int = 130,
    temperature: float = 1.0,
    seed: int = 0,
) -> list[str]:
    """Draw texts as the model would have them: no form, no tones, any end.

    Args:
        steps: The model.
        tokens: Its ids.
        num_texts: How many.
        longest: Most characters of a text, punctuation among them.
        temperature: See `draw`.
        seed: Of chance.

    Returns:
        The texts; one that does not end in time is cut behind its last punctuation.
    """
    generator = np.random.default_rng(seed)
    never = np.zeros(len(tokens), "float32")
    never[[i for i in range(NUM_SPECIAL) if i != END]] = -np.inf
    drafts = Drafts(steps, tokens, num_texts)
    found: list[str] = []
    for _ in range(longest):
        ids = draw(drafts.next + never, temperature, generator)
        found += [tokens.decode(drafts.texts[i]) for i in np.flatnonzero(ids == END)]
        going = np.flatnonzero(ids != END)
        if not len(going):
            return found
        drafts = drafts.take(going)
        drafts.append(ids[going])
    return found + [cut_unfinished(tokens.decode(text)) for text in drafts.texts]


def cut_unfinished(text: str) -> str:
    """Return a text without what stands behind its last punctuation."""
    return text[: max(map(text.rfind, PUNCTUATION)) + 1]
