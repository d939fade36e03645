"""An LSTM layer that runs a whole sequence as one operation on a processor.

On the TensorFlow backend `keras.layers.LSTM` without a GPU is a loop of some
twenty small operations per time step. TensorFlow also ships a kernel that does
a whole sequence in one operation; `FusedLSTM` calls it. Weights, configuration
and results are those of `keras.layers.LSTM`, to rounding.
"""

from typing import TYPE_CHECKING, Any

import keras

if TYPE_CHECKING:
    from common.lstm_kernel import Weights


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

    def _run(self, sequences: Any, initial_state: list[Any]) -> tuple:
        from common import lstm_kernel

        ops = keras.ops
        outputs, carries = lstm_kernel.run(
            ops.swapaxes(sequences, 0, 1),
            lstm_kernel.State(*initial_state),
            self._weights(),
        )
        last = outputs[-1]
        if self.return_sequences:
            outputs = ops.swapaxes(outputs, 0, 1)
        else:
            outputs = last[:, None]
        return last, outputs, [last, carries[-1]]

    def _run_masked(self, sequences: Any, initial_state: list[Any], mask: Any) -> tuple:
        from common import lstm_kernel

        mask = keras.ops.cast(mask, "bool")
        outputs, state = lstm_kernel.run_masked(
            sequences, mask, lstm_kernel.State(*initial_state), self._weights()
        )
        if self.zero_output_for_mask:
            outputs = keras.ops.where(mask[..., None], outputs, 0.0)
        last = outputs[:, -1]
        return last, outputs if self.return_sequences else last[:, None], [*state]

    def _weights(self) -> "Weights":
        from common.lstm_kernel import Weights

        cell, bias = self.cell, self.cell.bias
        if bias is None:
            bias = keras.ops.zeros(4 * self.units)
        tensors = (cell.kernel, cell.recurrent_kernel, bias)
        return Weights(*map(keras.ops.convert_to_tensor, tensors))


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
