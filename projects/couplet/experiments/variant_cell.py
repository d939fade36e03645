"""An LSTM cell with one part left out, coupled or added.

The forms and their names are those of Greff, Srivastava, Koutník, Steunebrink and
Schmidhuber, "LSTM: A Search Space Odyssey", 2017, section III; theirs has peepholes
in all forms but one, here they are in one form only, as Keras' own cell has none.
"""

from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from common.errors import UserError


@dataclass(frozen=True)
class Form:
    """What a cell has.

    Attributes:
        input_gate: False: all that is new enters (NIG).
        forget_gate: False: nothing is ever forgotten (NFG).
        output_gate: False: the whole memory is shown (NOG).
        input_activation: False: what is new is not squashed by tanh (NIAF).
        output_activation: False: what is shown is not squashed by tanh (NOAF).
        coupled: What enters replaces what is kept: f = 1 - i (CIFG).
        peepholes: The gates look at the memory, too.
    """

    input_gate: bool = True
    forget_gate: bool = True
    output_gate: bool = True
    input_activation: bool = True
    output_activation: bool = True
    coupled: bool = False
    peepholes: bool = False

    @property
    def gates(self) -> tuple[str, ...]:
        """The gates that have weights, in the order of Keras."""
        has = {
            "input": self.input_gate,
            "forget": self.forget_gate and not self.coupled,
            "output": self.output_gate,
        }
        return tuple(name for name, there in has.items() if there)


VARIANTS = {
    "vanilla": Form(),
    "NIG": Form(input_gate=False),
    "NFG": Form(forget_gate=False),
    "NOG": Form(output_gate=False),
    "NIAF": Form(input_activation=False),
    "NOAF": Form(output_activation=False),
    "CIFG": Form(coupled=True),
    "peephole": Form(peepholes=True),
}


@keras.saving.register_keras_serializable(package="couplet")
class VariantLSTMCell(keras.layers.Layer):
    """One step of an LSTM in one of `VARIANTS`; for `keras.layers.RNN`.

        i = sigmoid(x W_i + h U_i + b_i [+ p_i c])     f, o alike; o looks at the new c
        c = f c + i tanh(x W_c + h U_c + b_c)
        h = o tanh(c)

    "vanilla" has the weights and the results of `keras.layers.LSTMCell`. The forget
    gate begins nearly open (bias 1), as there; a coupled input gate nearly closed.
    """

    def __init__(self, units: int, variant: str = "vanilla", **kwargs: Any):
        """Choose the form.

        Args:
            units: Numbers of the output and of the memory.
            variant: A name out of `VARIANTS`.
            **kwargs: As of every layer.

        Raises:
            UserError: There is no such variant.
        """
        super().__init__(**kwargs)
        if variant not in VARIANTS:
            raise UserError(
                f"`variant` must be one of {', '.join(VARIANTS)}. Received: {variant}."
            )
        self.units, self.variant, self.form = units, variant, VARIANTS[variant]
        self.state_size = [units, units]
        self.output_size = units
        # The parts of the weights, in the order of Keras: i, f, c, o.
        gates = self.form.gates
        inner = [name for name in gates if name != "output"]
        self._parts = [*inner, "candidate", *gates[len(inner) :]]

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights; see `keras.layers.LSTMCell` for their shapes."""
        width = len(self._parts) * self.units
        self.kernel = self.add_weight(
            (input_shape[-1], width), "glorot_uniform", name="kernel"
        )
        self.recurrent_kernel = self.add_weight(
            (self.units, width), "orthogonal", name="recurrent_kernel"
        )
        self.bias = self.add_weight((width,), self._first_bias, name="bias")
        if self.form.peepholes:
            self.peepholes = {
                name: self.add_weight((self.units,), "zeros", name=f"{name}_peephole")
                for name in self.form.gates
            }

    def call(
        self, inputs: Any, states: list[Any], training: bool = False
    ) -> tuple[Any, list[Any]]:
        """Go on by one step.

        Args:
            inputs: Shape `(batch, features)`.
            states: Output and memory before, each `(batch, units)`.
            training: Changes nothing.

        Returns:
            The output, and output and memory.
        """
        output, memory = states
        sums = ops.matmul(inputs, self.kernel)
        sums += ops.matmul(output, self.recurrent_kernel) + self.bias
        parts = dict(
            zip(self._parts, ops.split(sums, len(self._parts), 1), strict=True)
        )
        enter = self._gate("input", parts, memory)
        keep = 1 - enter if self.form.coupled else self._gate("forget", parts, memory)
        new = parts["candidate"]
        memory = keep * memory + enter * (
            ops.tanh(new) if self.form.input_activation else new
        )
        shown = ops.tanh(memory) if self.form.output_activation else memory
        output = self._gate("output", parts, memory) * shown
        return output, [output, memory]

    def _gate(self, name, parts, memory):
        """Return how far a gate is open; one that is not there is."""
        if name not in parts:
            return ops.ones_like(memory)
        if self.form.peepholes:
            return ops.sigmoid(parts[name] + self.peepholes[name] * memory)
        return ops.sigmoid(parts[name])

    def _first_bias(self, shape, dtype=None):
        first = {"forget": 1.0, "input": -1.0 if self.form.coupled else 0.0}
        rows = [
            ops.full((self.units,), first.get(part, 0.0), dtype) for part in self._parts
        ]
        return ops.concatenate(rows)

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        """Return zeros: output and memory before the first step."""
        shape = (batch_size, self.units)
        return [ops.zeros(shape, self.compute_dtype) for _ in self.state_size]

    def get_config(self) -> dict[str, Any]:
        """Return what makes such a cell."""
        own = {"units": self.units, "variant": self.variant}
        return {**super().get_config(), **own}
