"""The form of an encoder-decoder, in plain values."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import UserError

CELLS = ("lstm", "gru", "rnn")
ENCODERS = ("uni", "bi")
ATTENTIONS = ("none", "additive", "dot", "scaled_dot", "multi_head", "local")


@dataclass(frozen=True)
class Architecture:
    """What is built.

    Attributes:
        cell: Recurrent cell, one of `CELLS`.
        encoder: Whether the encoder reads forwards only or both ways.
        encoder_layers: Recurrent layers of the encoder.
        decoder_layers: Recurrent layers of the decoder.
        units: Numbers in a recurrent state.
        embedding_dim: Numbers per character, before the encoder and behind the
            decoder the same.
        attention: How the decoder looks back at the source; "none": it only gets
            the encoder's last state, the fixed vector C, at every step.
        aligned: Whether step i of the decoder is fed character i of the source and
            what the encoder says of it.
        direct: Whether the inputs of a step also reach its output past the decoder.
        reverse_source: Whether the source is fed back to front.
        dropout: Share of numbers set to zero in training.
    """

    cell: str = "lstm"
    encoder: str = "bi"
    encoder_layers: int = 2
    decoder_layers: int = 2
    units: int = 384
    embedding_dim: int = 256
    attention: str = "dot"
    aligned: bool = True
    direct: bool = True
    reverse_source: bool = False
    dropout: float = 0.05

    def __post_init__(self):
        """Refuse what cannot be built.

        Raises:
            UserError: Two values contradict each other.
        """
        if self.encoder == "bi" and self.units % 2:
            raise UserError(
                "An even number expected for --units with --encoder bi."
                f" Received: {self.units}. Take {self.units + 1}."
            )
        if self.reverse_source and self.aligned:
            raise UserError(
                "--reverse-source expected with --no-aligned: step i would be fed"
                " another character than the i-th. Received: both."
            )

    def to_dict(self) -> dict[str, Any]:
        """Return the values by name."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], path: Path) -> "Architecture":
        """Read what `to_dict` wrote.

        Args:
            values: By name.
            path: The file that they come from.

        Raises:
            UserError: A value is missing, of the wrong kind, or not ours.
        """
        kinds = {field.name: type(field.default) for field in dataclasses.fields(cls)}
        if {name: type(value) for name, value in values.items()} != kinds:
            raise UserError(
                f"Expected the form of a model of this version in {path}. Received:"
                f" {', '.join(map(str, values)) or 'nothing'}. Train it again."
            )
        return cls(**values)
