"""Does matching character by character make a coherent line?

python projects/couplet/experiments/matching.py: each character of held-out first lines
is answered by its commonest partner; beside it people's answers, the same shuffled, the
count model and the model that comes along. How well characters match, and how well the
lines read. Two minutes. Counts in the sample that comes along where the public set is
not at hand, and says so.
"""

from collections.abc import Sequence

from common.config import parse_config
from common.errors import note, run_main
from common.experiments import save_experiment
from common.resuming import command_of
from projects.couplet.experiments.matching_config import MatchingConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(MatchingConfig, argv, __doc__)
    from projects.couplet.evaluation.material import MACHINE, load_material
    from projects.couplet.experiments.line_worth import Neighbors, judge
    from projects.couplet.experiments.matching_report import make_report
    from projects.couplet.sources import usual_couplets
    from projects.couplet.tokens import Tokens

    data = config.data or usual_couplets(config.data_dir)
    material = load_material(data, "test", cache=config.data_dir, limit=config.pairs)
    train = material.split.train
    notes = [f"Counted in {len(train):,} pairs of {train.name}."]
    if material.by_machine:
        notes.append(MACHINE)
        note(MACHINE)
    tokens = Tokens.from_lines([*train.first, *train.second], min_count=5)
    examiners, systems = _prepare(config, material, tokens)
    neighbors = Neighbors.of(train.second, tokens)
    counts = systems[0].counts
    found, examples = {}, []
    for seed, examiner in enumerate(examiners):
        answers = _answer(examiner.exam, systems, seed)
        for name, lines in answers.items():
            worth = judge(lines, examiner, counts, neighbors)
            found.setdefault(name, []).append(worth)
        if not examples:
            rows = zip(examiner.exam.lines, *answers.values(), strict=True)
            examples = [row for row in rows if len(row[0]) < 10][: config.examples]
    report = make_report(found, examples, notes, command_of(__file__, argv))
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


def _prepare(config, material, tokens):
    """Return an examiner for each draw of lines, and all systems."""
    from projects.couplet.evaluation.exam import make_exam
    from projects.couplet.evaluation.examiner import Examiner, fit_bigrams
    from projects.couplet.evaluation.systems import fit_baselines
    from projects.couplet.lines.tones import Tones

    split, tones = material.split, Tones.load()
    bigrams = fit_bigrams(split.train.second, tokens)
    systems = fit_baselines(split.train, split.valid, tokens, bigrams, tones)
    if config.trained:
        from common.startup import quiet_keras

        quiet_keras(threads=1)
        from projects.couplet.evaluation.trained import Trained

        systems.append(Trained.load("shipped model"))
    examiners = []
    for seed in range(config.seeds):
        exam = make_exam(
            material.held_out,
            material.references,
            lines=config.lines,
            picks=(1, 1),
            seed=seed,
        )
        examiners.append(Examiner(exam, tones, tokens, bigrams, frozenset()))
    return examiners, systems


def _answer(exam, systems, seed):
    """Return the answers to the lines of an exam by who gave them."""
    from projects.couplet.experiments.matching_report import PEOPLE, SHUFFLED
    from projects.couplet.experiments.shuffling import shuffle_each

    people = [answers[0] for answers in exam.answers]
    answers = {PEOPLE: people, SHUFFLED: shuffle_each(people, seed)}
    return answers | {each.name: each.answer(exam.lines) for each in systems}


if __name__ == "__main__":
    raise SystemExit(run_main(main))
