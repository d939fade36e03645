"""The options of every program that exports a model, and what must be installed."""

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError

FORMATS = ("onnx", "tflite", "saved_model")
# What writes a format and what runs it; all are in the extra `export`.
_PACKAGES = {
    "onnx": ("tf2onnx", "onnxruntime"),
    "tflite": ("ai_edge_litert",),
    "saved_model": (),
}


@dataclass(frozen=True)
class ExportOptions:
    """What every export can be asked for; projects inherit from these."""

    run_dir: Path | None = option(None, "a finished run; none: the newest")
    format: str = option(
        "onnx",
        "onnx: ONNX Runtime; tflite: LiteRT, on telephones; saved_model: TensorFlow",
        choices=FORMATS,
    )
    output: Path | None = option(None, "folder; none: export in the run's folder")
    batch_size: int = option(
        1, "examples at once in a tflite file, which is fixed to it", minimum=1
    )
    overwrite: bool = option(False, "replace what is there")

    def __post_init__(self) -> None:
        """Refuse what this environment cannot export.

        Raises:
            UserError: A package is missing, or the backend is not TensorFlow.
        """
        check_environment(self.format)


def check_environment(format: str) -> None:
    """Raise a `UserError` if models cannot be exported to a format here."""
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if backend != "tensorflow":
        raise UserError(
            "Expected the backend tensorflow, which alone writes all formats."
            f" Received: KERAS_BACKEND={backend}. Leave it unset: the models of all"
            " backends are the same files."
        )
    for package in _PACKAGES[format]:
        if importlib.util.find_spec(package) is None:
            raise UserError(
                f"Expected the package {package} for --format {format}. Received: an"
                " environment without it. Run: pip install -e '.[export]'"
            )
