"""Values out of a TOML table, each checked and named by its place in the file."""

import difflib
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from common.errors import UserError

_MISSING = object()


class Table:
    """One table of a file of settings.

    Take each known key once and call `finish`, which refuses what is left:

        table = Table(values, "[action.webhook]", path)
        url = table.text("url")
        table.finish()
    """

    def __init__(self, values: Mapping[str, Any], place: str, path: Path):
        """Hold the values.

        Args:
            values: As `tomllib` read them.
            place: How the table is called in messages.
            path: The file, for messages; relative paths start at its folder.
        """
        self.place, self.path = place, path
        self._values, self._known = dict(values), list[str]()

    def text(
        self, key: str, default: Any = _MISSING, choices: Sequence[str] = ()
    ) -> Any:
        """Return a text that is not empty."""
        expected = f"one of {', '.join(choices)}" if choices else "text"
        return self._take(
            key,
            default,
            expected,
            lambda value: (
                isinstance(value, str)
                and value.strip() != ""
                and value.isprintable()
                and (not choices or value in choices)
            ),
        )

    def texts(self, key: str, default: Any = _MISSING) -> tuple[str, ...]:
        """Return a list of texts, none of them empty."""
        found = self._take(
            key,
            default,
            'a list of texts, like ["one", "two"]',
            lambda value: (
                isinstance(value, list | tuple)
                and all(isinstance(item, str) and item.strip() for item in value)
            ),
        )
        return found if found is None else tuple(found)

    def number(
        self, key: str, default: Any = _MISSING, *, least: float, most: float
    ) -> float:
        """Return a finite number within bounds."""
        found = self._take(
            key,
            default,
            f"a number from {least:g} to {most:g}",
            lambda value: (
                type(value) in (int, float)
                and math.isfinite(value)
                and least <= value <= most
            ),
        )
        return found if found is None else float(found)

    def whole(self, key: str, default: Any = _MISSING, *, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        return self._take(
            key,
            default,
            f"a whole number from {least} to {most}",
            lambda value: type(value) is int and least <= value <= most,
        )

    def truth(self, key: str, default: Any = _MISSING) -> bool:
        """Return true or false."""
        return self._take(
            key, default, "true or false", lambda value: isinstance(value, bool)
        )

    def secret(self, key: str) -> str:
        """Return what the environment variable holds that the key names.

        Secrets stay out of the file, which gets copied and shown. Without the key
        the secret is empty.
        """
        name = self.text(key, None)
        if name is not None and not os.environ.get(name):
            self.refuse(key, "the name of an environment variable that is set", name)
        return os.environ[name] if name else ""

    def subfolder(self, key: str, default: str) -> Path:
        """Return a path; a relative one starts at the folder of the file."""
        return self.path.parent / Path(self.text(key, default)).expanduser()

    def finish(self) -> None:
        """Refuse keys that nobody asked for.

        Raises:
            UserError: There is one.
        """
        for key in self._values:
            known = self._known
            raise UserError(
                f"Expected in {self.place} of {self.path} only {', '.join(known)}."
                f" Received: {key}.{suggest(key, known)}"
            )

    def refuse(self, key: str, expected: str, received: Any) -> NoReturn:
        """Say what was expected of a key.

        Raises:
            UserError: Always.
        """
        raise UserError(
            f"Expected of `{key}` in {self.place} of {self.path}: {expected}."
            f" Received: {show(received)}. Mend the file."
        )

    def _take(
        self,
        key: str,
        default: Any,
        expected: str,
        accepts: Callable[[Any], bool],
    ) -> Any:
        self._known.append(key)
        value = self._values.pop(key, default)
        if value is _MISSING:
            self.refuse(key, expected, "nothing")
        if value is not default and not accepts(value):
            self.refuse(key, expected, value)
        return value


def show(value: Any) -> str:
    """Write a value as one is likely to have typed it, never long."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text[:80] if text.strip() else "(empty)"


def suggest(word: str, known: Iterable[str]) -> str:
    """Return a question for the known word that is most like this one, or nothing."""
    near = difflib.get_close_matches(word, list(known), 1, cutoff=0.6)
    return f" Did you mean {near[0]}?" if near else ""
