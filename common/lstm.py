"""An LSTM layer that runs a whole sequence as one operation on a processor.

On the TensorFlow backend `keras.layers.LSTM` without a GPU is a loop of some
twenty small operations per time step. TensorFlow also ships a kernel that does
a whole sequence in one operation; `FusedLSTM` calls it. Weights, configuration
and results are those of `keras.layers.LSTM`, to rounding.
"""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="common")
class FusedLSTM(keras.layers.LSTM):
    """`keras.layers.LSTM`, the same arguments and weights, faster on a processor.

    The kernel serves float32 with the default activations on the TensorFlow
    backend when no GPU is visible. Everything else (other backends, a GPU, other
    activations or precisions, `recurrent_dropout`, `unroll`, `use_cudnn=True`)
    runs exactly as in `keras.layers.LSTM`. `jit_compile=True` is answered by
    Keras with a warning and an uncompiled step, because XLA lacks the kernel.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self._kernel_serves():
            self.supports_jit = False

    def inner_loop(
        self,
        sequences: Any,
        initial_state: list[Any],
        mask: Any,
        training: bool = False,
    ) -> tuple[Any, Any, list[Any]]:
        """Run the sequence; the hook that `keras.layers.RNN` calls.

        Args:
            sequences: Inputs of shape `(batch, time, features)`.
            initial_state: Output and carry, each of shape `(batch, units)`.
            mask: None or booleans of shape `(batch, time)`, True where a step
                counts. Any pattern will do.
            training: Whether to apply the input dropout.

        Returns:
            The last output `(batch, units)`; the outputs `(batch, time, units)`,
            or only the last one, `(batch, 1, units)`, without
            `return_sequences`; the final output and carry.
        """
        mask = keras.tree.flatten(mask)[0]
        if not self._kernel_serves() or (mask is not None and len(mask.shape) != 2):
            return super().inner_loop(sequences, initial_state, mask, training)
        if training and self.dropout:
            kept = self.cell.get_dropout_mask(sequences[:, 0])
            sequences = sequences * kept[:, None]
        if self.go_backwards:
            sequences = keras.ops.flip(sequences, axis=1)
            mask = None if mask is None else keras.ops.flip(mask, axis=1)
        if mask is None:
            return self._run(sequences, initial_state)
        return self._run_masked(sequences, initial_state, mask)

    def _kernel_serves(self) -> bool:
        if keras.backend.backend() != "tensorflow":
            return False
        import tensorflow as tf  # here: other backends do without it

        return (
            self.activation is keras.activations.tanh
            and self.recurrent_activation is keras.activations.sigmoid
            and not self.unroll
            and self.use_cudnn is not True
            and self.cell.implementation == 2  # 1 with recurrent dropout
            and self.compute_dtype == self.cell.compute_dtype == "float32"
            and not tf.config.list_logical_devices("GPU")
        )

    def _run(self, sequences, initial_state):
        import tensorflow as tf

        outputs, carries = self._kernel(
            tf.transpose(sequences, (1, 0, 2)), initial_state
        )
        last = outputs[-1]
        if self.return_sequences:
            outputs = tf.transpose(outputs, (1, 0, 2))
        else:
            outputs = last[:, None]
        return last, outputs, [last, carries[-1]]

    def _run_masked(self, sequences, initial_state, mask):
        """Let the steps that count come first, run, and put each back.

        A masked step holds the output and the state of the last step that
        counted; before the first one they are zero and the initial state.
        """
        import tensorflow as tf

        mask = tf.cast(mask, tf.bool)
        batch, time = tf.unstack(tf.shape(mask))
        steps = tf.range(time)
        # Distinct keys, because the sort does not promise to be stable.
        order = tf.argsort(tf.where(mask, steps, steps + time), axis=1)
        rows = tf.range(batch)
        sequences = tf.gather_nd(sequences, _pairs(rows[None], tf.transpose(order)))
        outputs, carries = self._kernel(sequences, initial_state)

        done = tf.cumsum(tf.cast(mask, tf.int32), axis=1)  # steps that counted so far
        output, carry = initial_state
        held = tf.concat([tf.zeros_like(output)[None], outputs], axis=0)
        held = tf.gather_nd(held, _pairs(done, rows[:, None]))
        if self.zero_output_for_mask:
            held = tf.where(mask[..., None], held, 0.0)
        end = _pairs(done[:, -1], rows)
        states = [
            tf.gather_nd(tf.concat([first[None], rest], axis=0), end)
            for first, rest in ((output, outputs), (carry, carries))
        ]
        last = held[:, -1]
        return last, held if self.return_sequences else last[:, None], states

    def _kernel(self, sequences, initial_state):
        """Map `(time, batch, features)` to two of shape `(time, batch, units)`."""
        import tensorflow as tf

        output, carry = initial_state
        cell = self.cell
        kernel = tf.convert_to_tensor(cell.kernel)
        if kernel.shape[0] % 2:
            # The operation warns on stderr at every batch of an odd size when
            # the features are odd too; a feature of zeros changes nothing.
            sequences = tf.pad(sequences, [[0, 0], [0, 0], [0, 1]])
            kernel = tf.pad(kernel, [[0, 1], [0, 0]])
        weights = tf.concat([kernel, cell.recurrent_kernel], axis=0)
        unused = tf.zeros(self.units)
        bias = tf.zeros(4 * self.units) if cell.bias is None else cell.bias
        # Not BlockLSTMV2, although it takes the gates in the order of Keras:
        # TensorFlow registers the gradient of this first version for both, and
        # that reads the gates in the order below, so V2 trains on wrong gradients.
        result = tf.raw_ops.BlockLSTM(
            seq_len_max=tf.shape(sequences, out_type=tf.int64)[0],
            x=sequences,
            cs_prev=carry,
            h_prev=output,
            w=_reorder_gates(weights),
            wci=unused,
            wcf=unused,
            wco=unused,
            b=_reorder_gates(bias),
            forget_bias=0.0,  # the bias of Keras already holds it
            cell_clip=-1.0,
            use_peephole=False,
        )
        return result.h, result.cs


def _pairs(first, second):
    """Broadcast two index tensors and pair them along a new last axis."""
    import tensorflow as tf

    shape = tf.broadcast_dynamic_shape(tf.shape(first), tf.shape(second))
    return tf.stack([tf.broadcast_to(i, shape) for i in (first, second)], axis=-1)


def _reorder_gates(weights):
    """From input, forget, candidate, output to input, candidate, forget, output."""
    import tensorflow as tf

    i, f, c, o = tf.split(weights, 4, axis=-1)
    return tf.concat([i, c, f, o], axis=-1)


def portable(model: keras.Model) -> keras.Model:
    """Copy a model with every `FusedLSTM` replaced by `keras.layers.LSTM`.

    A file saved from the copy loads anywhere, without this package. Layers
    inside wrappers such as `keras.layers.Bidirectional` and inside nested
    models are replaced too; names and weights stay.

    Args:
        model: A built model.

    Returns:
        The copy, not compiled.
    """
    config = keras.saving.serialize_keras_object(model)
    config.pop("compile_config", None)  # without the optimizer's state it misleads
    # The configuration is our own, so a Lambda layer in it is no risk.
    copy = keras.saving.deserialize_keras_object(_as_plain(config), safe_mode=False)
    copy.set_weights(model.get_weights())
    return copy


def _as_plain(config: Any) -> Any:
    """Rewrite a serialized object recursively."""
    if isinstance(config, dict):
        config = {key: _as_plain(value) for key, value in config.items()}
        if config.get("registered_name") == "common>FusedLSTM":
            plain = {"module": "keras.layers", "class_name": "LSTM"}
            config |= plain | {"registered_name": None}
        return config
    if isinstance(config, (list, tuple)):
        return type(config)(_as_plain(value) for value in config)
    return config
