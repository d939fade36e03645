"""Which backbone, and where its weights are; without loading Keras."""

import hashlib
from pathlib import Path

from common.errors import UserError
from projects.video_activity.sources import find_imagenet_weights

BEST_FIRST = ("inception_v3", "mobilenet_v2")
NONE = "motion"  # the backbone that is none


def choose_backbone(name: str, cache: Path | None = None) -> str:
    """Return the name of a backbone; "auto" becomes the best whose weights are near.

    Args:
        name: "auto", or what is returned as it is.
        cache: The folder of downloads, see `common.download.fetch`.
    """
    if name != "auto":
        return name
    near = (best for best in BEST_FIRST if find_imagenet_weights(best, cache))
    return next(near, NONE)


def find_weights(
    name: str,
    weights: str | None,
    *,
    download: bool = False,
    cache: Path | None = None,
) -> Path | None:
    """Return the file of weights for a backbone; see `build_backbone`.

    Returns:
        None for random weights, and for those of ImageNet before their download.

    Raises:
        UserError: It is not there.
    """
    if weights == "none":
        return None
    if weights not in (None, "imagenet"):
        path = Path(weights)
        if not path.is_file():
            raise UserError(
                "imagenet, none or a file of weights expected for the backbone."
                f" Received: {weights}, which is no file."
            )
        return path
    path = find_imagenet_weights(name, cache)
    if path is None and not download:
        raise UserError(
            f"The ImageNet weights of {name} expected in Keras' cache. Received: none."
            " Allow the download with --download, name a file with --weights, or"
            f" choose --backbone {NONE}, which needs none."
        )
    return path


def hash_weights(path: Path) -> str:
    """Return the sha256 of a file of weights."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
