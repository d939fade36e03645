"""A small training that several processes can share; run by the tests as a script.

    python distributed_training.py FOLDER [EPOCH]

trains in a process of the environment's KERAS_DISTRIBUTION_*; the first one backs up
into the folder and prints history and weights as JSON. At the end of EPOCH a process
other than the first kills itself.
"""

import json
import os
import signal
import sys
from pathlib import Path

import numpy as np

from common.distribution import joined, share
from common.errors import run_main

EPOCHS = 5


def train(rank, folder, last):
    import keras

    from common.batches import ShuffledBatches
    from common.training import fit

    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(28, 3, 2)).astype("float32")
    targets = inputs[:, -1, :1] * inputs[:, 0, 1:]
    options = {"batch_size": 8, "seed": 3}
    batches = ShuffledBatches.from_arrays(inputs[:20], targets[:20], **options)
    checked = ShuffledBatches.from_arrays(
        inputs[20:], targets[20:], shuffle=False, **options
    )
    keras.utils.set_random_seed(1)
    ends = keras.Input((3, 2))
    hidden = keras.layers.Dropout(0.2)(keras.layers.SimpleRNN(4)(ends))
    model = keras.Model(ends, keras.layers.Dense(1)(hidden))
    model.compile(keras.optimizers.Adam(0.05), "mse")

    def perhaps_die(epoch, logs):
        if rank and epoch + 1 == last:
            os.kill(os.getpid(), signal.SIGKILL)

    history = fit(
        model,
        batches,
        epochs=EPOCHS,
        validation=checked,
        patience=EPOCHS,
        checkpoint=None if rank else folder,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=perhaps_die)],
    )
    return {"history": history, "weights": [w.tolist() for w in model.get_weights()]}


def main(argv):
    folder, last = Path(argv[0]), int(argv[1]) if argv[1:] else None
    with joined() as rank:
        told = share("hello, 你好" if rank == 0 else None)
        result = train(rank, folder, last)
    if rank == 0:
        print(json.dumps(result | {"told": told}))
    return 0


if __name__ == "__main__":
    raise SystemExit(run_main(main, sys.argv[1:]))
