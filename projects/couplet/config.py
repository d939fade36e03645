"""The options of `train.py`: what is learned from, the model, the training."""

from dataclasses import dataclass

from common.config import option, select
from common.errors import UserError
from common.run_options import RunOptions
from projects.couplet.network.architecture import (
    ATTENTIONS,
    CELLS,
    ENCODERS,
    Architecture,
)


@dataclass(frozen=True)
class Config(RunOptions):
    """What `train.py` was asked for; stored in the run's config.json."""

    data: str | None = option(
        None,
        "couplets (the public set, prepared by prepare.py), sample (machine-written"
        " pairs that come along), a FILE of two columns, or a FOLDER with train, valid,"
        " test; left out: couplets where they are at hand, else sample",
    )
    limit: int = option(0, "train on so many pairs only, the first; 0: all", minimum=0)
    min_count: int = option(5, "rarer characters stay unknown", minimum=1)
    reverse_share: float = option(
        0.2,
        "share of pairs learned backwards (first line from the second): the judge of"
        " answers",
        minimum=0,
        maximum=1,
    )
    blank_share: float = option(
        0.1,
        "share of pairs whose source is blanked: the judge of fluency",
        minimum=0,
        maximum=1,
    )

    end_token: bool = option(
        False, "learn where to end instead of ending with the first line"
    )

    # The model.
    cell: str = option("lstm", "recurrent cell", choices=CELLS)
    encoder: str = option(
        "bi", "uni: the encoder reads forwards; bi: both ways", choices=ENCODERS
    )
    encoder_layers: int = option(
        2, "recurrent layers of the encoder", minimum=1, maximum=8
    )
    decoder_layers: int = option(
        2, "recurrent layers of the decoder", minimum=1, maximum=8
    )
    units: int = option(384, "numbers in a recurrent state", minimum=2, maximum=8192)
    embedding_dim: int = option(256, "numbers per character", minimum=1, maximum=8192)
    attention: str = option(
        "dot",
        "how the decoder looks back at the source; none: only by the fixed vector C",
        choices=ATTENTIONS,
    )
    aligned: bool = option(
        True, "feed what the encoder says of character i at step i of the decoder"
    )
    direct: bool = option(
        True, "let the inputs of a step also reach its output past the decoder"
    )
    reverse_source: bool = option(
        False, "feed the source back to front, as in sequence to sequence of 2014"
    )
    dropout: float = option(
        0.05, "share of numbers set to zero", minimum=0, maximum=0.9
    )

    # The training.
    epochs: int = option(28, "epochs of `epoch_pairs`", minimum=1)
    epoch_pairs: int = option(
        100_000,
        "pairs in an epoch, after which a backup is written; 0: all",
        minimum=0,
    )
    batch_tokens: int = option(
        4096, "characters of second lines in a batch", minimum=32
    )
    bucket_width: int = option(
        1,
        "lengths in one batch: 1 pads nothing; more makes fewer shapes to compile",
        minimum=1,
        maximum=32,
    )
    learning_rate: float = option(
        0.006, "step size of Adam at its highest", minimum=1e-6, maximum=1
    )
    precision: str = option(
        "float32",
        "numbers of the training",
        choices=("float32", "mixed_bfloat16", "mixed_float16"),
    )
    distribute: bool = option(
        False,
        "train with other processes, of this machine or others: the environment tells"
        " which (docs/scaling.md)",
    )

    def __post_init__(self):
        """Refuse what does not go together."""
        select(Architecture, self)
        if self.end_token and self.aligned:
            raise UserError(
                "--end-token expected with --no-aligned: the step that ends has no"
                " character beside it. Received: both."
            )
        if self.reverse_share + self.blank_share > 1:
            raise UserError(
                "--reverse-share and --blank-share of together at most 1 expected."
                f" Received: {self.reverse_share} and {self.blank_share}."
            )


PRESETS: dict[str, dict[str, object]] = {
    # Encoder-decoder of plain LSTMs; the vector C at every step of the decoder.
    "slides": {
        "encoder": "uni",
        "encoder_layers": 1,
        "decoder_layers": 1,
        "attention": "none",
        "aligned": False,
        "direct": False,
        "end_token": True,
        "reverse_share": 0.0,
        "blank_share": 0.0,
        "dropout": 0.0,
    },
    # To see everything run: a minute on two cores with the sample.
    "quick": {
        "limit": 20_000,
        "units": 256,
        "embedding_dim": 128,
        "dropout": 0.3,
        "epochs": 10,
        "epoch_pairs": 7000,
        "batch_tokens": 2048,
    },
}
