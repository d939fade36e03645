"""Which tests word vectors of a language are put to."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from common.download import Source, fetch
from common.errors import UserError
from common.vocabulary import Vocabulary
from projects.word2vec import sources
from projects.word2vec.questions import read_analogies, read_pairs
from projects.word2vec.scoring import Exam

Test = TypeVar("Test")

_ANALOGIES = {
    "english": {"questions-words": sources.QUESTIONS_WORDS},
    "chinese": {"CA8": sources.CA8},
}
_PAIRS = {
    "english": {
        "WordSim-353": sources.WORDSIM353,
        "SimLex-999": sources.SIMLEX999,
    },
    "chinese": {"WordSim-240": sources.WORDSIM240},
}
_LOOKED_AT = 1000  # commonest words that tell the language


def guess_language(vocabulary: Vocabulary) -> str:
    """Return "chinese" if most of the commonest words are, or else "english"."""
    words = vocabulary.tokens[:_LOOKED_AT]
    chinese = sum(any("\u4e00" <= c <= "\u9fff" for c in word) for word in words)
    return "chinese" if 2 * chinese > len(words) else "english"


def prepare_exam(
    language: str,
    analogies: Path | None,
    pairs: Sequence[str],
    vocabulary: Vocabulary,
    cache: Path | None = None,
) -> tuple[Exam, list[str]]:
    """Read tests of one's own and fetch public ones.

    Args:
        language: "english" or "chinese": the public tests of which language; or
            "auto": that of the vocabulary, but none beside tests of one's own.
        analogies: A file for `read_analogies`, or None.
        pairs: Files for `read_pairs`.
        vocabulary: Tells the language.
        cache: The folder of downloads, see `fetch`.

    Returns:
        The tests by name, those of one's own by that of their file; and what is
        worth telling, such as why a public test is left out.

    Raises:
        UserError: A test of one's own is malformed, or there is no test at all.
    """
    first = [str(analogies)] if analogies else []
    mine = [*first, *pairs]
    own_analogies = {_name(path, mine): read_analogies(Path(path)) for path in first}
    own_pairs = {_name(path, mine): read_pairs(Path(path)) for path in pairs}
    notes: list[str] = []
    if language == "auto" and not (analogies or pairs):
        language = guess_language(vocabulary)
        notes.append(f"By its commonest words the language is {language.capitalize()}.")
    public = _ANALOGIES.get(language, {}), _PAIRS.get(language, {})  # none for auto
    exam = Exam(
        _fetch_all(public[0], read_analogies, cache, notes) | own_analogies,
        _fetch_all(public[1], read_pairs, cache, notes) | own_pairs,
    )
    if not (exam.analogies or exam.pairs):
        raise UserError(
            "Expected at least one test. Received: none that could be fetched. Give"
            " --analogies or --pairs a file of your own."
        )
    return exam, notes


def _fetch_all(
    wanted: Mapping[str, Source],
    read: Callable[[Path], Test],
    cache: Path | None,
    notes: list[str],
) -> dict[str, Test]:
    found = {}
    for name, source in wanted.items():
        try:
            path = fetch(source, cache)
        except UserError as error:
            notes.append(f"{name} is left out: {error}")
        else:
            found[name] = read(path)
    return found


def _name(path: str, paths: Sequence[str]) -> str:
    """Return the name of a file, with its folder if another has the same name."""
    same = [other for other in paths if Path(other).name == Path(path).name]
    return path if len(set(same)) > 1 else Path(path).name
