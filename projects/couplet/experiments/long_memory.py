"""Do simple RNNs fail at long dependencies, and LSTM and GRU not?

python projects/couplet/experiments/long_memory.py: the adding problem at several
lengths, and sums written out, "12+45=" -> "57", each for nets of one size with one
recurrent layer, several seeds, beside naive answers. Needs no data.
"""

from collections.abc import Sequence

from common.config import parse_config, select
from common.errors import run_main
from common.experiments import save_experiment
from common.resuming import command_of
from common.startup import quiet_keras
from projects.couplet.experiments.long_memory_config import LongMemoryConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(LongMemoryConfig, argv, __doc__)
    quiet_keras(threads=1)
    from projects.couplet.experiments.long_memory_report import make_report
    from projects.couplet.experiments.memory_trials import LAYERS, Budget, compare_nets

    budget = select(Budget, config), config.seeds, config.tell
    found = compare_nets(list(LAYERS), config.lengths, *budget)
    report = make_report(found, config.lengths, command_of(__file__, argv))
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


if __name__ == "__main__":
    raise SystemExit(run_main(main))
