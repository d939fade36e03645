"""Writing clause by clause: form, tones, rhymes and novelty hold by construction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from threadpoolctl import threadpool_limits

from common.errors import UserError
from projects.couplet.poems.forms import FREE, Clause
from projects.couplet.poems.poet import Poet
from projects.couplet.poems.sampling import Drafts, draw

_TONE = 2.0  # nats: what "soft" takes for a tone or a rhyme that is not as it should be
_AGAIN = 2.5  # nats: what a character costs that the poem has already
_ATTEMPTS = 8  # at a clause that is copied, before the draft is given up


@dataclass(frozen=True)
class Manner:
    """How to write.

    Attributes:
        tones: "strict" writes no wrong tone and no wrong rhyme, "soft" few, "off" does
            not look at them.
        temperature: See `sampling.draw`.
        theme: Characters; those that go with them are preferred.
        seed: Of chance.
    """

    tones: str = "strict"
    temperature: float = 0.7
    theme: str = ""
    seed: int = 0

    def __post_init__(self):
        """Refuse what is out of range.

        Raises:
            UserError: `tones` is unknown, or `temperature` not in (0, 2].
        """
        if self.tones not in ("strict", "soft", "off"):
            raise UserError(
                f"`tones` must be strict, soft or off. Received: {self.tones}."
            )
        if not 0 < self.temperature <= 2:
            raise UserError(
                "`temperature` must be above 0, at most 2. Received:"
                f" {self.temperature}."
            )


@dataclass
class _Sheet:
    """What one draft must keep to.

    Attributes:
        plan: Its clauses.
        rhymes: The rhymes that are still possible; None before the first.
        ended: The characters that have rhymed.
    """

    plan: Sequence[Clause]
    rhymes: frozenset[str] | None = None
    ended: list[int] = field(default_factory=list)

    def with_rhyme(self, token: int, poet: Poet) -> "_Sheet":
        """Return the sheet after a character in rhyme."""
        possible = poet.rhymes if self.rhymes is None else self.rhymes
        kept = frozenset(name for name in possible if poet.rhymes[name][token])
        # A "soft" rhyme may miss; what rhymed before still counts.
        kept = kept or self.rhymes
        return _Sheet(self.plan, kept, [*self.ended, token])


class ClauseWriter:
    """Drafts of texts that keep to plans."""

    def __init__(
        self,
        poet: Poet,
        plans: Sequence[Sequence[Clause]],
        heads: Mapping[int, int],
        manner: Manner,
    ):
        """Begin a text for each plan.

        Args:
            poet: Who writes.
            plans: One for each draft, all of as many clauses of one length.
            heads: Ids that clauses begin with, by the number of the clause.
            manner: How.

        Raises:
            UserError: The theme has a character that the poet does not know.
        """
        self._poet, self._heads, self._manner = poet, heads, manner
        self._generator = np.random.default_rng(manner.seed)
        self._theme = poet.themes.bias(poet.ids(manner.theme)) + poet.alphabet.base
        self._sheets = [_Sheet(plan) for plan in plans]
        self.drafts = Drafts(poet.steps, poet.tokens, len(plans))

    @property
    def plans(self) -> list[Sequence[Clause]]:
        """The plan of each draft."""
        return [sheet.plan for sheet in self._sheets]

    def write_all(self) -> None:
        """Write all clauses; drafts that cannot help copying are given up.

        Raises:
            UserError: All were.
        """
        # The products are so small that threads would mostly wait for each other.
        with threadpool_limits(1, "blas"):
            for number in range(len(self._sheets[0].plan)):
                self._write(number)

    def _write(self, number: int) -> None:
        """Write one clause of all drafts; what is copied is written again."""
        before, waiting = self.drafts, list(self._sheets)
        done: Drafts | None = None
        sheets: list[_Sheet] = []
        rows = np.arange(len(before))
        for _ in range(_ATTEMPTS):
            drafts, tried = self._attempt(before.take(rows), waiting, number)
            length = len(tried[0].plan[number].tones) + 1
            tails = (text[-length:-1] for text in drafts.texts)
            new = [self._poet.tokens.decode(t) not in self._poet.known for t in tails]
            good = np.flatnonzero(new)
            done = drafts.take(good) if done is None else done.join(drafts.take(good))
            sheets += [tried[i] for i in good]
            bad = np.flatnonzero(~np.array(new, bool))
            rows, waiting = rows[bad], [waiting[i] for i in bad]
            if not len(rows):
                break
        if not sheets:
            raise UserError(
                "Expected a clause that no poem has. Received: only copies, however"
                " often it was tried. Ask for another seed, or a higher temperature."
            )
        self.drafts, self._sheets = done, sheets

    def _attempt(self, drafts, sheets, number):
        clauses = [sheet.plan[number] for sheet in sheets]
        for place in range(len(clauses[0].tones)):
            if place == 0 and number in self._heads:
                ids = np.full(len(drafts), self._heads[number])
            else:
                rows = zip(drafts.texts, sheets, clauses, strict=True)
                bias = np.stack([self._bias(*row, place) for row in rows])
                scores = drafts.next + bias
                ids = draw(scores, self._manner.temperature, self._generator)
            drafts.append(ids)
        if self._manner.tones != "off":
            sheets = [
                sheet.with_rhyme(int(token), self._poet) if clause.rhymes else sheet
                for sheet, clause, token in zip(sheets, clauses, ids, strict=True)
            ]
        marks = [self._poet.tokens.id(clause.mark) for clause in clauses]
        drafts.append(np.array(marks))
        return drafts, sheets

    def _bias(self, text, sheet, clause, place):
        """Return what to add to the log-probabilities of one place of a draft."""
        bias = self._theme.copy()
        if text:
            used = np.unique(text)  # a theme asks for nothing twice
            bias[used] = np.minimum(bias[used], 0) - _AGAIN
        if self._manner.tones == "off":
            return bias
        cost = np.inf if self._manner.tones == "strict" else _TONE
        if clause.tones[place] != FREE:
            bias[~self._poet.alphabet.readable[clause.tones[place]]] -= cost
        if clause.rhymes and place == len(clause.tones) - 1:
            bias[~self._rhyming(sheet)] -= cost
            bias[sheet.ended] -= np.inf
        return bias

    def _rhyming(self, sheet):
        """Return which ids rhyme, as booleans."""
        names = self._poet.rhymes if sheet.rhymes is None else sheet.rhymes
        masks = [self._poet.rhymes[name] for name in names]
        return np.any(masks, axis=0)
