"""A network out of keras.applications that turns pictures into features."""

import hashlib
import inspect
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import keras

from common.errors import UserError
from projects.video_activity.features.weights import (
    BEST_FIRST,
    NONE,
    find_weights,
    hash_weights,
)
from projects.video_activity.sources import find_imagenet_weights, plain

_LOAD_ERRORS = (ValueError, OSError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class Backbone:
    """A network for features.

    Attributes:
        name: As it was asked for, "inception_v3".
        model: Takes uint8 pictures `(batch, size, size, 3)`, RGB, prepares them as
            the network wants them, and returns float32 `(batch, dim)`: its last
            feature maps, averaged over the picture.
        size: Side of the pictures, pixels.
        dim: Number of features.
        sha: Hash of the weights.
    """

    name: str
    model: keras.Model
    size: int
    dim: int
    sha: str


def build_backbone(
    name: str,
    size: int = 200,
    weights: str | None = "imagenet",
    *,
    download: bool = False,
    cache: Path | None = None,
) -> Backbone:
    """Build a network and load its weights.

    Args:
        name: Any of keras.applications, such as "efficientnet_b0".
        size: Side of the pictures, pixels.
        weights: "imagenet", the path of a file of weights without the classes at
            the top, or "none" for random ones. None means "imagenet".
        download: Whether Keras may download the weights of ImageNet.
        cache: The folder of downloads, see `common.download.fetch`.

    Raises:
        UserError: There is no such network, it cannot see pictures of that size, or
            the weights are missing, broken or those of another network.
    """
    build, module = _find(name)
    path = find_weights(name, weights, download=download, cache=cache)
    downloads = path is None and weights != "none"
    try:
        network = build(
            include_top=False,
            pooling="avg",
            input_shape=(size, size, 3),
            weights="imagenet" if downloads else None,
        )
    except ValueError as error:
        raise UserError(
            f"A size that {name} can see expected. Received: {size}. {error}"
        ) from error
    if path is not None:
        _load(network, path, name)
    elif downloads:
        path = find_imagenet_weights(name, cache)
    pictures = keras.Input((size, size, 3), dtype="uint8", name="pictures")
    prepared = module.preprocess_input(keras.ops.cast(pictures, "float32"))
    model = keras.Model(pictures, network(prepared), name=f"{network.name}_features")
    model.trainable = False
    sha = _hash_values(network) if path is None else hash_weights(path)
    return Backbone(name, model, size, int(model.output.shape[-1]), sha)


def backbone_names() -> tuple[str, ...]:
    """Return the networks that Keras has, as Keras spells them."""
    return tuple(sorted(_networks()))


def _networks() -> dict[str, tuple[Callable, ModuleType]]:
    found: dict[str, tuple[Callable, ModuleType]] = {}
    for _, module in inspect.getmembers(keras.applications, inspect.ismodule):
        if hasattr(module, "preprocess_input"):
            found |= {
                name: (build, module)
                for name, build in inspect.getmembers(module, inspect.isfunction)
                if name[0].isupper()
            }
    return found


def _find(name: str) -> tuple[Callable, ModuleType]:
    spelled = {plain(known): both for known, both in _networks().items()}
    if plain(name) not in spelled:
        raise UserError(
            f"A backbone expected: auto, {NONE}, {', '.join(BEST_FIRST)} or another"
            f" of keras.applications. Received: {name}. Keras has"
            f" {', '.join(backbone_names())}."
        )
    return spelled[plain(name)]


def _load(network: keras.Model, path: Path, name: str) -> None:
    advice = "Name the file of weights without top that belongs to it."
    # Keras goes by the ending and would not look into other files.
    if path.suffix not in (".h5", ".keras"):
        raise UserError(f"Weights in a .h5 file expected. Received: {path}. {advice}")
    try:
        with warnings.catch_warnings():
            # What Keras only warns of: layers that the file does not have.
            warnings.filterwarnings("error", ".*freshly-initialized", UserWarning)
            network.load_weights(path)
    except (*_LOAD_ERRORS, UserWarning) as error:
        reason = " ".join(str(error).split())[:150]
        raise UserError(
            f"Weights of {name} expected in {path}. Received: others, or a broken"
            f" file ({reason}). {advice}"
        ) from error


def _hash_values(network: keras.Model) -> str:
    hashed = hashlib.sha256()
    for value in network.get_weights():
        hashed.update(value.tobytes())
    return hashed.hexdigest()
