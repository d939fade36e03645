"""Write the nets of a finished run for other programs.

python projects/stock_lstm/export.py --run-dir runs/stock_lstm/NAME --format onnx
writes forecaster.onnx with a description, examples and scaler.json into `export` in
the run's folder; docs/export.md shows how such files are used.
"""

from collections.abc import Sequence

from common.config import parse_config
from common.errors import run_main
from common.export_options import ExportOptions
from common.runs import RunDirectory
from common.startup import quiet_keras

PROJECT = "stock_lstm"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(ExportOptions, argv, __doc__)
    run = RunDirectory.open_newest(PROJECT, config.run_dir)
    quiet_keras()
    from common.exporting import export_all
    from projects.stock_lstm.exported import exported_part

    parts = [exported_part(run.path, config.batch_size)]
    beside = [run.path / "scaler.json"]
    folder = config.output or run.path / "export"
    print(*export_all(parts, beside, config, folder), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(run_main(main))
