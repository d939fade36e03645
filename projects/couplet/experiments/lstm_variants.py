"""Which parts of an LSTM matter, and do peepholes and coupled gates change little?

python projects/couplet/experiments/lstm_variants.py: the LSTM and seven variants of it
(Greff et al. 2017) on the adding problem and on sums written out, "12+45=" -> "57",
several seeds, beside naive answers. Needs no data.
"""

from collections.abc import Sequence

from common.config import parse_config, select
from common.errors import run_main
from common.experiments import save_experiment
from common.resuming import command_of
from common.startup import quiet_keras
from projects.couplet.experiments.lstm_variants_config import LstmVariantsConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(LstmVariantsConfig, argv, __doc__)
    quiet_keras(threads=1)
    from projects.couplet.experiments.lstm_variants_report import make_report
    from projects.couplet.experiments.memory_trials import Budget, compare_nets
    from projects.couplet.experiments.variant_cell import VARIANTS

    budget = select(Budget, config), config.seeds, config.tell
    found = compare_nets(list(VARIANTS), [config.length], *budget)
    report = make_report(found, command_of(__file__, argv))
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


if __name__ == "__main__":
    raise SystemExit(run_main(main))
