"""Run a model on arrays without retracing it for every new shape."""

from collections.abc import Callable
from typing import Any

import keras


def compiled(model: keras.Model) -> Callable[[Any], Any]:
    """Return a function that runs a model for inference.

    On TensorFlow `Model.predict_on_batch` traces the model anew for several shapes,
    each time for as long as hundreds of runs take. Here it is traced once, for all
    shapes that its inputs allow. Other backends run `predict_on_batch`.

    Args:
        model: A built model; its inputs are a tensor or a dict of tensors.

    Returns:
        A function from arrays, in the structure of `model.input`, to arrays in the
        structure of the outputs. It may be called from several threads.
    """
    if keras.backend.backend() != "tensorflow":
        return model.predict_on_batch
    import tensorflow as tf  # here: other backends do without it

    inputs = model.input
    signature = keras.tree.map_structure(
        lambda tensor: tf.TensorSpec(tensor.shape, tensor.dtype), inputs
    )
    traced = tf.function(
        lambda given: model(given, training=False), input_signature=[signature]
    )

    def run(given: Any) -> Any:
        if isinstance(signature, dict):
            given = {name: given[name] for name in signature}
        return keras.tree.map_structure(lambda tensor: tensor.numpy(), traced(given))

    return run
