"""Can a language model of poems write a usable first line?

python projects/couplet/experiments/first_lines.py: some 240 lines as `generate.py
--from-nothing` drafts them, held to the rules and to a trigram model of people's first
lines; beside them held-out lines of people, the same shuffled, clauses of Tang poems,
the model without its rules, and a trigram model of poems. Two minutes.
"""

from collections.abc import Sequence

from common.config import parse_config
from common.errors import UserError, note, run_main
from common.experiments import save_experiment
from common.resuming import command_of
from projects.couplet.experiments.first_lines_config import FirstLinesConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(FirstLinesConfig, argv, __doc__)
    from projects.couplet.experiments.first_lines_report import make_report
    from projects.couplet.experiments.shuffling import draw, shuffle_each
    from projects.couplet.experiments.usable_lines import Judge
    from projects.couplet.poems.poet import Poet

    learned, held_out, notes = _read_lines(config)
    poems, poet = _read_poems(config, notes), Poet.load(config.poet)
    known = _clauses(poems) if poems else poet.known
    judge = Judge.of(learned, held_out[::2], known, poet.tones)
    wanted = 2 * config.seeds * config.count
    people = draw(held_out[1::2], wanted, seed=0)
    ours = _write(poet, config, "soft")
    lines = {
        "the model": ours,
        "people, held out": people,
        "people's, shuffled": shuffle_each(people, seed=0),
        "the model, no rules": _write(poet, config, "off"),
    }
    if poems:
        lines |= _of_poems(poems, wanted)
    examples = draw(ours, config.examples, seed=0)
    report = make_report(lines, judge, examples, notes, command_of(__file__, argv))
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


def _read_lines(config):
    """Return first lines of people to learn from, others held out, and notes."""
    from projects.couplet.evaluation.material import MACHINE, load_material
    from projects.couplet.experiments.usable_lines import LENGTHS
    from projects.couplet.lines.characters import is_han
    from projects.couplet.sources import usual_couplets

    data = config.data or usual_couplets(config.data_dir)
    material = load_material(data, "test", cache=config.data_dir, limit=config.pairs)
    parts = [
        [x for x in part.first if len(x) in LENGTHS and all(map(is_han, x))]
        for part in (material.split.train, material.held_out)
    ]
    notes = [f"The judge learned from {len(parts[0]):,} first lines of people."]
    if material.by_machine:
        notes.append(MACHINE)
        note(MACHINE)
    return *parts, notes


def _read_poems(config, notes):
    """Return Tang poems; none where they are not at hand."""
    from projects.couplet.poems.corpus import read_poems
    from projects.couplet.sources import find_poems

    try:
        poems = read_poems(find_poems(config.data_dir))
    except UserError as error:
        notes.append(f"Copies are found by the model's own filter: {error}")
        return []
    notes.append(f"A line is new if it is a clause of none of {len(poems):,} poems.")
    return poems


def _clauses(poems):
    from projects.couplet.poems.corpus import clauses_of

    return {clause for poem in poems for clause in clauses_of(poem)}


def _write(poet, config, tones):
    from projects.couplet.experiments.usable_lines import LENGTHS
    from projects.couplet.poems.first_lines import write_first_lines

    options = {"tones": tones, "count": config.count}
    return [
        line
        for length in LENGTHS
        for seed in range(config.seeds)
        for line in write_first_lines(poet, length=length, seed=seed, **options)
    ]


def _of_poems(poems, wanted):
    """Return first clauses of poems, and those of a model that counts in others."""
    from projects.couplet.experiments.shuffling import draw
    from projects.couplet.poems.baseline import fit_ngrams, sample_ngrams
    from projects.couplet.poems.corpus import clauses_of
    from projects.couplet.tokens import Tokens

    tokens = Tokens.from_lines(poems, min_count=5)
    texts = sample_ngrams(fit_ngrams(poems, tokens, 3), tokens, wanted)
    drawn = [(clauses_of(text) or [text])[0] for text in texts]
    return {
        "Tang poems, first clauses": [
            clauses_of(poem)[0] for poem in draw(poems, wanted, seed=0)
        ],
        "trigram model of poems": [line for line in drawn if line],
    }


if __name__ == "__main__":
    raise SystemExit(run_main(main))
