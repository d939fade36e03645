"""Write the classifier of a finished run for other programs.

python projects/video_activity/export.py --run-dir runs/video_activity/NAME --format
onnx [--backbone] writes classifier.onnx with a description, examples and
classifier.json into `export` in the run's folder; docs/export.md shows how such files
are used.
"""

from collections.abc import Sequence

from common.config import parse_config
from common.errors import run_main
from common.runs import RunDirectory
from common.startup import quiet_keras
from projects.video_activity.export_config import ExportConfig

PROJECT = "video_activity"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(ExportConfig, argv, __doc__)
    run = RunDirectory.open_newest(PROJECT, config.run_dir)
    quiet_keras()
    from common.exporting import export_all
    from projects.video_activity.network.exported import backbone_part, classifier_part
    from projects.video_activity.network.trained import Classifier

    classifier = Classifier.load(run.path)
    parts = [classifier_part(classifier, config.batch_size)]
    if config.backbone:
        parts += filter(None, [backbone_part(classifier, config.batch_size)])
    beside = [run.path / "classifier.json"]
    folder = config.output or run.path / "export"
    print(*export_all(parts, beside, config, folder), sep="\n")
    if config.backbone and len(parts) == 1:
        print("This classifier needs no backbone: it looks at motion alone.")
    return 0


if __name__ == "__main__":
    raise SystemExit(run_main(main))
