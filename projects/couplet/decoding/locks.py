"""The characters of the second line that a user has fixed."""

from common.errors import UserError
from projects.couplet.decoding.request import FREE, Request
from projects.couplet.lines.characters import clauses, is_han, normalize


def find_locks(line: str, request: Request) -> dict[int, str]:
    """Return the fixed characters by position, counted from 0.

    A character that the first line repeats is fixed wherever it stands there.

    Args:
        line: The first line, as `characters.check_line` returns it.
        request: Its pattern, acrostic and forbidden characters are looked at.

    Raises:
        UserError: The pattern or acrostic does not fit the line, or what it fixes
            contradicts itself, the first line or the forbidden characters.
    """
    locks = _read_pattern(line, request.pattern)
    for position, char in _read_acrostic(line, request.acrostic).items():
        if locks.setdefault(position, char) != char:
            raise UserError(
                f"Expected one character at position {position + 1}. Received:"
                f" {locks[position]} by the pattern and {char} by the acrostic."
                " Give up one of them."
            )
    for position, char in locks.items():
        _check_lock(position, char, line, request)
    return _repeat(line, locks)


def _read_pattern(line: str, pattern: str) -> dict[int, str]:
    pattern = normalize(pattern)
    if not pattern:
        return {}
    if len(pattern) != len(line):
        raise UserError(
            f"Expected a pattern of {len(line)} signs, one for each of {line}."
            f" Received: {pattern!r} of {len(pattern)}. Write _ where any character"
            " may stand."
        )
    locks = {}
    for position, (own, wanted) in enumerate(zip(line, pattern, strict=True)):
        if wanted in FREE or own == wanted and not is_han(own):
            continue
        if not is_han(own) or not is_han(wanted):
            expected = "a Chinese character" if is_han(own) else own
            raise UserError(
                f"Expected {expected} or _ at position {position + 1} of the pattern,"
                f" where the first line has {own}. Received: {wanted!r}."
            )
        locks[position] = wanted
    return locks


def _read_acrostic(line: str, acrostic: str) -> dict[int, str]:
    starts = [clause.start for clause in clauses(line)]
    if len(acrostic) > len(starts):
        raise UserError(
            f"Expected an acrostic of at most {len(starts)} characters, one for each"
            f" clause of {line}. Received: {acrostic} of {len(acrostic)}. Shorten it,"
            " or take a first line of more clauses."
        )
    pairs = zip(starts, acrostic, strict=False)
    return {start: char for start, char in pairs if char not in FREE}


def _check_lock(position: int, char: str, line: str, request: Request) -> None:
    lock = f"{char} fixed at position {position + 1}"
    if char in line:
        raise UserError(
            "Expected lines that share no character. Received:"
            f" {lock}, which the first line has at position {line.index(char) + 1}."
            " Fix another one."
        )
    if char in request.forbidden_characters:
        raise UserError(
            "Expected characters that are not forbidden. Received:"
            f" {lock}, and forbidden. Give up one of them."
        )


def _repeat(line: str, locks: dict[int, str]) -> dict[int, str]:
    """Fix a character wherever the first line has the same one; find what breaks it."""
    by_source: dict[str, int] = {}
    by_target: dict[str, int] = {}
    for position, char in locks.items():
        other = by_source.setdefault(line[position], position)
        if locks[other] != char:
            raise UserError(
                f"Expected one character for both {line[position]} of the first line."
                f" Received: {locks[other]} fixed at position {other + 1} and {char} at"
                f" position {position + 1}. Fix the same one, or only one of them."
            )
        other = by_target.setdefault(char, position)
        if line[other] != line[position]:
            raise UserError(
                f"Expected different characters where the first line has {line[other]}"
                f" and {line[position]}. Received: {char} fixed at positions"
                f" {other + 1} and {position + 1}. Fix another one."
            )
    fixed = {source: locks[position] for source, position in by_source.items()}
    return {place: fixed[own] for place, own in enumerate(line) if own in fixed}
