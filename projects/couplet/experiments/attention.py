"""Does attention improve couplets, does reversal without it, and what does it align?

python projects/couplet/experiments/attention.py: four small encoder-decoders of one
size and several seeds, with and without attention, with and without a reversed first
line, on pairs held out; beside them models that count. Some 15 minutes of two quiet
cores; --seeds 1 --pairs 20000 a few. Learns from the sample that comes along where the
public set is not at hand, and says so.
"""

from collections.abc import Sequence

from common.config import parse_config
from common.errors import note, run_main
from common.experiments import save_experiment
from common.resuming import command_of
from common.startup import quiet_keras
from projects.couplet.experiments.attention_config import AttentionConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(AttentionConfig, argv, __doc__)
    split, tokens, notes = _read(config)
    quiet_keras(threads=1)  # not sooner: bad data are told at once
    from projects.couplet.experiments.attention_report import Example, make_report
    from projects.couplet.experiments.techniques import (
        ATTENTION,
        TECHNIQUES,
        measure,
        train_technique,
    )

    examiner, baselines = _prepare(config, split, tokens)
    found, example = {}, None
    sizes = {"units": config.units, "attention": config.attention}
    for technique in TECHNIQUES:
        found[technique.name] = []
        for seed in range(config.seeds):
            config.tell(f"{technique.name}, seed {seed}")
            options = sizes | {"epochs": config.epochs, "seed": seed}
            model = train_technique(
                technique, split, tokens, quiet=config.quiet, **options
            )
            found[technique.name].append(measure(model, examiner))
            if technique is ATTENTION and example is None:
                example = Example(*_look(model, *examiner.exam.foreseen))
    command = command_of(__file__, argv)
    report = make_report(found, baselines, example, notes, command)
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


def _read(config):
    """Return the pairs, their characters, and what is worth telling of them."""
    from projects.couplet.evaluation.material import MACHINE, load_material
    from projects.couplet.experiments.short_pairs import shorten
    from projects.couplet.sources import usual_couplets
    from projects.couplet.tokens import Tokens

    data = config.data or usual_couplets(config.data_dir)
    material = load_material(data, "test", cache=config.data_dir)
    split = shorten(material.split, config.longest, config.pairs)
    lines = [*split.train.first, *split.train.second]
    tokens = Tokens.from_lines(lines, min_count=config.min_count)
    notes = [
        f"{len(split.train):,} pairs of {split.train.name} to learn from,"
        f" {len(tokens):,} characters; measured on pairs of {split.test.name}; lines of"
        f" at most {config.longest or 'any'} characters."
    ]
    if material.by_machine:
        notes.append(MACHINE)
        note(MACHINE)
    return split, tokens, notes


def _prepare(config, split, tokens):
    """Return the examiner, and the perplexities of what counts."""
    from projects.couplet.evaluation.evaluation import foresee
    from projects.couplet.evaluation.exam import make_exam
    from projects.couplet.evaluation.examiner import Examiner, fit_bigrams
    from projects.couplet.evaluation.systems import fit_baselines
    from projects.couplet.lines.tones import Tones

    tones, bigrams = Tones.load(), fit_bigrams(split.train.second, tokens)
    han = zip(tokens.characters, tokens.han_mask, strict=True)
    known = frozenset(char for char, counted in han if counted)
    exam = make_exam(split.test, lines=config.lines, picks=(1, 1))
    examiner = Examiner(exam, tones, tokens, bigrams, known)
    counted = fit_baselines(split.train, split.valid, tokens, bigrams, tones)
    return examiner, {each.name: foresee(each, examiner) for each in counted}


def _look(model, first, second):
    """Return a held-out pair of seven characters, and the attention for it."""
    import numpy as np

    pairs = [(a, b) for a, b in zip(first, second, strict=True) if len(a) == 7]
    above, below = (pairs or [(first[0], second[0])])[0]
    ids = (np.array([model.tokens.encode(line)], np.int32) for line in (above, below))
    return above, below, model.look(*ids)[0]


if __name__ == "__main__":
    raise SystemExit(run_main(main))
