"""Processes that are killed at random moments; run by the tests as a script.

Keras is imported once, before any operation runs, and each victim is a fork of
this process: twenty kills cost twenty short trainings and not twenty imports.

    python killed_processes.py trainings|backups|interrupt FOLDER

prints one JSON object that tells what happened.
"""

import hashlib
import json
import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

import keras
import numpy as np

from common.backup import Backup, read_newest, remove_unfinished, write_state
from common.batches import ShuffledBatches
from common.errors import run_main
from common.state import TrainingState
from common.training import fit

EPOCHS = 15


def fork(work):
    """Run `work(say)` in a child; return its pid and a stream of what it says."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, os.fdopen(reader)
    code = 1
    try:
        code = work(lambda text: os.write(writer, f"{text}\n".encode())) or 0
    except BaseException:
        traceback.print_exc()
    os._exit(code)


def finish(pid, stream):
    """Return the exit code of a child (negative: its signal) and its last words."""
    with stream:
        words = stream.read().splitlines()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), words


def train(say, folder):
    """Train a small recurrent net; say each epoch, then what came out."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(72, 3, 2)).astype("float32")
    targets = inputs[:, -1, :1] * inputs[:, 0, 1:] + rng.normal(size=(72, 1)) / 2
    batches = ShuffledBatches.from_arrays(
        inputs[:48], targets[:48], batch_size=16, seed=3
    )
    keras.utils.set_random_seed(1)
    ends = keras.Input((3, 2))
    hidden = keras.layers.LSTM(6, dropout=0.1, unroll=True)(ends)
    hidden = keras.layers.Dropout(0.3)(hidden)
    model = keras.Model(ends, keras.layers.Dense(1)(hidden))
    model.compile(keras.optimizers.Adam(0.05), "mse")
    telling = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: say(epoch)
    )
    history = fit(
        model,
        batches,
        epochs=EPOCHS,
        validation=(inputs[48:], targets[48:]),
        patience=8,
        checkpoint=folder,
        callbacks=[telling],
    )
    weights = b"".join(weight.tobytes() for weight in model.get_weights())
    digest = hashlib.sha256(weights).hexdigest()
    say(json.dumps({"history": history, "weights": digest}))


def result_of(folder):
    """Train to the end, unkilled; return history, weights and the whole state."""
    code, words = finish(*fork(lambda say: train(say, folder)))
    sums = folder and max(folder.glob("epoch-*")) / "SHA256SUMS"
    return {"code": code, **json.loads(words[-1]), "state": sums and sums.read_text()}


def killed_trainings(folder):
    """Kill trainings until they are complete; compare with those left alone."""
    rng = random.Random(5)
    kills, resumed, code, results = 0, 0, None, []
    while kills < 20 or code != 0:
        run = folder / str(len(results))
        # Every second run writes each epoch, the others at most one per second.
        Backup.__init__.__kwdefaults__["minimum_seconds"] = float(len(results) % 2)
        pid, stream = fork(lambda say, run=run: train(say, run))
        begun = stream.readline()
        if rng.random() < 0.8:  # else kill while the step is compiled
            for _ in range(rng.randrange(1, 4)):
                stream.readline()
        time.sleep(rng.uniform(0.0, 0.15))
        os.kill(pid, signal.SIGKILL)
        code, _ = finish(pid, stream)
        kills += code == -signal.SIGKILL
        resumed += begun != "0\n"
        if code == 0:
            results.append(result_of(run))
    return {
        "kills": kills,
        "resumed": resumed,
        "results": results,
        "undisturbed": result_of(folder / "undisturbed"),
        "without_checkpoint": result_of(None),
    }


def write_forever(say, folder):
    """Write backups without a pause; each is recognizable in all its parts."""
    remove_unfinished(folder)
    state = read_newest(folder)
    epochs = 0 if state is None else state.epochs
    while True:
        epochs += 1
        arrays = [np.full(200_000, epochs, "float32") for _ in range(3)]
        memory = {"history": {"loss": [float(epochs)] * 20_000}}
        write_state(
            TrainingState(epochs, False, arrays, arrays, [["History", memory]]), folder
        )
        say(epochs)


def killed_backups(folder):
    """Kill writers; after each kill the newest backup must be whole and newest."""
    rng = random.Random(6)
    folder.mkdir()
    unfinished, lost, broken, known = 0, 0, 0, 0
    for _ in range(25):
        pid, stream = fork(lambda say: write_forever(say, folder))
        first = stream.readline()  # at least one, however busy the machine is
        time.sleep(rng.uniform(0.0, 0.2))
        os.kill(pid, signal.SIGKILL)
        _, words = finish(pid, stream)
        unfinished += any(folder.glob("*.tmp-*"))
        known = max(map(int, [known, first, *words]))
        state = read_newest(folder)
        number = 0 if state is None else state.epochs
        lost += number < known
        values = [] if state is None else [*state.model, *state.optimizer]
        broken += any((value != number).any() for value in values)
        known = max(known, number)
    # The last victim may have died before it tidied up; one left alone does so.
    write_state(TrainingState(known + 1, False, [], [], []), folder)
    return {
        "epochs": known,
        "lost": lost,
        "broken": broken,
        "unfinished": unfinished,
        "kept": sum(".tmp-" not in path.name for path in folder.glob("epoch-*")),
    }


def interrupted_training(folder):
    """Press Ctrl-C at the eighth epoch, then start again; and at random moments."""

    def main(argv):
        signal.signal(signal.SIGINT, signal.default_int_handler)
        train(*argv)
        return 0

    def press(run, epoch, delay):
        pid, stream = fork(lambda say: run_main(main, [say, run]))
        while stream.readline() != f"{epoch}\n":
            pass
        time.sleep(delay)
        os.kill(pid, signal.SIGINT)
        return finish(pid, stream)[0]

    code = press(folder, 7, 0.0)
    newest = max(folder.glob("epoch-*")).name
    rng = random.Random(7)
    # TensorFlow crashed in a quarter of the cases before common.interrupts.
    codes = [press(folder / f"more-{i}", 2, rng.uniform(0.0, 0.05)) for i in range(8)]
    return {
        "code": code,
        "codes": codes,
        "newest": newest,
        "result": result_of(folder),
        "undisturbed": result_of(folder / "undisturbed"),
    }


if __name__ == "__main__":
    ways = {
        "trainings": killed_trainings,
        "backups": killed_backups,
        "interrupt": interrupted_training,
    }
    print(json.dumps(ways[sys.argv[1]](Path(sys.argv[2]))))
