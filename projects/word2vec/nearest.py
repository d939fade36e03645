"""Ask word vectors: who is near, what completes an analogy, which is the odd one.

python projects/word2vec/nearest.py king
python projects/word2vec/nearest.py 'king - man + woman' --count 3
python projects/word2vec/nearest.py --similarity king,queen
python projects/word2vec/nearest.py --odd-one-out breakfast,lunch,dinner,car
python projects/word2vec/nearest.py --clusters 20
Without a question there is a prompt, which understands the first four kinds.
"""

import contextlib
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from common.config import parse_config
from common.errors import UserError, note, run_main
from common.runs import RunDirectory
from projects.word2vec.config import NearestConfig

PROJECT = "word2vec"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(NearestConfig, argv, __doc__)
    run = None
    if config.vectors is None:
        run = RunDirectory.open_newest(PROJECT, config.run_dir)
    from projects.word2vec import queries

    vectors = _load(config, run)

    def answer(text: str) -> Any:
        options = {"count": config.count, "restrict": config.restrict}
        return queries.answer_query(vectors, text, **options)

    if config.query is not None:
        _tell(answer(config.query), config.json)
    elif config.similarity:
        _tell(queries.compare(vectors, config.similarity), config.json)
    elif config.odd_one_out:
        _tell(queries.find_odd_one(vectors, config.odd_one_out), config.json)
    elif config.clusters:
        _tell(_sort(vectors, config), config.json)
    else:
        _converse(answer, len(vectors), config.json)
    return 0


def _load(config, run):
    from projects.word2vec.formats import read_vectors
    from projects.word2vec.vectors import WordVectors

    return read_vectors(config.vectors) if run is None else WordVectors.load(run.path)


def _sort(vectors, config):
    from projects.word2vec.clusters import make_clusters  # loads scikit-learn

    return make_clusters(
        vectors,
        config.clusters,
        num_words=config.words,
        num_central=config.count,
        seed=config.seed,
    )


def _converse(answer: Callable[[str], Any], num_words: int, as_json: bool) -> None:
    """Answer line by line; a bad query is told and not the end."""
    if sys.stdin.isatty():
        note(
            f"{num_words:,} words. Ask: king | king - man + woman | king, queen |"
            " king, queen, car. Ctrl-D ends."
        )
    for text in filter(None, map(str.strip, _lines())):
        try:
            _tell(answer(text), as_json)
        except UserError as error:
            if as_json:
                wrong = {"query": text, "error": str(error)}
                print(json.dumps(wrong, ensure_ascii=False), flush=True)
            else:
                note(f"error: {error}")


def _lines() -> Iterator[str]:
    """Yield what is typed or piped; at the prompt, Ctrl-C only drops the line."""
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="replace")  # broken bytes are unknown words
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield from sys.stdin
        return
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  # gives `input` history and line editing
    while True:
        try:
            yield input("> ")
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            print()
            note("Ctrl-D ends.")


def _tell(answer: Any, as_json: bool) -> None:
    if as_json:
        print(json.dumps(dataclasses.asdict(answer), ensure_ascii=False), flush=True)
    else:
        print(answer.to_text(), flush=True)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
