"""Measure how well first lines are answered, beside people and models that count.

python projects/couplet/evaluate.py: the model that comes along, on the test pairs.
--run-dir RUN: one's own. --compare RUN,RUN: several in one table. --part valid to
choose by, --lines 200 --picks 100,50 for a quick look. Writes report.md, metrics.json
and answers.csv.
"""

from collections.abc import Sequence
from pathlib import Path

from common.config import config_to_dict, parse_config
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
    quiet_keras()
    from projects.couplet.evaluation import examine
    from projects.couplet.evaluation_report import make_report

    examiner, systems, notes = _prepare(config, runs)
    found = {}
    for system in systems:

        def tell(text, name=system.name):
            if not config.quiet:
                note(f"{name}: {text}")

        found[system.name] = examine(system, examiner, config.weightings, tell)
    title = f"{', '.join(runs)}: {config.part} pairs of {examiner.exam.pairs.name}"
    settings = config_to_dict(config)
    command = command_of(__file__, argv)
    report = make_report(title, command, found, examiner, settings, notes)
    print(report.to_text())
    folder = config.output or _folder(config, runs)
    folder.mkdir(parents=True, exist_ok=True)
    _save_answers(folder, examiner.exam, found)
    report.save(folder)
    print(f"\nReport and answers: {folder}")
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


def _prepare(config, runs):
    """Load models and pairs; return who asks, who is asked, and notes."""
    from projects.couplet.data import load_split
    from projects.couplet.exam import make_exam
    from projects.couplet.examiner import Examiner, fit_bigrams
    from projects.couplet.systems import fit_baselines
    from projects.couplet.tokens import Tokens
    from projects.couplet.trained import Trained

    trained = [Trained.load(name, folder) for name, folder in runs.items()]
    data = config.data or trained[0].lessons.data
    split = load_split(data, config.data_dir, limit=config.limit)
    held_out = split.test if config.part == "test" else split.valid
    references = _references(data, config)
    exam = make_exam(
        held_out, references, lines=config.lines, picks=config.picks, seed=config.seed
    )
    least = min(system.lessons.min_count for system in trained)
    lines = [*split.train.first, *split.train.second]
    tokens, tones = Tokens.from_lines(lines, min_count=least), trained[0].writer.tones
    bigrams = fit_bigrams(split.train.second, tokens)
    systems = trained
    if config.baselines:
        if not config.quiet:
            note(f"counting in {len(split.train):,} pairs")
        counted = fit_baselines(split.train, split.valid, tokens, bigrams, tones)
        systems = [*counted, *trained]
    known = [_han(tokens), *(_han(system.tokens) for system in systems)]
    examiner = Examiner(exam, tones, tokens, bigrams, frozenset.intersection(*known))
    return examiner, systems, [_describe(data, split, config.part, least)]


def _references(data, config):
    """Return all known human answers to test lines, where these are published."""
    from projects.couplet.reading import read_references
    from projects.couplet.sources import find_couplets

    if data != "couplets" or config.part != "test":
        return []
    return read_references(find_couplets("test_refs", config.data_dir))


def _han(tokens):
    characters = zip(tokens.characters, tokens.han_mask, strict=True)
    return frozenset(char for char, han in characters if han)


def _describe(data, split, part, least):
    return (
        f"Data: {data} (sha256 {split.sha256[:16]}). Models that count learned from"
        f" {len(split.train):,} pairs, characters seen less than {least} times are"
        " unknown to them; the weights of the count model were fitted on the valid"
        f" pairs{', which flatters it here' if part == 'valid' else ''}."
    )


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
