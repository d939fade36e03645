"""Is a 2-gram poor, a 3-gram better, and does an RNN look further back?

python projects/couplet/experiments/ngrams.py: perplexity and size of n-gram models of
Tang poems for n from 1 to 5, beside the shipped net; and the perplexity of the net when
it sees only the last characters, as it is and after a short lesson on pieces of poems
that begin anywhere, several seeds.
"""

from collections.abc import Sequence

from common.config import parse_config
from common.errors import note, run_main
from common.experiments import save_experiment
from common.resuming import command_of
from common.startup import quiet_keras
from projects.couplet.experiments.ngrams_config import NgramsConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(NgramsConfig, argv, __doc__)
    split = _read(config)
    quiet_keras(threads=1)  # not sooner: bad data are told at once
    from projects.couplet.experiments.looking_back import load_shipped
    from projects.couplet.experiments.ngrams_report import Sizes, make_report
    from projects.couplet.poems.batches import Pieces
    from projects.couplet.poems.evaluation import (
        fit_all_ngrams,
        measure_model,
        measure_ngrams,
    )

    model, tokens = load_shipped()
    counted = fit_all_ngrams(split, tokens, range(1, config.highest + 1))
    sizes = [
        Sizes.of(each, measure_ngrams(each, split.test, tokens))
        for each in counted.values()
    ]
    whole = measure_model(model, Pieces.of(split.test, tokens), tokens)
    views = _look(config, split, model, tokens)
    weights = model.count_params()
    report = make_report(sizes, weights, whole, views, command_of(__file__, argv))
    print(report.to_text())
    print(f"\nReport: {save_experiment(report, __file__, config.output)}")
    return 0


def _read(config):
    """Return the poems, split as for the shipped model."""
    from projects.couplet.poems.corpus import read_poems, split_poems
    from projects.couplet.sources import find_poems

    poems = read_poems(config.poems or find_poems(config.data_dir))
    return split_poems(poems, config.poems_held_out)


def _look(config, split, model, tokens):
    """Return the perplexities by what is seen, without a lesson and after each."""
    from projects.couplet.experiments.looking_back import (
        Views,
        load_shipped,
        measure_views,
        teach_to_begin_anywhere,
    )

    views = {k: Views.of(split.test[: config.viewed], tokens, k) for k in config.views}
    found = {"as shipped": [{k: measure_views(model, v) for k, v in views.items()}]}
    found["after a lesson"] = []
    for seed in range(config.seeds):
        if not config.quiet:
            note(f"lesson of seed {seed}")
        taught, _ = load_shipped()
        some = split.train[:: max(1, len(split.train) // config.lesson)]
        teach_to_begin_anywhere(taught, some, tokens, seed=seed, quiet=config.quiet)
        found["after a lesson"].append(
            {k: measure_views(taught, v) for k, v in views.items()}
        )
    return found


if __name__ == "__main__":
    raise SystemExit(run_main(main))
