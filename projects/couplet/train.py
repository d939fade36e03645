"""Teach a machine to answer the first line of a couplet.

python projects/couplet/train.py: the public set of couplets, hours; where that is not
at hand, the sample that comes along, minutes. --preset quick: a minute with the sample,
two with the public set. --preset slides: the lecture's encoder-decoder with its fixed
vector C. --data FILE: your own two columns. Writes a run directory; generate.py and
serve.py take it with --run-dir, evaluate.py compares several.
"""

from collections.abc import Sequence
from dataclasses import replace

from common.config import config_from_dict, config_to_dict, parse_config, select
from common.distribution import check_alike, joined, share
from common.errors import run_main
from common.resuming import RunStart, command_of
from common.runs import write_csv
from common.startup import quiet_keras
from projects.couplet.config import PRESETS, Config
from projects.couplet.sources import choose_couplets


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, given = parse_config(Config, argv, __doc__, PRESETS)
    command = command_of(__file__, argv)
    if not config.distribute:
        return _run(config, given, command)
    with joined() as rank:
        return _run(config, given, command) if rank == 0 else _take_part(config)


def _run(config, given, command):
    """Read, train, write the run."""
    start = RunStart("couplet", config, given, command)
    config = start.config
    if config.data is None:  # the run keeps what is chosen here
        config = replace(config, data=choose_couplets(config.data_dir))
    split, tokens = _read(config)
    start.set_inputs(**split.facts)
    quiet_keras()  # not sooner: bad data are told at once
    with start.begin(config) as run:
        if config.distribute:
            share(config_to_dict(config))
            check_alike(split.facts)
        report = _train(config, run, split, tokens, command)
        report.save(run.path)
    print(report.to_text(run.path))
    return 0


def _take_part(own):
    """Compute along with the first process, which has the run."""
    config = config_from_dict(Config, share())
    config = replace(config, data_dir=own.data_dir, quiet=True)
    split, tokens = _read(config)
    check_alike(split.facts)
    _fit(config, split, tokens, None)
    return 0


def _read(config):
    """Return the line pairs and their characters."""
    from projects.couplet.pairs.data import load_split

    split = load_split(config.data, config.data_dir, limit=config.limit)
    tokens = split.characters(config.min_count)
    config.tell(f"{len(split.train):,} pairs to learn from, {len(tokens):,} characters")
    return split, tokens


def _fit(config, split, tokens, checkpoint):
    """Encode the lines and train; return the form, the model and the history."""
    from projects.couplet.network import trainer
    from projects.couplet.network.architecture import Architecture
    from projects.couplet.network.batches import EncodedPairs

    form, recipe = select(Architecture, config), select(trainer.Recipe, config)
    pairs = tuple(
        EncodedPairs.of(part.first, part.second, tokens)
        for part in (split.train, split.valid)
    )
    kept = {"checkpoint": checkpoint, "quiet": config.quiet}
    return form, *trainer.train(form, recipe, tokens, pairs, **kept)


def _train(config, run, split, tokens, command):
    """Train, save; return the report."""
    import pandas as pd

    from projects.couplet.network.skills import Skills
    from projects.couplet.network.training_report import make_report
    from projects.couplet.network.translator import Translator

    form, model, history = _fit(config, split, tokens, run.checkpoints)
    skills = Skills(config.reverse_share > 0, config.blank_share > 0, config.end_token)
    Translator(model, form, tokens, skills).save(run.path)
    frame = pd.DataFrame(history)
    frame.insert(0, "epoch", range(1, len(frame) + 1))
    write_csv(run.path / "history.csv", frame, index=False)
    return make_report(model.full, split, tokens, history, command)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
