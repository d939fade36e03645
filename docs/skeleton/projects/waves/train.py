"""Teach a net to forecast the next height of a wave.

python projects/waves/train.py: seconds, no data needed. Writes a run directory.
"""

from collections.abc import Sequence

from common.config import parse_config
from common.errors import run_main
from common.resuming import RunStart, command_of
from common.startup import quiet_keras
from projects.waves.config import Config


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, given = parse_config(Config, argv, __doc__)
    start = RunStart("waves", config, given, command_of(__file__, argv))
    config = start.config
    start.set_inputs(heights=config.num_heights)  # of files: their sha256
    quiet_keras()  # not sooner: bad data are told at once
    with start.begin() as run:
        report = _train(config, run, start.command)
        report.save(run.path)
    print(report.to_text(run.path))
    return 0


def _train(config, run, command):
    """Draw, cut, fit, save; return the report."""
    import keras
    import pandas as pd

    from common.batches import ShuffledBatches
    from common.files import atomic_write
    from common.progress import Progress
    from common.runs import write_csv
    from common.training import fit
    from projects.waves.baselines import last_height
    from projects.waves.data import draw_wave, split_by_time
    from projects.waves.metrics import rmse
    from projects.waves.model import build_model
    from projects.waves.report import make_report

    heights = draw_wave(config.num_heights, config.seed)
    train, valid, test = split_by_time(heights, config.context_length)
    keras.utils.set_random_seed(config.seed)
    model = build_model(config.context_length, config.units)
    history = fit(
        model,
        ShuffledBatches.from_arrays(
            *train, batch_size=config.batch_size, seed=config.seed
        ),
        epochs=config.epochs,
        validation=tuple(valid),
        patience=config.patience,
        checkpoint=run.checkpoints,
        callbacks=[Progress("training", quiet=config.quiet)],
    )
    with atomic_write(run.path / "model.keras") as temporary:
        model.save(temporary)
    write_csv(run.path / "history.csv", pd.DataFrame(history), index=False)
    forecasts = {
        "net": model.predict(test.inputs, verbose=0),
        "last height": last_height(test.inputs),
    }
    scores = {name: rmse(test.targets, each) for name, each in forecasts.items()}
    return make_report(scores, history, command)


if __name__ == "__main__":
    raise SystemExit(run_main(main))
