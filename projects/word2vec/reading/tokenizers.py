"""Characters -> words and sentences, of a text that comes in pieces."""

import functools
import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from common.errors import UserError

_LONGEST_WORD = 100  # characters: nothing longer is a word
_LONGEST_SENTENCE = 1 << 16  # characters held back until the sentence ends

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_APOSTROPHES = str.maketrans({"’": "'"})
# Hyphens part words, apostrophes and underscores (names in code) do not.
_WORD = re.compile(r"[^\W_]+(?:['_][^\W_]+)*")
# Prose wraps over lines: only a blank line ends a sentence.
_PROSE_BORDER = re.compile(r"(?<=[.!?。！？])[\"'”’)\]]*\s+|\n[^\S\n]*\n")
_CHARACTER = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
# Western marks stand in numbers and names, too.
_LINE_BORDER = re.compile(r"[、，。；！？：…\n]|[,.;:!?](?=[^0-9A-Za-z])")

_SAMPLE_RUNS = re.compile(rf"[{_HAN}]+")
_SAMPLE_BLANKS = re.compile(rf"[{_HAN}][ \t\u3000](?=[{_HAN}])")
_SAMPLE_MARKS = re.compile(r"[A-Z]|[.!?]\s")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a corpus, about 100,000 words at most.

    Attributes:
        tokens: The words in their order.
        starts: Ascending positions in `tokens` where a sentence begins; a chunk
            may begin in the middle of one.
    """

    tokens: list[str]
    starts: list[int]


class Tokenizer:
    """Cuts a text that comes in pieces, as if it came in one.

    What follows the last border is held back until its sentence ends; of endless
    sentences only the last word is.
    """

    def __init__(
        self,
        clean: Callable[[str], str],
        split: Callable[[str], list[str]],
        find: Callable[[str], list[str]],
    ):
        """Say how.

        Args:
            clean: Text to text, such as `str.lower`.
            split: Clean text to what lies between the borders of sentences.
            find: Such a part to its words, as they stand there.
        """
        self._clean, self._split, self._find = clean, split, find
        self._rest = ""
        self._fresh = True  # whether the next word begins a sentence

    def feed(self, text: str, last: bool) -> Chunk:
        """Take the next piece and return the words that are certain.

        Args:
            text: The piece.
            last: Whether the text ends with it; then a new one may begin.
        """
        chunk = Chunk([], [])
        *parts, rest = self._split(self._rest + self._clean(text))
        for part in parts:
            self._add(self._find(part), chunk)
            self._fresh = True
        self._rest = rest
        if last:
            self._add(self._find(rest), chunk)
            self._rest, self._fresh = "", True
        elif len(rest) > _LONGEST_SENTENCE:
            self._add(self._hold_back(rest), chunk)
        return chunk

    def _hold_back(self, rest: str) -> list[str]:
        """Return all words but the last one, which may go on in the next piece."""
        words = self._find(rest)
        end = rest.rfind(words[-1]) + len(words[-1]) if words else 0
        tail = rest[end:]  # may be the beginning of a border
        if words and len(tail) <= _LONGEST_WORD:
            # Of what is too long for a word so much as shows it.
            self._rest = words.pop()[: _LONGEST_WORD + 1] + tail
        else:
            self._rest = tail[-_LONGEST_WORD:]
        return words

    def _add(self, words: list[str], chunk: Chunk) -> None:
        if words and max(map(len, words)) > _LONGEST_WORD:
            words = [word for word in words if len(word) <= _LONGEST_WORD]
        if words:
            if self._fresh:
                chunk.starts.append(len(chunk.tokens))
                self._fresh = False
            chunk.tokens.extend(words)


def make_tokenizer(name: str) -> Tokenizer:
    """Make a tokenizer.

    Args:
        name: blanks: whatever blanks part, a line is a sentence. words:
            lower-case words, sentences end at . ! ? and blank lines. characters:
            each Chinese character, other scripts as lower-case words; marks and
            line ends end a sentence. segment: as characters, but Chinese words.

    Raises:
        UserError: The segmenter is not installed.
    """
    if name == "blanks":
        return Tokenizer(str, functools.partial(str.split, sep="\n"), str.split)
    if name == "words":
        return Tokenizer(_lower, _PROSE_BORDER.split, _WORD.findall)
    if name == "characters":
        return Tokenizer(str.lower, _LINE_BORDER.split, _CHARACTER.findall)
    if name == "segment":
        return Tokenizer(str.lower, _LINE_BORDER.split, _load_segmenter())
    raise ValueError(f"`name` must be that of a tokenizer. Received: {name}.")


def choose_tokenizer(sample: str) -> tuple[str, str]:
    """Choose by the beginning of a text.

    Args:
        sample: Some thousand characters.

    Returns:
        The name of a tokenizer, and what speaks for it.
    """
    runs = _SAMPLE_RUNS.findall(sample)
    characters = sum(map(len, runs))
    if characters * 4 > len("".join(sample.split())):
        blanks = len(_SAMPLE_BLANKS.findall(sample))
        if 2 * blanks > len(runs) and characters < 4 * len(runs):
            return "blanks", "Chinese words parted by blanks"
        return "characters", "Chinese without blanks between words"
    if _SAMPLE_MARKS.search(sample):
        return "words", "prose with capitals or full stops"
    return "blanks", "neither capitals nor full stops"


def _lower(text: str) -> str:
    return text.lower().translate(_APOSTROPHES) if "’" in text else text.lower()


def _load_segmenter() -> Callable[[str], list[str]]:
    try:
        cut = importlib.import_module("rjieba").cut
    except ImportError as error:
        raise UserError(
            "The package rjieba expected for --tokenizer segment. Received: it is not"
            " installed. Install the extra `chinese`, or take --tokenizer characters."
        ) from error
    return lambda part: [word for word in cut(part) if word[:1].isalnum()]
