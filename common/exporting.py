"""Trained models as files for other programs, proved to say what Keras says.

    NAME.onnx         the model; NAME.tflite, or the folder NAME.saved_model
    NAME.onnx.json    names, shapes and dtypes, what they mean, the proof
    NAME.onnx.npz     the first examples with Keras' answers: `input.x`, `output.y`

A file gets its name after its own engine has answered the examples as Keras does.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from common.engines import ENGINES, Arrays, Run, Shapes
from common.environment import package_version
from common.errors import UserError
from common.export_options import ExportOptions
from common.files import atomic_write, write_json
from common.lstm import portable
from common.places import check_folder

TOLERANCE = 1e-4


@dataclass(frozen=True)
class Part:
    """One model to be exported.

    Attributes:
        name: Of its files.
        model: Its inputs are a tensor or a dict of tensors, and so are its outputs.
        examples: Inputs by name. Formats of fixed shapes take those of the first and
            are tried on it alone; the others are tried on all.
        meaning: What a reader needs to know of inputs and outputs; fit for JSON.
    """

    name: str
    model: keras.Model
    examples: Sequence[Arrays]
    meaning: dict[str, Any]


def export_all(
    parts: Sequence[Part], beside: Sequence[Path], options: ExportOptions, folder: Path
) -> list[str]:
    """Export the models of a run, and copy beside them what their users need.

    Args:
        parts: The models.
        beside: Files to be copied: vocabulary, scaler, classes.
        options: The format, and whether to replace what is there.
        folder: Where to; made if missing.

    Returns:
        A line for each model: the file and its difference from Keras.

    Raises:
        UserError: See `export`; no part is written where one of them is there.
    """
    files = [folder / f"{part.name}.{options.format}" for part in parts]
    check_folder(folder, options.overwrite, replaced=files)
    lines = []
    for part in parts:
        path, difference = export(part, options.format, folder)
        lines.append(f"{path}: differs from Keras by at most {difference:.1e}")
    for path in beside:
        with atomic_write(folder / path.name) as temporary:
            shutil.copyfile(path, temporary)
    return lines


def export(part: Part, format: str, folder: Path) -> tuple[Path, float]:
    """Write a model, its description and its examples; replace what is there.

    Args:
        part: What to export.
        format: One of `export_options.FORMATS`.
        folder: Where to; made if missing.

    Returns:
        The file (a folder for saved_model), and its greatest difference from Keras
        over all outputs of all examples.

    Raises:
        UserError: The file says something else than Keras; it is not kept.
    """
    engine = ENGINES[format]
    path = folder / f"{part.name}.{format}"
    folder.mkdir(parents=True, exist_ok=True)
    model = _named(part)
    examples = part.examples[:1] if engine.fixed else part.examples
    answers = [_ask_keras(model, example) for example in examples]
    shapes = {name: array.shape for name, array in examples[0].items()}
    with _finished(path) as temporary:
        engine.write(model, temporary, shapes)
        run = engine.load(temporary)
        difference = _greatest_difference(run, examples, answers)
        _check(difference, path)
    _write_examples(examples[0], answers[0], folder / f"{path.name}.npz")
    described = {
        "file": path.name,
        **_describe(model, shapes if engine.fixed else {}),
        "meaning": part.meaning,
        "largest_difference": difference,
        "tolerance": TOLERANCE,
        "versions": {n: package_version(n) for n in ("keras", engine.package)},
    }
    write_json(folder / f"{path.name}.json", described)
    return path, difference


def _named(part: Part) -> keras.Model:
    """Return a portable model with a name for each input and output."""
    plain = portable(part.model)
    given = plain.input if isinstance(plain.input, dict) else plain.inputs[0]
    inputs = given if isinstance(given, dict) else {given.name: given}
    outputs = (
        plain.output if isinstance(plain.output, dict) else {"output": plain.output}
    )
    # Formats have one space of names: what comes out of `x` is `next_x`.
    outputs = {
        (f"next_{name}" if name in inputs else name): tensor
        for name, tensor in outputs.items()
    }
    model = keras.Model(inputs, outputs, name=part.name)
    _ask_keras(model, part.examples[0])  # Keras exports only what has run
    return model


def _ask_keras(model: keras.Model, example: Arrays) -> Arrays:
    found = model(example, training=False)
    return {name: keras.ops.convert_to_numpy(tensor) for name, tensor in found.items()}


def _greatest_difference(
    run: Run, examples: Sequence[Arrays], answers: Sequence[Arrays]
) -> float:
    """Return the greatest difference; infinite where a number is missing."""
    greatest = 0.0
    for example, expected in zip(examples, answers, strict=True):
        found = run(example)
        for name, values in expected.items():
            if found[name].shape != values.shape:
                return float("inf")
            difference = np.abs(found[name] - values).max(initial=0)
            if not np.isfinite(difference):
                return float("inf")
            greatest = max(greatest, float(difference))
    return greatest


def _check(difference: float, path: Path) -> None:
    if difference > TOLERANCE:
        raise UserError(
            f"Expected {path.name} to differ from Keras by at most {TOLERANCE:g}."
            f" Received: {difference:.3g}. Nothing was written; try another --format."
        )


def _describe(model: keras.Model, fixed: Shapes) -> dict[str, Any]:
    """Return names, shapes (null: any size) and dtypes of inputs and outputs."""

    def line(name: str, tensor: Any, shape: tuple | None = None) -> dict[str, Any]:
        sizes = list(tensor.shape if shape is None else shape)
        return {"name": name, "shape": sizes, "dtype": tensor.dtype}

    return {
        "inputs": [line(t.name, t, fixed.get(t.name)) for t in model.inputs],
        "outputs": [line(name, tensor) for name, tensor in model.output.items()],
    }


def _write_examples(example: Arrays, answer: Arrays, path: Path) -> None:
    arrays = {f"input.{name}": array for name, array in example.items()}
    arrays |= {f"output.{name}": array for name, array in answer.items()}
    with atomic_write(path) as temporary:
        np.savez(temporary, allow_pickle=False, **arrays)


@contextlib.contextmanager
def _finished(path: Path) -> Iterator[Path]:
    """Yield a temporary place; what is there takes the name if all went well."""
    folder = Path(tempfile.mkdtemp(prefix=".", suffix=".tmp", dir=path.parent))
    try:
        yield folder / path.name
        if path.is_dir():
            shutil.rmtree(path)
        os.replace(folder / path.name, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
