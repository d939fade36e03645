"""How does the cost of training grow with the vocabulary?

python projects/word2vec/experiments/vocabulary_cost.py: the compiled step of full
softmax, hierarchical softmax and negative sampling on vocabularies of four sizes, in
alternation in one process; ratios are taken round by round. Two minutes, no data.
"""

from collections.abc import Sequence

from common.config import parse_config
from common.errors import run_main
from common.experiments import save_experiment
from common.meter import Meter
from common.resuming import command_of
from common.startup import quiet_keras
from projects.word2vec.experiments.vocabulary_cost_config import VocabularyCostConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(VocabularyCostConfig, argv, __doc__)
    quiet_keras()
    from projects.word2vec.experiments.step_cost import OUTPUTS, Step, count_rows
    from projects.word2vec.experiments.vocabulary_cost_report import make_report

    sizes = sorted(set(config.sizes))
    steps = {
        (output, size): Step(output, size, config.embedding_dim)
        for output in OUTPUTS
        for size in sizes
    }
    times: dict = {output: {size: [] for size in sizes} for output in OUTPUTS}
    with Meter("measuring", config.repeats, "rounds", quiet=config.quiet) as meter:
        for done in range(config.repeats):
            for (output, size), step in steps.items():
                taken = step.microseconds_per_word(config.seconds)
                times[output][size].append(taken)
            meter.show(done + 1)
    rows_read = {size: count_rows(size) for size in sizes}
    report = make_report(times, rows_read, command_of(__file__, argv))
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


if __name__ == "__main__":
    raise SystemExit(run_main(main))
