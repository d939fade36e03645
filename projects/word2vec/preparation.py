"""The corpus that a program was asked for, as numbers on the disk."""

from dataclasses import replace
from typing import Any

from common.download import cache_folder
from common.errors import note
from common.meter import Meter
from projects.word2vec.corpus import Corpus, CorpusSettings, prepare_corpus
from projects.word2vec.sources import find_corpus


def prepare(options: Any) -> Corpus:
    """Find or read the text and show how far the reading is.

    Args:
        options: Has the fields of `CorpusSettings`, `data_dir` and `quiet`.

    Raises:
        UserError: See `prepare_corpus`.
    """
    found = find_corpus(options.corpus, options.data_dir)
    settings = CorpusSettings.of(replace(options, corpus=found))
    cache = cache_folder(options.data_dir) / "corpora"
    with Meter("reading", 0, "bytes", quiet=options.quiet) as meter:

        def show(done: int, total: int, words: int) -> None:
            meter.total = total
            meter.show(done, f"{words:,} words")

        corpus = prepare_corpus(settings, cache, progress=show)
    if not options.quiet:
        for line in corpus.notes:
            note(line)
    return corpus
