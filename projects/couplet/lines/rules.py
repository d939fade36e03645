"""The rules of couplets: which hold, and in words why not.

Four are of structure, and each human pair keeps them: equal length, punctuation at
the same places, the same pattern of repetition, no character in common. Those of
tones (平仄) are kept by most: the first line ends on 仄 and the second on 平, and at
key positions (each second character of a clause, and its last) the tones are opposed
between the lines and alternate within one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from projects.couplet.lines.characters import clauses, is_han
from projects.couplet.lines.tones import LEVEL, OBLIQUE, Tone, Tones

_REGULAR = (5, 7)  # lengths of clauses whose tones alternate, as in verse
_UNEQUAL = "The lines are of unequal length."


@dataclass(frozen=True)
class Finding:
    """What one rule says of a line or a pair.

    Attributes:
        rule: Its name, two or three words.
        passed: None where the rule does not apply.
        text: One sentence with the characters and their positions, from 1.
    """

    rule: str
    passed: bool | None
    text: str


def key_positions(line: str) -> list[int]:
    """Return where tones count, from 0: 2, 4, 6 ... of each clause, and its end."""
    found: set[int] = set()
    for clause in clauses(line):
        found.update(range(clause.start + 1, clause.stop, 2))
        found.add(clause.stop - 1)
    return sorted(found)


def repetition(line: str) -> list[int]:
    """Return for each position where its character stands first."""
    return [line.index(char) if is_han(char) else -1 for char in line]


def check_first_line(line: str, tones: Tones) -> list[Finding]:
    """Judge a first line (上联): its end and the alternation of its tones."""
    return [_check_end(line, OBLIQUE, tones), _check_alternation(line, tones)]


def check_pair(first: str, second: str, tones: Tones) -> list[Finding]:
    """Judge a pair: four rules of structure, then ends, opposition, alternation.

    Args:
        first: The first line, as `check_line` returns it.
        second: The second line (下联).
        tones: The tones to go by.

    Returns:
        Seven findings; what compares positions does not apply to pairs of unequal
        length.
    """
    return [
        _check_length(first, second),
        _check_punctuation(first, second),
        _check_repetition(first, second),
        _check_shared(first, second),
        _check_ends(first, second, tones),
        _check_opposition(first, second, tones),
        _check_alternation(second, tones),
    ]


def structure_holds(first: str, second: str) -> bool:
    """Tell whether a pair keeps the four rules of structure."""
    return (
        repetition(first) == repetition(second)  # with -1 at punctuation
        and not _shared(first, second)
    )


def tones_hold(first: str, second: str, tones: Tones) -> bool:
    """Tell whether all key positions may be opposed and the second may end on 平.

    Unknown characters count as kept; a pair of unequal length is False.
    """
    return (
        len(first) == len(second)
        and not _unopposed(first, second, tones)
        and tones.of(_end(second)[0]).may_be(LEVEL)
    )


def _check_length(first: str, second: str) -> Finding:
    if len(first) == len(second):
        text = f"Both lines have {len(first)} characters."
        return Finding("equal length", True, text)
    text = f"The first line has {len(first)} characters, the second {len(second)}."
    return Finding("equal length", False, text)


def _check_punctuation(first: str, second: str) -> Finding:
    rule = "same punctuation"
    if len(first) != len(second):
        return Finding(rule, None, _UNEQUAL)
    wrong = [
        f"{a} against {b} at {position}"
        for position, (a, b) in enumerate(zip(first, second, strict=True), 1)
        if is_han(a) != is_han(b)
    ]
    if wrong:
        text = f"Punctuation stands against a character: {', '.join(wrong)}."
        return Finding(rule, False, text)
    if all(map(is_han, first)):
        return Finding(rule, True, "Neither line has punctuation.")
    return Finding(rule, True, "Punctuation stands at the same places.")


def _check_repetition(first: str, second: str) -> Finding:
    rule = "same repetition"
    if len(first) != len(second):
        return Finding(rule, None, _UNEQUAL)
    wrong = _unequal_repetitions(first, second)
    if wrong:
        return Finding(rule, False, f"{'; '.join(wrong).capitalize()}.")
    repeated = sorted(
        {char for char in first if is_han(char) and first.count(char) > 1}
    )
    if repeated:
        text = f"Both lines repeat at the same places ({''.join(repeated)})."
        return Finding(rule, True, text)
    return Finding(rule, True, "Neither line repeats a character.")


def _check_shared(first: str, second: str) -> Finding:
    shared = _shared(first, second)
    if not shared:
        return Finding("nothing shared", True, "The lines have no character in common.")
    places = [f"{c} ({first.index(c) + 1} and {second.index(c) + 1})" for c in shared]
    text = f"Both lines have {', '.join(places)}."
    return Finding("nothing shared", False, text)


def _check_end(line: str, side: str, tones: Tones) -> Finding:
    rule = f"ends on {side}"
    char, position = _end(line)
    tone = tones.of(char)
    name = {OBLIQUE: "first", LEVEL: "second"}[side]
    told = f"The {name} line ends on {char} at {position}, which is {_say(tone)}"
    if not tone.readings:
        return Finding(rule, None, f"{told}.")
    if tone.may_be(side):
        return Finding(rule, True, f"{told}.")
    return Finding(rule, False, f"{told}; it should end on {side}.")


def _check_ends(first: str, second: str, tones: Tones) -> Finding:
    ends = [_check_end(first, OBLIQUE, tones), _check_end(second, LEVEL, tones)]
    passed = [end.passed for end in ends]
    together = False if False in passed else None if None in passed else True
    return Finding("仄起平落", together, " ".join(end.text for end in ends))


def _check_opposition(first: str, second: str, tones: Tones) -> Finding:
    rule = "tones opposed"
    if len(first) != len(second):
        return Finding(rule, None, _UNEQUAL)
    wrong = [
        f"{first[i]} and {second[i]} at {i + 1} are both {_side(first[i], tones)}"
        for i in _unopposed(first, second, tones)
    ]
    if wrong:
        return Finding(
            rule, False, f"Tones agree at key positions: {', '.join(wrong)}."
        )
    places = ", ".join(str(i + 1) for i in key_positions(first))
    return Finding(rule, True, f"Tones are opposed at key positions ({places}).")


def _check_alternation(line: str, tones: Tones) -> Finding:
    rule = "tones alternate"
    regular = [c for c in clauses(line) if c.stop - c.start in _REGULAR]
    if not regular:
        return Finding(rule, None, f"No clause of {line} has 5 or 7 characters.")
    wrong: list[str] = []
    right: list[str] = []
    for clause in regular:
        places = range(clause.start + 1, clause.stop - 1, 2)
        marks = [tones.of(line[i]).mark for i in places]
        told = ", ".join(
            f"{line[i]} {mark} at {i + 1}"
            for i, mark in zip(places, marks, strict=True)
        )
        (right if _alternates(line, places, tones) else wrong).append(told)
    if wrong:
        return Finding(rule, False, f"Tones do not alternate: {'; '.join(wrong)}.")
    return Finding(rule, True, f"Tones alternate: {'; '.join(right)}.")


def _alternates(line: str, places: Iterable[int], tones: Tones) -> bool:
    readings = [tones.of(line[i]) for i in places]
    sides = (LEVEL, OBLIQUE)
    return any(
        all(tone.may_be(sides[(start + i) % 2]) for i, tone in enumerate(readings))
        for start in (0, 1)
    )


def _unopposed(first: str, second: str, tones: Tones) -> list[int]:
    """Return the key positions at which no reading makes the tones opposed."""
    return [
        i
        for i in key_positions(first)
        if is_han(second[i]) and tones.opposed(first[i], second[i]) is False
    ]


def _unequal_repetitions(first: str, second: str) -> list[str]:
    wrong = []
    places = zip(repetition(first), repetition(second), strict=True)
    for i, (a, b) in enumerate(places):
        if a == b or min(a, b) < 0:  # or punctuation, which has a rule of its own
            continue
        # The earlier one is repeated here, in its line alone.
        line, other, name, earlier = (first, second, "first", a)
        if b < a:
            line, other, name, earlier = (second, first, "second", b)
        wrong.append(
            f"the {name} line repeats {line[i]} at {earlier + 1} and {i + 1},"
            f" the other has {other[earlier]} and {other[i]}"
        )
    return wrong


def _shared(first: str, second: str) -> list[str]:
    return [char for char in dict.fromkeys(first) if is_han(char) and char in second]


def _end(line: str) -> tuple[str, int]:
    """Return the last character that is no punctuation, and its position from 1."""
    stop = clauses(line)[-1].stop
    return line[stop - 1], stop


def _side(char: str, tones: Tones) -> str:
    return next(iter(tones.of(char).readings))


def _say(tone: Tone) -> str:
    if not tone.readings:
        return "of unknown tone"
    if tone.ambiguous:
        return f"{LEVEL} or {OBLIQUE}"
    return f"{OBLIQUE} (入声)" if tone.entering else next(iter(tone.readings))
