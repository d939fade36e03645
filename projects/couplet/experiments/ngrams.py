"""Is a 2-gram poor, a 3-gram better, and does an RNN look further back?

python projects/couplet/experiments/ngrams.py: perplexity and size of n-gram models of
Tang poems for n from 1 to 5, beside the shipped net; and the perplexity of the net when
it sees only the last characters, as it is and after a short lesson on pieces of poems
that begin anywhere, several seeds.
"""

from collections.abc import Sequence

from common.config import parse_config
from common.errors import run_main
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
    some = split.test[: config.viewed]
    views = {
        "n-gram": [
            {
                n - 1: measure_ngrams(each, some, tokens).per_character
                for n, each in counted.items()
            }
        ],
        **_look(config, split.train, some),
    }
    weights = model.count_params()
    report = make_report(sizes, weights, whole, views, command_of(__file__, argv))
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


def _read(config):
    """Return Tang poems, split as for the shipped model: it has not seen the last."""
    from projects.couplet.poems.corpus import read_poems, split_poems
    from projects.couplet.sources import find_poems

    return split_poems(read_poems(find_poems(config.data_dir)))


def _look(config, train, some):
    """Return the perplexities by what is seen, without a lesson and after each."""
    from projects.couplet.experiments.looking_back import (
        Views,
        load_shipped,
        measure_views,
        teach_to_begin_anywhere,
    )

    model, tokens = load_shipped()
    views = {k: Views.of(some, tokens, k) for k in config.views}
    found = {"LSTM": [{k: measure_views(model, v) for k, v in views.items()}]}
    taught = found["LSTM, after a lesson"] = []
    lesson = train[:: max(1, len(train) // config.lesson)]
    for seed in range(config.seeds):
        config.tell(f"lesson of seed {seed}")
        model, _ = load_shipped()
        teach_to_begin_anywhere(model, lesson, tokens, seed=seed, quiet=config.quiet)
        taught.append({k: measure_views(model, v) for k, v in views.items()})
    return found


if __name__ == "__main__":
    raise SystemExit(run_main(main))
