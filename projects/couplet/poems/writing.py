"""Writing whole poems of a form."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from common.errors import UserError
from projects.couplet.decoding.request import FREE as SKIP
from projects.couplet.lines.characters import normalize
from projects.couplet.poems.clause_writing import ClauseWriter, Manner
from projects.couplet.poems.forms import FREE, Clause, Form
from projects.couplet.poems.poet import Poet

_DRAFTS = 6  # written for each poem that is wanted


@dataclass(frozen=True)
class Poem:
    """A poem.

    Attributes:
        text: With its punctuation.
        tones: The tones that were asked of its clauses, `·` for either.
        log_prob: Per character, punctuation included: how probable the model finds it.
    """

    text: str
    tones: tuple[str, ...]
    log_prob: float

    def to_text(self) -> str:
        """Return the poem with a line for each couplet."""
        return "\n".join(part + "。" for part in self.text.split("。") if part)


def write_poems(
    poet: Poet,
    form: Form,
    manner: Manner,
    *,
    count: int = 1,
    first_char: str = "",
    acrostic: str = "",
) -> list[Poem]:
    """Write poems.

    Every clause is as long as the form says, and stands in no poem that the model has
    read; with strict tones every set tone may be read so, and all rhymes may rhyme.

    Args:
        poet: Who writes.
        form: See `poem_forms`.
        manner: How.
        count: How many poems, of which no two begin with the same clause.
        first_char: What the poem begins with.
        acrostic: What its clauses begin with, one character each; `_` leaves one free.

    Returns:
        The poems, those first that the model finds more probable; fewer than `count`
        only where copies leave no choice.

    Raises:
        UserError: A wish is unknown to the model, or contradicts the form.
    """
    heads = _heads(poet, form, first_char, acrostic)
    plans = _fitting(poet, form, heads, manner)
    generator = np.random.default_rng([manner.seed, 1])
    chosen = generator.integers(len(plans), size=_DRAFTS * count)
    writer = ClauseWriter(poet, [plans[i] for i in chosen], heads, manner)
    writer.write_all()
    poems = make_poems(writer)
    return _beginning_unlike(poems)[:count]


def make_poems(writer: ClauseWriter) -> list[Poem]:
    """Return the drafts of a writer, the most probable first."""
    drafts = writer.drafts
    rows = zip(drafts.texts, writer.plans, drafts.log_probs, strict=True)
    poems = [
        Poem(
            drafts.tokens.decode(text),
            tuple(clause.tones for clause in plan),
            float(log_prob) / len(text),
        )
        for text, plan, log_prob in rows
    ]
    return sorted(poems, key=lambda poem: -poem.log_prob)


def _beginning_unlike(poems):
    found: dict[str, Poem] = {}
    for poem in poems:
        found.setdefault(poem.text.split("，")[0], poem)
    return list(found.values())


def _heads(poet: Poet, form: Form, first_char: str, acrostic: str) -> dict[int, int]:
    """Return the ids that clauses begin with."""
    first_char, acrostic = normalize(first_char), normalize(acrostic)
    if len(first_char) > 1:
        raise UserError(f"`first_char` must be one character. Received: {first_char}.")
    if len(acrostic) > form.clauses:
        raise UserError(
            f"`acrostic` must have at most {form.clauses} characters, one for each"
            f" clause of {form.name}. Received: {acrostic}, which has {len(acrostic)}."
        )
    wanted = {i: char for i, char in enumerate(acrostic) if char not in SKIP}
    if first_char and wanted.setdefault(0, first_char) != first_char:
        raise UserError(
            f"`first_char` and `acrostic` must agree. Received: {first_char} and"
            f" {acrostic}. Leave one out."
        )
    return {number: poet.id(char) for number, char in wanted.items()}


def _fitting(
    poet: Poet, form: Form, heads: dict[int, int], manner: Manner
) -> Sequence[Sequence[Clause]]:
    """Return the plans whose tones the given heads can have."""
    plans = form.plans()
    if manner.tones == "off":
        return plans
    fitting = [plan for plan in plans if not _misfits(poet, plan, heads)]
    if not fitting and manner.tones == "strict":
        # The plan that nearly fits tells best what is wrong.
        least = min((_misfits(poet, plan, heads) for plan in plans), key=len)
        raise UserError(
            f"Expected characters whose tones {form.name} can begin clauses with."
            f" Received: {'、'.join(least)}, where every way to set the tones has the"
            " other one somewhere. Choose others, or --tones soft."
        )
    return fitting or plans


def _misfits(poet, plan, heads):
    found = []
    for number, token in heads.items():
        tone = plan[number].tones[0]
        if tone != FREE and not poet.alphabet.readable[tone][token]:
            found.append(poet.tokens.character(token))
    return found
