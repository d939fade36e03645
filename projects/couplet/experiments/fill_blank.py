"""Does a net that reads both ways fill a blank in a poem better than a forward one?

python projects/couplet/experiments/fill_blank.py: sentences of two clauses of Tang
poems with one character left out; nets of one size read what is left of it, right of
it, or both, several seeds, beside counts of neighbors.
"""

from collections.abc import Sequence

from common.config import parse_config
from common.errors import run_main
from common.experiments import save_experiment
from common.resuming import command_of
from common.startup import quiet_keras
from projects.couplet.experiments.fill_blank_config import FillBlankConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(FillBlankConfig, argv, __doc__)
    material = _read(config)
    quiet_keras(threads=1)  # not sooner: bad data are told at once
    from projects.couplet.experiments.blank_model import SIDES, guess
    from projects.couplet.experiments.fill_blank_report import make_report

    found = {side: [] for side in SIDES}
    for seed in range(config.seeds):
        for side in SIDES:
            config.tell(f"{side}, seed {seed}")
            model = _train(material, side, config, seed)
            found[side].append(guess(model, material.asked))
    report = make_report(found, material, command_of(__file__, argv))
    print(report.to_text(save_experiment(report, __file__, config.output)))
    return 0


def _read(config):
    """Return what is learned from and what is asked."""
    from projects.couplet.experiments.blanks import prepare_blanks
    from projects.couplet.poems.corpus import read_poems, split_poems
    from projects.couplet.sources import find_poems

    poems = read_poems(config.poems or find_poems(config.data_dir))
    split = split_poems(poems, config.poems_held_out)
    return prepare_blanks(
        split, config.min_count, sentences=config.sentences, asked=config.asked
    )


def _train(material, side, config, seed):
    """Return a net of one kind, trained."""
    import keras

    from projects.couplet.experiments.blank_model import SIDES, build_model, train_model
    from projects.couplet.experiments.blanks import Blanks

    keras.utils.set_random_seed(seed)
    form = SIDES[side], config.embedding_dim, config.units
    model = build_model(len(material.tokens), *form)
    blanks = Blanks.draw(
        material.sentences, material.tokens, blanks=config.blanks, seed=seed
    )
    train_model(
        model,
        blanks,
        epochs=config.epochs,
        batch_size=config.batch_size,
        learning_rate=config.learning_rate,
        seed=seed,
        quiet=config.quiet,
    )
    return model


if __name__ == "__main__":
    raise SystemExit(run_main(main))
