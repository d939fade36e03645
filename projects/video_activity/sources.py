"""Where the weights of backbones come from."""

import os
import re
from pathlib import Path

from common.download import MIRROR_VARIABLE, Source, cache_folder, fetch

# Nobody serves this file in this form: the 8-bit numbers published at the address
# were written back as floats, batch normalization folded into the biases.
MOBILENET_V2 = Source(
    name="mobilenet_v2_1.0_224_no_top_from_quant.weights.h5",
    url="https://github.com/google-coral/edgetpu/blob/5020de9/test_data/"
    "mobilenet_v2_1.0_224_quant.tflite",
    sha256="db66bcfc09a75d447581032e0a317640d70a84007c8533c77d994852e4732a6d",
    size=9_449_296,
    licence="Apache-2.0",
    citation="MobileNetV2 1.0 224 (Sandler et al. 2018), trained on ImageNet and"
    " quantized by Google",
    mirror_path="weights/mobilenet_v2_1.0_224_no_top_from_quant.weights.h5",
)


def find_imagenet_weights(name: str, cache: Path | None = None) -> Path | None:
    """Return a file of ImageNet weights that is at hand; nothing is downloaded.

    Args:
        name: A backbone, such as "inception_v3".
        cache: The folder of downloads, see `common.download.fetch`.

    Returns:
        What Keras has downloaded once, or for "mobilenet_v2" the file of the mirror,
        or None.

    Raises:
        UserError: The file of the mirror was changed.
    """
    kept = [
        path
        for path in sorted(_keras_home().glob("models/*.h5"))
        if plain(path.name).startswith(plain(name)) and "notop" in plain(path.name)
    ]
    # MobileNets are there in several widths and sizes; these are the plain ones.
    kept.sort(key=lambda path: "10224" not in plain(path.name))
    if kept:
        return kept[0]
    if plain(name) == "mobilenetv2" and _is_near(MOBILENET_V2, cache):
        return fetch(MOBILENET_V2, cache)
    return None


def plain(name: str) -> str:
    """Return a name without what its spellings differ in: InceptionV3 inceptionv3."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _keras_home() -> Path:
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")


def _is_near(source: Source, cache: Path | None) -> bool:
    mirror = os.environ.get(MIRROR_VARIABLE)
    in_mirror = mirror and (Path(mirror) / source.mirror_path).is_file()
    return bool(in_mirror) or (cache_folder(cache) / source.name).is_file()
