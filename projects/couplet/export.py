"""Write encoder and decoder of a model for other programs.

python projects/couplet/export.py --format onnx --output FOLDER [--run-dir RUN]
writes encode.onnx and step.onnx, each with a description and examples, and the
vocabulary; docs/export.md shows how second lines are written with them.
"""

from collections.abc import Sequence

from common.config import parse_config
from common.errors import run_main
from common.runs import RunDirectory
from common.startup import quiet_keras
from projects.couplet.export_config import ExportConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(ExportConfig, argv, __doc__)
    run = None if config.run_dir is None else RunDirectory.open(config.run_dir)
    quiet_keras()
    from common.exporting import export_all
    from projects.couplet.network.exported import exported_parts
    from projects.couplet.network.translator import Translator
    from projects.couplet.writer import SHIPPED

    model = SHIPPED if run is None else run.path
    translator = Translator.load(model)
    parts = exported_parts(translator, config.batch_size, config.length)
    beside = [model / "vocabulary.txt", model / "model.json"]
    folder = config.output or model / "export"
    print(*export_all(parts, beside, config, folder), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(run_main(main))
