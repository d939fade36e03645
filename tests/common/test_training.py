"""Training: stops, resumes and fails as it says, bit for bit."""

import errno
import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from common import backup
from common.backup import read_newest
from common.batches import ShuffledBatches
from common.errors import UserError
from common.progress import Progress
from common.training import fit

REPOSITORY = Path(__file__).resolve().parents[2]
INPUTS = np.random.default_rng(0).normal(size=(40, 4)).astype("float32")
TARGETS = np.tanh(INPUTS[:, :1]) + np.random.default_rng(1).normal(size=(40, 1))
VALIDATION = (INPUTS[24:], TARGETS[24:])


def make_model(rate=0.05, units=8):
    keras.utils.set_random_seed(2)
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(units, activation="relu")(inputs)
    hidden = keras.layers.Dropout(0.2)(hidden)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.compile(keras.optimizers.Adam(rate), "mse")
    return model


def make_batches(size=24):
    return ShuffledBatches.from_arrays(INPUTS[:size], TARGETS[:size], batch_size=8)


def weights(model):
    return b"".join(weight.tobytes() for weight in model.get_weights())


def test_early_stopping_is_that_of_keras(tmp_path):
    model = make_model()
    history = fit(
        model,
        make_batches(),
        epochs=60,
        validation=VALIDATION,
        patience=3,
        checkpoint=tmp_path,
    )

    other, batches = make_model(), make_batches()
    best, values = {}, []
    for epoch in range(60):
        telling = keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda *_, epoch=epoch: batches.set_epoch(epoch)
        )
        other.fit(batches, verbose=0, shuffle=False, callbacks=[telling])
        values.append(other.evaluate(*VALIDATION, batch_size=8, verbose=0))
        best[values[-1]] = weights(other)
        if epoch - int(np.argmin(values)) >= 3:
            break
    assert len(values) < 60
    assert history["val_loss"] == values
    assert weights(model) == best[min(values)]


def test_without_validation_the_loss_decides():
    model = make_model(rate=0.0)
    keras.utils.set_random_seed(0)
    history = fit(model, make_batches(), epochs=50, patience=2)
    best = int(np.argmin(history["loss"]))
    assert len(history["loss"]) - 1 - best == 2


def test_complete_training_comes_back_at_once(tmp_path):
    options = dict(epochs=30, validation=VALIDATION, patience=2, checkpoint=tmp_path)
    model = make_model()
    history = fit(model, make_batches(), **options)
    assert len(history["loss"]) < 30

    again = make_model()
    assert weights(again) != weights(model)
    callback = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda batch, logs: pytest.fail("a step was made")
    )
    assert fit(again, make_batches(), **options, callbacks=[callback]) == history
    assert weights(again) == weights(model)


def test_more_epochs_go_on_and_fewer_are_refused(tmp_path):
    undisturbed = make_model()
    history = fit(undisturbed, make_batches(), epochs=6)
    model = make_model()
    fit(model, make_batches(), epochs=2, checkpoint=tmp_path)
    model = make_model()
    assert fit(model, make_batches(), epochs=6, checkpoint=tmp_path) == history
    assert weights(model) == weights(undisturbed)
    with pytest.raises(UserError, match=r"epochs=5, but .* holds 6"):
        fit(make_model(), make_batches(), epochs=5, checkpoint=tmp_path)


# NumPy 2 finds fault with how Keras reads the learning rate.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_lowered_learning_rates_are_remembered(tmp_path):
    def lower():
        return [keras.callbacks.ReduceLROnPlateau("loss", patience=1, min_delta=9.0)]

    undisturbed = make_model()
    history = fit(undisturbed, make_batches(), epochs=6, callbacks=lower())
    assert history["learning_rate"][0] > history["learning_rate"][-1]
    for epochs in (3, 6):
        model = make_model()
        resumed = fit(
            model,
            make_batches(),
            epochs=epochs,
            checkpoint=tmp_path,
            callbacks=lower(),
        )
    assert resumed == history
    assert weights(model) == weights(undisturbed)


def test_checkpoint_of_another_model_is_refused(tmp_path):
    fit(make_model(), make_batches(), epochs=1, checkpoint=tmp_path)
    with pytest.raises(UserError, match=r"shape \(4, 8\) stored, \(4, 9\) for dense"):
        fit(make_model(units=9), make_batches(), epochs=2, checkpoint=tmp_path)


def test_loss_that_becomes_nan_is_told_and_not_backed_up(tmp_path):
    def poison(epoch, logs):
        if epoch == 2:
            model.trainable_variables[-1].assign([np.nan])

    model = make_model()
    callback = keras.callbacks.LambdaCallback(on_epoch_begin=poison)
    with pytest.raises(UserError, match="`loss` .* Received: nan in epoch 3. Lower"):
        fit(
            model,
            make_batches(),
            epochs=5,
            checkpoint=tmp_path,
            callbacks=[callback],
        )
    assert read_newest(tmp_path).epochs in (1, 2)


def test_full_disk_ends_the_training_and_keeps_the_backups(tmp_path, monkeypatch):
    fit(make_model(), make_batches(), epochs=2, checkpoint=tmp_path)
    names = sorted(tmp_path.iterdir())

    def refuse(*args, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup.np, "savez", refuse)
    with pytest.raises(OSError, match="No space left"):
        fit(make_model(), make_batches(), epochs=4, checkpoint=tmp_path)
    assert sorted(tmp_path.iterdir()) == names
    assert read_newest(tmp_path).epochs == 2


def test_ctrl_c_takes_the_bar_away_and_needs_no_checkpoint(monkeypatch):
    class Bar(Progress):
        closed = False

        def close(self):
            self.closed = True

    def interrupt(epoch, logs):
        raise KeyboardInterrupt

    bar = Bar(quiet=True)
    callback = keras.callbacks.LambdaCallback(on_epoch_end=interrupt)
    with pytest.raises(KeyboardInterrupt, match="^$"):
        fit(make_model(), make_batches(), epochs=2, callbacks=[bar, callback])
    assert bar.closed


def happened(way, folder):
    """Run the script that kills and return what it tells."""
    script = Path(__file__).with_name("killed_processes.py")
    told = subprocess.run(
        [sys.executable, script, way, folder],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout), told.stderr


def test_trainings_killed_at_random_end_as_if_undisturbed(tmp_path):
    result, _ = happened("trainings", tmp_path)
    assert result["kills"] >= 20
    assert result["resumed"] >= 10  # starts that found a backup
    undisturbed = result["undisturbed"]
    assert 5 < len(undisturbed["history"]["val_loss"]) < 15  # stopped early
    assert len(result["results"]) >= 2
    for killed in result["results"]:
        assert killed == undisturbed
    assert {**undisturbed, "state": None} == result["without_checkpoint"]


def test_ctrl_c_keeps_the_last_epoch_and_says_how_to_go_on(tmp_path):
    result, stderr = happened("interrupt", tmp_path / "run")
    assert result["code"] == 130
    assert set(result["codes"]) <= {130, 0}  # 0: at its end before the key
    assert "Training stands at epoch 7 of 15; the same command with --resume" in stderr
    assert result["newest"] == "epoch-000007"
    assert result["result"] == result["undisturbed"]
