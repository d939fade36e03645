"""The options of the word2vec programs: one dataclass each."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from common.config import option
from common.errors import UserError
from common.places import ResultOptions
from common.run_options import CallOptions, RunOptions

OBJECTIVES = ("negative", "hierarchical", "softmax")
TOKENIZERS = ("auto", "words", "blanks", "characters", "segment")


@dataclass(frozen=True)
class CorpusOptions(CallOptions):
    """Where the text is and how it becomes words."""

    corpus: str = option(
        "docs",
        "text to learn from: docs (documentation of the installed packages), text8"
        " (download), or a FILE, FOLDER or 'GLOB' of .txt, .gz, .xz, .zip",
    )
    tokenizer: str = option(
        "auto",
        "words: lower-case words and sentences; blanks: segmented beforehand;"
        " characters: one per Chinese character; segment: Chinese words (chinese"
        " extra); auto: looks at the text",
        choices=TOKENIZERS,
    )
    encoding: str = option("utf-8", "text encoding of the corpus (e.g. gb18030)")
    min_count: int = option(5, "rarer words are left out", minimum=1)
    max_vocabulary: int = option(0, "most words, the commonest; 0: all", minimum=0)
    max_distinct: int = option(
        4_000_000,
        "distinct words held in memory while counting; beyond, by way of the disk",
        minimum=1000,
    )
    phrases: int = option(
        0, "passes that join frequent pairs (new_york)", minimum=0, maximum=4
    )
    phrase_threshold: float = option(
        100.0, "how much more often than by chance a pair must stand", minimum=1
    )
    scheduler: str | None = option(
        None,
        "encode the corpus with Dask: local:2 for two processes here, or the address"
        " of a running scheduler (dask extra)",
    )


@dataclass(frozen=True)
class Config(CorpusOptions, RunOptions):
    """What `train.py` was asked for; stored in the run's config.json."""

    # The model.
    model: str = option(
        "skip_gram", "which word predicts which", choices=("skip_gram", "cbow")
    )
    objective: str = option(
        "negative",
        "negative sampling, hierarchical softmax (Huffman tree) or full softmax",
        choices=OBJECTIVES,
    )
    embedding_dim: int = option(100, "numbers per word", minimum=1, maximum=4096)
    window: int = option(
        5, "most words between center and context", minimum=1, maximum=100
    )
    negative: int = option(5, "noise words per pair", minimum=1, maximum=1000)
    sample: float | None = option(
        None,
        "frequent words are thinned out above this share, 0: never; none: what suits"
        " the objective",
        minimum=0,
        maximum=1,
    )

    # The training.
    engine: str = option(
        "fast",
        "fast: matrix products over bands of text; keras: Model.fit on pairs, the"
        " readable reference",
        choices=("fast", "keras"),
    )
    epochs: int | None = option(
        None, "passes over the corpus; none: 5, up to 20 for small ones", minimum=1
    )
    learning_rate: float | None = option(
        None, "step size at the start, falls linearly; none: what suits the model"
    )
    batch_size: int = option(
        512, "center words in one step, a multiple of 64", minimum=64, maximum=65536
    )

    # What is told at the end.
    show: tuple[str, ...] = option(
        (), "words whose neighbors are shown; none: common ones"
    )
    compare: tuple[str, ...] = option(
        (),
        "objectives to train one after the other, for one table; --objective is kept",
        choices=OBJECTIVES,
    )
    map_words: int = option(600, "words on the map; 0: no map", minimum=0, maximum=3000)

    update: Path | None = option(
        None, "go on from this finished run with the text of --corpus"
    )

    def __post_init__(self):
        """Refuse what contradicts itself before anything is read."""
        if self.learning_rate is not None and not 0 < self.learning_rate <= 10:
            raise UserError(
                "`--learning-rate` must be above 0, at most 10. Received:"
                f" {self.learning_rate}."
            )
        if self.batch_size % 64:
            raise UserError(
                f"`--batch-size` must be a multiple of 64. Received: {self.batch_size}."
            )
        if self.update and self.objective == "hierarchical":
            raise UserError(
                "--update goes on with vectors of words; a Huffman tree over more words"
                " has other nodes. Received: --objective hierarchical. Train anew on"
                " all the text."
            )
        if self.compare and (self.update or self.objective not in self.compare):
            raise UserError(
                "--compare trains several objectives from the start, --objective among"
                f" them. Received: --compare {','.join(self.compare)} with"
                f" {'--update' if self.update else '--objective ' + self.objective}."
            )


# What more text is learned by as the first was, unless the user says otherwise.
_INHERITED = ("model", "objective", "embedding_dim", "window", "negative", "sample")


def inherit(config: Config, given: Collection[str], before: Config) -> Config:
    """Return the options of an update, filled up with those of the run before.

    Args:
        config: the options of the update.
        given: the fields that the user has spoken of.
        before: the options of the run to go on from.

    Raises:
        UserError: the vectors would have another length.
    """
    dim = before.embedding_dim
    if "embedding_dim" in given and config.embedding_dim != dim:
        raise UserError(
            f"--embedding-dim must be {dim} as in the run of --update. Received:"
            f" {config.embedding_dim}. Leave it out."
        )
    names = [name for name in _INHERITED if name not in given]
    return replace(config, **{name: getattr(before, name) for name in names})


@dataclass(frozen=True)
class VectorsOptions:
    """Which vectors a program works on."""

    run_dir: Path | None = option(None, "a finished run; none: the newest")
    vectors: Path | None = option(
        None, "instead of a run: a word2vec file, text or binary, also .gz"
    )

    def __post_init__(self):
        """Refuse two answers to one question."""
        if self.run_dir and self.vectors:
            raise UserError(
                "Expected --run-dir or --vectors. Received: both. Leave one out."
            )


@dataclass(frozen=True)
class NearestConfig(VectorsOptions):
    """What `nearest.py` was asked for."""

    query: str | None = option(
        None,
        "a word, an analogy such as 'king - man + woman', or words with commas; none:"
        " a prompt, or a query in each line of a pipe",
        positional=True,
    )
    similarity: tuple[str, ...] = option((), "two words: how alike are they?")
    odd_one_out: tuple[str, ...] = option((), "three or more words: which differs?")
    clusters: int = option(0, "sort the words into this many clusters", minimum=0)
    words: int = option(
        2000, "commonest words to sort into clusters; 0: all", minimum=0
    )
    restrict: int = option(0, "answer with the commonest words only; 0: all", minimum=0)
    count: int = option(10, "how many answers, or words of each cluster", minimum=1)
    seed: int = option(0, "of the clusters", minimum=0, maximum=2**32 - 1)
    json: bool = option(False, "answer in JSON, a line for each query")

    def __post_init__(self):
        """Refuse two questions at once, and words that are too few or too many."""
        super().__post_init__()
        asked = {
            "a query": self.query is not None,
            "--similarity": bool(self.similarity),
            "--odd-one-out": bool(self.odd_one_out),
            "--clusters": bool(self.clusters),
        }
        questions = [name for name, given in asked.items() if given]
        if len(questions) > 1:
            raise UserError(
                f"Expected one question. Received: {' and '.join(questions)}."
                " Ask them one by one, or at the prompt."
            )
        if self.similarity and len(self.similarity) != 2:
            raise UserError(
                "`--similarity` must be two words. Received:"
                f" {','.join(self.similarity)}."
            )


@dataclass(frozen=True)
class EvaluateConfig(VectorsOptions, ResultOptions, CallOptions):
    """What `evaluate.py` was asked for."""

    language: str = option(
        "auto",
        "which tests to fetch; auto: those of the vectors' language, but none if you"
        " give your own",
        choices=("auto", "english", "chinese"),
    )
    analogies: Path | None = option(None, "your own analogy file")
    pairs: tuple[str, ...] = option(
        (), "your own files of word pairs with scores, such as rg65.txt"
    )
    restrict: int = option(
        30_000, "analogies among the commonest words only; 0: all", minimum=0
    )
    baselines: bool = option(
        True, "also one-hot, random and PPMI vectors (the last: of a run's corpus)"
    )
    baseline_words: int = option(
        30_000, "commonest words of the PPMI matrix; 0: all", minimum=0
    )
    seed: int = option(0, "of the baselines", minimum=0, maximum=2**32 - 1)

    def __post_init__(self):
        """Refuse what either base refuses."""
        VectorsOptions.__post_init__(self)
        ResultOptions.__post_init__(self)


@dataclass(frozen=True)
class ExportConfig(VectorsOptions):
    """What `export.py` was asked for."""

    format: str = option(
        "text",
        "word2vec's text or binary form, or the files of TensorBoard's projector",
        choices=("text", "binary", "projector"),
    )
    output: Path | None = option(
        None,
        "file (with .gz: compressed), or folder of the projector; none: vectors.txt,"
        " vectors.bin or projector in the run's folder",
    )
    words: int = option(0, "only the commonest words; 0: all", minimum=0)
    overwrite: bool = option(False, "replace what is there")

    def __post_init__(self):
        """Refuse an export that has no place to go to."""
        super().__post_init__()
        if self.vectors and not self.output:
            raise UserError(
                "Expected --output with --vectors. Received: none. Name a file, or a"
                " folder for the projector."
            )


PRESETS = {
    "slides": {
        "max_vocabulary": 10_000,
        "embedding_dim": 200,
        "compare": ("softmax", "negative", "hierarchical"),
        "epochs": 3,
    }
}
