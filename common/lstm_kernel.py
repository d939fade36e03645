"""TensorFlow's sequence kernel of the LSTM, its gradient, and its use with masks.

Only for the TensorFlow backend. Gates lie in the order of Keras in the weights
that come in (input, forget, candidate, output); sequences have time first.
"""

from typing import Any, NamedTuple

import tensorflow as tf

# From here on a gradient of large products beats that of the kernel (see below).
MANY_UNITS = 128


class State(NamedTuple):
    """Output and carry of an LSTM, each of shape `(batch, units)`."""

    output: tf.Tensor
    carry: tf.Tensor


class Weights(NamedTuple):
    """Shapes `(features, 4 * units)`, `(units, 4 * units)` and `(4 * units,)`."""

    kernel: tf.Tensor
    recurrent_kernel: tf.Tensor
    bias: tf.Tensor


def run(sequences: tf.Tensor, state: State, weights: Weights) -> State:
    """Run an LSTM over sequences in which every step counts.

    Args:
        sequences: float32 of shape `(time, batch, features)`.
        state: The state before the first step.
        weights: As in `keras.layers.LSTMCell`, float32.

    Returns:
        The states after every step, each of shape `(time, batch, units)`.
    """
    kernel = weights.kernel
    if kernel.shape[0] % 2:
        # The operation warns on stderr at every batch of an odd size when
        # the features are odd too; a feature of zeros changes nothing.
        sequences = tf.pad(sequences, [[0, 0], [0, 0], [0, 1]])
        kernel = tf.pad(kernel, [[0, 1], [0, 0]])
    stacked = _reorder_gates(tf.concat([kernel, weights.recurrent_kernel], axis=0))
    arguments = (sequences, *state, stacked, _reorder_gates(weights.bias))
    if state.output.shape[-1] >= MANY_UNITS:
        return State(*_with_large_products(*arguments))
    result = _block_lstm(*arguments)
    return State(result.h, result.cs)


def run_masked(
    sequences: tf.Tensor, mask: tf.Tensor, state: State, weights: Weights
) -> tuple[tf.Tensor, State]:
    """Run an LSTM over the steps that count, wherever they lie.

    The steps that count come first, run, and are put back. A step that does not
    count holds the output of the last one that did, zero before the first.

    Args:
        sequences: float32 of shape `(batch, time, features)`: here time is second.
        mask: Booleans of shape `(batch, time)`, True where a step counts.
        state: The state before the first step.
        weights: As for `run`.

    Returns:
        The outputs, `(batch, time, units)`, and the state after the last step
        that counts.
    """
    rows, steps = (tf.range(size) for size in tf.unstack(tf.shape(mask)))
    # Distinct keys, because the sort does not promise to be stable.
    order = tf.argsort(tf.where(mask, steps, steps + tf.size(steps)), axis=1)
    # Not `order` is transposed: of integers oneDNN would complain on stderr.
    sequences = tf.gather_nd(sequences, _pairs(rows[:, None], order))
    states = run(tf.transpose(sequences, (1, 0, 2)), state, weights)
    done = tf.cumsum(tf.cast(mask, tf.int32), axis=1)  # steps that counted so far
    blank = tf.zeros_like(state.output)
    held = tf.concat([blank[None], states.output], axis=0)
    end = _pairs(done[:, -1], rows)
    last = State(
        *(
            tf.gather_nd(tf.concat([before[None], after], axis=0), end)
            for before, after in zip(state, states, strict=True)
        )
    )
    return tf.gather_nd(held, _pairs(done, rows[:, None])), last


def _pairs(first: tf.Tensor, second: tf.Tensor) -> tf.Tensor:
    """Broadcast two index tensors and pair them along a new last axis."""
    shape = tf.broadcast_dynamic_shape(tf.shape(first), tf.shape(second))
    return tf.stack([tf.broadcast_to(i, shape) for i in (first, second)], axis=-1)


def _reorder_gates(weights: tf.Tensor) -> tf.Tensor:
    """From input, forget, candidate, output to input, candidate, forget, output."""
    i, f, c, o = tf.split(weights, 4, axis=-1)
    return tf.concat([i, c, f, o], axis=-1)


def _block_lstm(
    sequences: tf.Tensor,
    output: tf.Tensor,
    carry: tf.Tensor,
    weights: tf.Tensor,
    bias: tf.Tensor,
) -> Any:
    # Not BlockLSTMV2, although it takes the gates in the order of Keras:
    # TensorFlow registers the gradient of this first version for both, and that
    # reads the gates in the order above, so V2 trains on wrong gradients.
    unused = tf.zeros(output.shape[-1])
    return tf.raw_ops.BlockLSTM(
        seq_len_max=tf.shape(sequences, out_type=tf.int64)[0],
        x=sequences,
        cs_prev=carry,
        h_prev=output,
        w=weights,
        wci=unused,
        wcf=unused,
        wco=unused,
        b=bias,
        forget_bias=0.0,  # the bias of Keras already holds it
        cell_clip=-1.0,
        use_peephole=False,
    )


@tf.custom_gradient
def _with_large_products(
    sequences: tf.Tensor,
    output: tf.Tensor,
    carry: tf.Tensor,
    weights: tf.Tensor,
    bias: tf.Tensor,
) -> Any:
    """Run the kernel, but with a gradient of our own for many units.

    The kernel's gradient adds a product of the size of the weights at every
    step, which takes most of the time when they outgrow the cache. Here the loop
    finds the gradients of the gates only, and one product over all steps follows.
    """
    result = _block_lstm(sequences, output, carry, weights, bias)

    def gradient(
        outputs_gradient: tf.Tensor, carries_gradient: tf.Tensor
    ) -> tuple[tf.Tensor, ...]:
        features, size = sequences.shape[-1], bias.shape[0]
        gates, *state_gradients = _gate_gradients(
            result, carry, weights[features:], outputs_gradient, carries_gradient
        )
        gates = tf.reshape(gates, (-1, size))
        befores = tf.concat([output[None], result.h[:-1]], axis=0)
        inputs = tf.reshape(
            tf.concat([sequences, befores], axis=-1), (-1, weights.shape[0])
        )
        return (
            tf.reshape(
                tf.matmul(gates, weights[:features], transpose_b=True),
                tf.shape(sequences),
            ),
            *state_gradients,
            tf.matmul(inputs, gates, transpose_a=True),
            tf.reduce_sum(gates, axis=0),
        )

    return (result.h, result.cs), gradient


def _gate_gradients(
    result: Any,
    carry: tf.Tensor,
    recurrent: tf.Tensor,
    outputs_gradient: tf.Tensor,
    carries_gradient: tf.Tensor,
) -> tuple[tf.Tensor, ...]:
    """Go back through time; return `(time, batch, 4 * units)` and the two states'."""
    i, c, f, o, squashed = result.i, result.ci, result.f, result.o, result.co
    before = tf.concat([carry[None], result.cs[:-1]], axis=0)
    slopes = [c * i * (1 - i), i * (1 - c * c)]
    slopes += [before * f * (1 - f), squashed * o * (1 - o)]
    columns = [
        tf.concat(slopes, axis=-1),
        o * (1 - squashed * squashed),
        f,
        outputs_gradient,
        carries_gradient,
    ]
    time = tf.shape(f)[0]
    columns = [tf.TensorArray(tf.float32, time).unstack(column) for column in columns]
    gates = tf.TensorArray(tf.float32, time, element_shape=(None, 4 * f.shape[-1]))

    def step(
        t: tf.Tensor,
        output_gradient: tf.Tensor,
        carry_gradient: tf.Tensor,
        gates: tf.TensorArray,
    ) -> tuple:
        slope, through, forget, from_output, from_carry = (a.read(t) for a in columns)
        output_gradient += from_output
        carry_gradient += from_carry + output_gradient * through
        gate = slope * tf.concat([carry_gradient] * 3 + [output_gradient], axis=-1)
        before = tf.matmul(gate, recurrent, transpose_b=True)
        return t - 1, before, carry_gradient * forget, gates.write(t, gate)

    start = tf.zeros_like(carry)
    _, *states, gates = tf.while_loop(
        lambda t, *_: t >= 0, step, (time - 1, start, start, gates)
    )
    return gates.stack(), *states
