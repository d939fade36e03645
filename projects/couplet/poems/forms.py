"""The forms of regulated verse: how many clauses, where tones are set, what rhymes.

Regulated verse has four kinds of clauses, named here by their last five tones; with
seven characters two of the other kind stand before. `·` may be either tone:

    仄起仄收  · 仄 · 平 仄        平起平收  平 平 · 仄 平
    平起仄收  · 平 平 仄 仄        仄起平收  · 仄 仄 平 平

Clauses of a couplet are opposed, and couplets cling to each other: the first clause
decides all others. Even clauses rhyme, on a level tone; the first one may.
"""

from dataclasses import dataclass

from common.errors import UserError

FREE = "·"

# Oblique ends a, b; level ends A, B. Where 平平仄仄平 begins with an oblique tone it
# has one level tone among oblique ones, which is the gravest fault (孤平); 仄仄仄平平
# with a level third one ends on three level ones (三平尾). The others are free.
_KINDS = {"a": "·仄·平仄", "B": "平平·仄平", "b": "·平平仄仄", "A": "·仄仄平平"}
_OPPOSED = {"a": "·平", "B": "·仄", "b": "·仄", "A": "·平"}  # two before these five
_CYCLE = "aBbA"  # a clause, its answer, the clause that clings to it, its answer


@dataclass(frozen=True)
class Clause:
    """One clause of a plan.

    Attributes:
        tones: A sign for each character: 平, 仄 or `FREE`.
        rhymes: Whether its last character rhymes with the others that do.
        mark: The punctuation behind it.
    """

    tones: str
    rhymes: bool
    mark: str


@dataclass(frozen=True)
class Form:
    """A form of verse.

    Attributes:
        name: As 七绝.
        length: Characters of a clause, 5 or 7.
        clauses: Number of clauses, 4 or 8.
    """

    name: str
    length: int
    clauses: int

    def plans(self) -> list[list[Clause]]:
        """Return the four ways to set the tones: begun by a, b, A or B."""
        return [self._plan(kinds) for kinds in ("a", "b", "A", "B")]

    def _plan(self, first: str) -> list[Clause]:
        # A first clause that rhymes only differs from one that does not in its end.
        start = _CYCLE.index({"A": "a", "B": "b"}.get(first, first))
        kinds = [_CYCLE[(start + i) % 4] for i in range(self.clauses)]
        kinds[0] = first
        return [
            Clause(
                clause_tones(kind, self.length),
                rhymes=kind in "AB",
                mark="，。"[number % 2],
            )
            for number, kind in enumerate(kinds)
        ]


FORMS = {
    form.name: form
    for form in (
        Form("五绝", 5, 4),
        Form("七绝", 7, 4),
        Form("五律", 5, 8),
        Form("七律", 7, 8),
    )
}


def find_form(name: str) -> Form:
    """Return a form by its name.

    Raises:
        UserError: There is no such form.
    """
    if name not in FORMS:
        raise UserError(
            f"`form` must be one of {', '.join(FORMS)}. Received: {name or '(empty)'}."
        )
    return FORMS[name]


def clause_tones(kind: str, length: int) -> str:
    """Return the tones of a kind of clause ("a", "b", "A" or "B") of 5 or 7."""
    return _KINDS[kind] if length == 5 else _OPPOSED[kind] + _KINDS[kind]


def first_line_tones(length: int, strict: bool) -> list[str]:
    """Return the tones of clauses that may be the first of a couplet, ending oblique.

    Args:
        length: 5 or 7.
        strict: Whether all tones are set, or the last and the alternation of the
            second, fourth and sixth only.
    """
    patterns = [clause_tones(kind, length) for kind in ("a", "b")]
    if strict:
        return patterns
    return [_loosen(tones) for tones in patterns]


def _loosen(tones):
    last = len(tones) - 1
    return "".join(t if i % 2 or i == last else FREE for i, t in enumerate(tones))
