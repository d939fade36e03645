"""The encoder-decoder: one set of layers, three ways to run them."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from common.lstm import FusedLSTM
from projects.couplet.network.architecture import Architecture
from projects.couplet.network.attention import LookBack
from projects.couplet.tokens import PAD

_CELLS = {"lstm": FusedLSTM, "gru": layers.GRU, "rnn": layers.SimpleRNN}
_INPUT_SCALE = 8.0  # what goes in is larger than what the tied output multiplies


@keras.saving.register_keras_serializable(package="couplet")
class Frequencies(layers.Layer):
    """Add one number per character: at first the logarithm of how common it is."""

    def build(self, input_shape: tuple) -> None:
        """Make the weights, for inputs (..., number of tokens)."""
        self.bias = self.add_weight(
            shape=(input_shape[-1],), initializer="zeros", name="bias"
        )

    def call(self, logits: Any) -> Any:
        """Return the logits, shifted, as float32."""
        return ops.cast(logits, "float32") + ops.cast(self.bias, "float32")


@dataclass(frozen=True)
class EncoderDecoder:
    """Models over one set of weights.

    Attributes:
        full: From {"source", "previous"}, ids (batch, time) each, to logits (batch,
            time, number of tokens): teacher forcing.
        score: As `full` with {"target"} besides, to the log-probability of each
            target (batch, time): without the others leaving the backend.
        encode: From source ids (batch, time) to {"encoded": (batch, time, units)},
            with attention "none" also {"fixed": (batch, units)}: the vector C.
        step: From {"previous", "here": ids (batch, 1), "encoded_here": (batch, 1,
            units), "source", "state_0_0": (batch, units), ...} and what `encode` gave
            to {"log_probs": (batch, number of tokens), "state_0_0", ...}.
        looking: As `full`, to the attention's weights (batch, time, time); None
            without attention.
    """

    full: keras.Model
    score: keras.Model
    encode: keras.Model
    step: keras.Model
    looking: keras.Model | None


def build_model(
    num_tokens: int, form: Architecture, *, padded: bool = True
) -> EncoderDecoder:
    """Build an encoder-decoder, not compiled.

    Args:
        num_tokens: Number of ids.
        form: Its form.
        padded: Whether sources of a batch differ in length, filled up with `PAD` at
            the end. False is faster: no masks are made.
    """
    parts = _Parts(num_tokens, form, padded)
    source = keras.Input((None,), dtype="int32", name="source")
    previous = keras.Input((None,), dtype="int32", name="previous")
    memory = parts.encode(source)
    seen = memory | {"mask": parts.mask(source)}
    decoded = parts.decode((previous, source, memory["encoded"]), seen)
    inputs = {"source": source, "previous": previous}
    target = keras.Input((None,), dtype="int32", name="target")
    chosen = ops.take_along_axis(decoded["logits"], target[..., None], axis=-1)
    own = chosen[..., 0] - ops.logsumexp(decoded["logits"], axis=-1)
    return EncoderDecoder(
        keras.Model(inputs, decoded["logits"], name="couplet"),
        keras.Model(inputs | {"target": target}, own, name="score"),
        keras.Model(source, memory, name="encode"),
        _step_model(parts, source, memory),
        keras.Model(inputs, decoded["weights"]) if parts.look_back else None,
    )


def _step_model(parts: "_Parts", source: Any, memory: dict) -> keras.Model:
    """Make the model of one step; time is 1 where the full model has a line."""
    units = parts.form.units
    per_layer = 2 if parts.form.cell == "lstm" else 1
    held = {
        name: keras.Input(tensor.shape[1:], name=name)
        for name, tensor in memory.items()
    }
    inputs = {
        "previous": keras.Input((1,), dtype="int32", name="previous"),
        "here": keras.Input((1,), dtype="int32", name="here"),
        "encoded_here": keras.Input((1, units), name="encoded_here"),
        "source": source,
        **held,
    }
    states = [
        [keras.Input((units,), name=f"state_{layer}_{n}") for n in range(per_layer)]
        for layer in range(parts.form.decoder_layers)
    ]
    known = (inputs["previous"], inputs["here"], inputs["encoded_here"])
    decoded = parts.decode(known, held | {"mask": parts.mask(source)}, states)
    inputs |= {state.name: state for layer in states for state in layer}
    outputs = {
        state.name: after
        for state, after in zip(sum(states, []), decoded["states"], strict=True)
    }
    return keras.Model(
        inputs, outputs | {"log_probs": ops.log_softmax(decoded["logits"][:, 0])}
    )


def set_frequencies(model: keras.Model, counts: np.ndarray) -> None:
    """Start the output at how common each character is.

    Args:
        model: The `full` model.
        counts: How often each id was seen in training, (number of tokens,).
    """
    shares = (counts + 0.5) / (counts + 0.5).sum()
    model.get_layer("frequencies").set_weights([np.log(shares)])


class _Parts:
    """The layers, and how a signal goes through them."""

    def __init__(self, num_tokens: int, form: Architecture, padded: bool):
        self.form, self.padded = form, padded
        deviation = form.embedding_dim**-0.5 / 2
        self.embedding = layers.ReversibleEmbedding(
            num_tokens,
            form.embedding_dim,
            embeddings_initializer=keras.initializers.RandomNormal(stddev=deviation),
            name="characters",
        )
        self.enlarge = layers.Rescaling(_INPUT_SCALE, name="enlarge")
        self.drop = layers.Dropout(form.dropout, name="drop")
        width = form.units // 2 if form.encoder == "bi" else form.units
        self.encoders = [
            self._recurrent(f"encoder_{n + 1}", width, form.encoder == "bi")
            for n in range(form.encoder_layers)
        ]
        self.decoders = [
            self._recurrent(f"decoder_{n + 1}", form.units, False)
            for n in range(form.decoder_layers)
        ]
        self.look_back = (
            None
            if form.attention == "none"
            else LookBack(form.attention, form.units, name="look_back")
        )
        self.features = layers.Dense(form.embedding_dim, name="features")
        self.frequencies = Frequencies(name="frequencies", dtype="float32")

    def _recurrent(self, name: str, units: int, both_ways: bool) -> layers.Layer:
        cell = _CELLS[self.form.cell]
        layer = cell(units, return_sequences=True, return_state=True, name=name)
        layer.cell.name = f"{name}_cell"
        return layers.Bidirectional(layer, name=name) if both_ways else layer

    def embed(self, ids: Any) -> Any:
        return self.enlarge(self.embedding(ids))

    def mask(self, source: Any) -> Any:
        """Return booleans at the places of `encoded`, or None."""
        if not self.padded:
            return None
        return ops.not_equal(self._in_order(source), PAD)

    def _in_order(self, source: Any) -> Any:
        return ops.flip(source, axis=1) if self.form.reverse_source else source

    def encode(self, source: Any) -> dict[str, Any]:
        """Return {"encoded"}, without attention also {"fixed"}."""
        mask, states, outputs = self.mask(source), [], []
        signal = self.embed(self._in_order(source))
        for encoder in self.encoders:
            signal, *states = encoder(self.drop(signal), mask=mask)
            outputs.append(signal)
        memory = {"encoded": _sum(outputs)}
        if self.look_back is None:
            # The last states of both ways; an LSTM's carries are left out.
            count = 2 if self.form.encoder == "bi" else 1
            memory["fixed"] = _join(states[:: len(states) // count])
        return memory

    def decode(
        self, known: tuple, memory: dict[str, Any], states: list | None = None
    ) -> dict[str, Any]:
        """Run the decoder over a whole line, or over one step.

        Args:
            known: The ids written before each step, the source ids at each step,
                both (batch, time), and what the encoder says there (batch, time,
                units).
            memory: What `encode` returned, and "mask".
            states: None for a whole line; for one step the states of each layer.

        Returns:
            {"logits": (batch, time, number of tokens), "states": [...]}, with
            attention "weights": (batch, time, source time).
        """
        previous, here, encoded_here = known
        fed = [self.embed(previous)]
        if self.form.aligned:
            fed += [self.embed(here), encoded_here]
        direct = fed if self.form.direct else []
        if self.look_back is None:
            steps = ops.ones_like(fed[0][..., :1])
            fed = [*fed, memory["fixed"][:, None, :] * steps]
        result: dict[str, Any] = {}
        outputs: list[Any] = []
        context: list[Any] = []
        carried: list[Any] = []
        for number, decoder in enumerate(self.decoders):
            signal = self.drop(_join([_sum(outputs), *context] if outputs else fed))
            if states is None:
                hidden, *after = decoder(signal)
            else:  # one step: a cell has nothing to prepare, its layer much
                hidden, after = decoder.cell(signal[:, 0], states[number])
                hidden = hidden[:, None]
            outputs.append(hidden)
            carried += after
            if number == 0 and self.look_back is not None:
                seen, result["weights"] = self.look_back(
                    hidden, memory["encoded"], source_mask=memory["mask"]
                )
                context = [seen]
        last = self.drop(_join([_sum(outputs), *context, *direct]))
        logits = self.embedding(self.features(last), reverse=True)
        return result | {"logits": self.frequencies(logits), "states": carried}


def _sum(tensors: list) -> Any:
    return layers.add(tensors) if len(tensors) > 1 else tensors[0]


def _join(tensors: list) -> Any:
    return ops.concatenate(tensors, axis=-1) if len(tensors) > 1 else tensors[0]
