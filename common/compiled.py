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
    run = model.predict_on_batch
    if keras.backend.backend() == "tensorflow":
        run = _traced(model)
    if not isinstance(model.input, dict):
        return run
    names = tuple(model.input)  # of what is given, the model may need a part only
    return lambda given: run({name: given[name] for name in names})


def _traced(model: keras.Model) -> Callable[[Any], Any]:
    import tensorflow as tf  # here: other backends do without it

    signature = keras.tree.map_structure(
        lambda tensor: tf.TensorSpec(tensor.shape, tensor.dtype), model.input
    )
    traced = tf.function(
        lambda given: model(given, training=False), input_signature=[signature]
    )
    return lambda given: keras.tree.map_structure(
        lambda tensor: tensor.numpy(), traced(given)
    )
