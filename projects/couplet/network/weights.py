"""Weights on disk, float16: half the size, and no more is needed to use a model.

Reading them needs NumPy alone, for models that are small enough to run on it.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from common.errors import UserError
from common.files import atomic_write

if TYPE_CHECKING:
    import keras

_GREATEST = float(np.finfo(np.float16).max)


def save_weights(model: "keras.Model", path: Path) -> None:
    """Write the weights of a model as float16, whole or not at all.

    Args:
        model: A built model; its weights are told apart by their order.
        path: The file, ending in .npz; its folder exists.

    Raises:
        UserError: A weight is not finite in float16: the training has diverged.
    """
    arrays = {}
    values = zip(model.weights, model.get_weights(), strict=True)
    for number, (variable, array) in enumerate(values):
        if not np.abs(array).max(initial=0) <= _GREATEST:
            raise UserError(
                f"Expected weights of at most {_GREATEST:,.0f}. Received: greater"
                f" ones, or NaN, in {variable.path}. Train with a lower learning rate."
            )
        arrays[f"{number:03}"] = array.astype(np.float16)
    with atomic_write(Path(path)) as temporary:
        np.savez(temporary, **arrays)


def load_weights(model: "keras.Model", path: Path) -> None:
    """Read what `save_weights` wrote into a model of the same form.

    Args:
        model: A built model.
        path: The file.

    Raises:
        UserError: See `read_weights`.
    """
    shapes = [tuple(variable.shape) for variable in model.weights]
    model.set_weights(read_weights(path, shapes))


def read_weights(path: Path, shapes: Sequence[tuple[int, ...]]) -> list[np.ndarray]:
    """Read what `save_weights` wrote.

    Args:
        path: The file.
        shapes: The shapes that the model needs, in its order.

    Returns:
        float32 arrays.

    Raises:
        UserError: The file is missing, broken, or that of another model.
    """
    try:
        # Opened here, as NumPy leaves a broken archive open.
        with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = [file[name] for name in sorted(file.files)]
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        _refuse(path, "no such file")
    except (OSError, ValueError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        _refuse(path, f"a broken file ({type(error).__name__})")
    found = [array.shape for array in arrays]
    if len(found) != len(shapes):
        _refuse(path, f"those of another, {len(found)} arrays, not {len(shapes)}")
    for number, (shape, expected) in enumerate(zip(found, shapes, strict=True)):
        if shape != tuple(expected):
            _refuse(path, f"those of another, array {number} {shape}, not {expected}")
    return [array.astype(np.float32) for array in arrays]


def _refuse(path: Path, received: str) -> NoReturn:
    raise UserError(
        f"Expected the weights of this model in {path}. Received: {received}. Restore"
        " the file, or train again."
    )
