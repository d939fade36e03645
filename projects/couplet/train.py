"""Teach a machine to answer the first line of a couplet.

python projects/couplet/train.py: the public set of couplets, hours; where that is not
at hand, the sample that comes along, minutes. --preset quick: a minute with the sample,
two with the public set. --preset slides: the lecture's encoder-decoder with its fixed
vector C. --data FILE: your own two columns. Writes a run directory; generate.py and
serve.py take it with --run-dir, evaluate.py compares several.
"""

from collections.abc import Sequence
from dataclasses import replace

from common.config import parse_config, select
from common.errors import UserError, note, run_main
from common.resuming import RunStart, command_of
from common.runs import write_csv
from common.startup import quiet_keras
from projects.couplet.config import PRESETS, Config


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, given = parse_config(Config, argv, __doc__, PRESETS)
    start = RunStart("couplet", config, given, command_of(__file__, argv))
    config = _settle(start.config)
    split, tokens = _read(config)
    start.set_inputs(sha256=split.sha256, pairs=len(split.train))
    quiet_keras()  # not sooner: bad data are told at once
    with start.begin(config) as run:
        report = _train(config, run, split, tokens, start.command)
        report.save(run.path)
    print(report.to_text())
    print(f"\nModel and report: {run.path}")
    return 0


def _settle(config):
    """Choose the pairs where the user did not; the run keeps what was chosen."""
    if config.data is not None:
        return config
    from projects.couplet.sources import TRAIN, usual_couplets

    data = usual_couplets(config.data_dir)
    if data == "couplets":
        return replace(config, data=data)
    note(
        "learning from the sample that comes along, written by machine (--preset quick"
        " is made for it): the public set is not at hand. prepare.py makes it from"
        f" {TRAIN.url} (licence: {TRAIN.licence}); --data FILE takes your own."
    )
    return replace(config, data=data)


def _read(config):
    """Return the line pairs and their characters."""
    from projects.couplet.pairs.data import load_split
    from projects.couplet.tokens import Tokens

    split = load_split(config.data, config.data_dir, limit=config.limit)
    lines = [*split.train.first, *split.train.second]
    tokens = Tokens.from_lines(lines, min_count=config.min_count)
    if not tokens.han_mask.any():
        raise UserError(
            f"Expected Chinese characters that stand {config.min_count} times in"
            f" {split.train.name}. Received: none. Lower --min-count, or give more"
            " pairs."
        )
    if not config.quiet:
        note(f"{len(split.train):,} pairs to learn from, {len(tokens):,} characters")
    return split, tokens


def _train(config, run, split, tokens, command):
    """Encode the lines, train, save; return the report."""
    import pandas as pd

    from projects.couplet.network import trainer
    from projects.couplet.network.architecture import Architecture
    from projects.couplet.network.batches import EncodedPairs
    from projects.couplet.network.skills import Skills
    from projects.couplet.network.training_report import make_report
    from projects.couplet.network.translator import Translator

    pairs = [
        EncodedPairs.of(part.first, part.second, tokens)
        for part in (split.train, split.valid)
    ]
    form = select(Architecture, config)
    model, history = trainer.train(
        form,
        select(trainer.Recipe, config),
        tokens,
        tuple(pairs),
        checkpoint=run.checkpoints,
        quiet=config.quiet,
    )
    skills = Skills(config.reverse_share > 0, config.blank_share > 0, config.end_token)
    Translator(model, form, tokens, skills).save(run.path)
    frame = pd.DataFrame(history)
    frame.insert(0, "epoch", range(1, len(frame) + 1))
    write_csv(run.path / "history.csv", frame, index=False)
    return make_report(model.full, split, tokens, history, command)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
