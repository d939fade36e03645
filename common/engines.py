"""Formats of models for other programs, each written and run by its own engine.

A model here is a `keras.Model` from a dict of tensors to a dict of tensors. An
engine's own view of a file is a function from a dict of arrays to a dict of arrays,
the same names in both.
"""

import contextlib
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from common.startup import noise_held_back

Arrays = dict[str, np.ndarray]
Run = Callable[[Arrays], Arrays]
Shapes = Mapping[str, tuple[int, ...]]


class Engine(NamedTuple):
    """How a format is written and run.

    Attributes:
        package: Distribution of the engine.
        fixed: Whether a file takes inputs of one shape only.
        write: From a model, the path, and the shapes for a fixed format.
        load: From the path to what the engine makes of it.
    """

    package: str
    fixed: bool
    write: Callable[[keras.Model, Path, Shapes], None]
    load: Callable[[Path], Run]


def _write_onnx(model: keras.Model, path: Path, shapes: Shapes) -> None:
    with _quiet():
        model.export(str(path), format="onnx", verbose=False)


def _load_onnx(path: Path) -> Run:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return lambda given: dict(zip(names, session.run(names, given), strict=True))


def _write_tflite(model: keras.Model, path: Path, shapes: Shapes) -> None:
    # With a batch of any size, LSTMs become operations that LiteRT does not have.
    signature = {
        tensor.name: keras.InputSpec(
            shape=shapes[tensor.name], dtype=tensor.dtype, name=tensor.name
        )
        for tensor in model.inputs
    }
    with _quiet():
        model.export(
            str(path), format="litert", verbose=False, input_signature=[signature]
        )


def _load_tflite(path: Path) -> Run:
    from ai_edge_litert.interpreter import Interpreter

    with noise_held_back():
        run = Interpreter(model_path=str(path)).get_signature_runner()
    return lambda given: dict(run(**given))


def _write_saved_model(model: keras.Model, path: Path, shapes: Shapes) -> None:
    with _quiet():
        model.export(str(path), format="tf_saved_model", verbose=False)


def _load_saved_model(path: Path) -> Run:
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))
    serve = loaded.signatures["serving_default"]

    def run(given: Arrays, kept: object = loaded) -> Arrays:  # it owns the weights
        found = serve(**{name: tf.constant(array) for name, array in given.items()})
        return {name: tensor.numpy() for name, tensor in found.items()}

    return run


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hold back what converters say where all is well."""
    logging.getLogger("tf2onnx").setLevel(logging.WARNING)
    with noise_held_back(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "In the future `np.object`", FutureWarning)
        yield


ENGINES = {
    "onnx": Engine("onnxruntime", False, _write_onnx, _load_onnx),
    "tflite": Engine("ai-edge-litert", True, _write_tflite, _load_tflite),
    "saved_model": Engine("tensorflow", False, _write_saved_model, _load_saved_model),
}
