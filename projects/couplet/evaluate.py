"""Measure how well first lines are answered, beside people and models that count.

python projects/couplet/evaluate.py: the model that comes along, on the test pairs.
--run-dir RUN: one's own. --compare RUN,RUN: several in one table. --part valid to
choose by, --lines 200 --picks 100,50 for a quick look, --data sample where the public
set is not at hand. Writes report.md, metrics.json and answers.csv.
"""

from collections.abc import Sequence
from pathlib import Path

from common.config import config_to_dict, parse_config, select
from common.errors import note, run_main
from common.resuming import command_of
from common.runs import RUNS, RunDirectory, write_csv
from common.startup import quiet_keras
from projects.couplet.evaluate_config import EvaluateConfig

PROJECT = "couplet"
SHIPPED = "shipped model"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(EvaluateConfig, argv, __doc__)
    runs = _open_runs(config)
    material = _read(config, runs)
    quiet_keras()  # not sooner: missing data are told at once
    from projects.couplet.evaluation.evaluation import examine
    from projects.couplet.evaluation.preparation import Exercise, prepare
    from projects.couplet.evaluation.report import make_report

    exercise = select(Exercise, config)
    examiner, systems, notes = prepare(exercise, material, runs, config.quiet)
    found = {}
    for system in systems:

        def tell(text, name=system.name):
            config.tell(f"{name}: {text}")

        found[system.name] = examine(system, examiner, config.weightings, tell)
    title = f"{', '.join(runs)}: {config.part} pairs of {examiner.exam.pairs.name}"
    settings = config_to_dict(config)
    command = command_of(__file__, argv)
    report = make_report(title, command, found, examiner, settings, notes)
    folder = config.output or _folder(config, runs)
    folder.mkdir(parents=True, exist_ok=True)
    _save_answers(folder, examiner.exam, found)
    report.save(folder)
    print(report.to_text(folder))
    return 0


def _open_runs(config):
    """Return the folders of the models by name; None is the shipped one's."""
    if config.compare:
        runs = [RunDirectory.open(Path(name)) for name in config.compare]
    elif config.run_dir:
        runs = [RunDirectory.open(config.run_dir)]
    else:
        return {SHIPPED: None}
    named = {}
    for run in runs:
        path = run.path.resolve()
        # Two runs of one name, in different folders, are told by these.
        named[str(path) if path.name in named else path.name] = run.path
    return named


def _read(config, runs):
    """Return the pairs: those named, or those that the first model learned from."""
    from projects.couplet.evaluation.material import MACHINE, load_material

    first = next(iter(runs.values()))
    material = load_material(
        config.data, config.part, first, config.data_dir, limit=config.limit
    )
    if material.by_machine:
        note(MACHINE)
    return material


def _folder(config, runs):
    """Return where the report goes when nothing was said."""
    if config.run_dir:
        return config.run_dir / "evaluation"
    name = "-".join(Path(name).name.replace(" ", "-") for name in runs)
    return RUNS / PROJECT / "evaluations" / f"{name}-{config.part}"


def _save_answers(folder, exam, found):
    import pandas as pd

    people = ["/".join(answers) for answers in exam.answers]
    columns = {"first": exam.lines, "human": people}
    columns |= {name: figures.answers for name, figures in found.items()}
    write_csv(folder / "answers.csv", pd.DataFrame(columns), index=False)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
