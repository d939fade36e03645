"""Train the language model of poems, beside n-gram models of the same poems.

python projects/couplet/train_poems.py: from Tang poems of 5- and 7-character clauses.
--poems FILE: your own, one poem a line. Writes a run directory with report.md and the
poet, the folder that poem.py --poet takes.
"""

from collections.abc import Sequence

from common.config import parse_config, select
from common.errors import run_main
from common.resuming import RunStart, command_of
from common.runs import write_csv
from common.startup import quiet_keras
from projects.couplet.train_poems_config import TrainPoemsConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, given = parse_config(TrainPoemsConfig, argv, __doc__)
    start = RunStart("couplet", config, given, command_of(__file__, argv))
    config = start.config
    split, inputs = _read(config)
    start.set_inputs(**inputs)
    quiet_keras()  # not sooner: a bad file is told at once
    with start.begin() as run:
        report = _train(config, run, split, start.command)
        report.save(run.path)
    print(report.to_text(run.path))
    return 0


def _read(config):
    """Return the poems, split, and what tells them apart from others."""
    import hashlib

    from projects.couplet.poems.corpus import read_poems, split_poems
    from projects.couplet.sources import find_poems

    path = config.poems or find_poems(config.data_dir)
    poems = read_poems(path)
    split = split_poems(poems, config.held_out)
    config.tell(
        f"{len(split.train):,} poems to learn from, {len(split.valid):,} to choose"
        f" by, {len(split.test):,} to measure on"
    )
    digest = hashlib.sha256("\n".join(poems).encode()).hexdigest()
    return split, {"sha256": digest, "poems": len(poems)}


def _train(config, run, split, command):
    """Train and measure; save the poet; return the report."""
    import pandas as pd

    from projects.couplet.poems import training as poem_training
    from projects.couplet.poems.poet import SUBFOLDER
    from projects.couplet.poems.report import make_report

    recipe = select(poem_training.Recipe, config)
    fitted = poem_training.train(
        split, recipe, checkpoint=run.checkpoints / "poems", quiet=config.quiet
    )
    folder = run.path / SUBFOLDER
    folder.mkdir(exist_ok=True)
    poem_training.save(fitted, split, folder)
    write_csv(run.path / "history.csv", pd.DataFrame(fitted.history), index=False)
    config.tell("measuring")
    return make_report(fitted, split, folder, config.samples, command)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
