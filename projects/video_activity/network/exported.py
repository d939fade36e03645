"""What of a classifier is handed to other programs."""

import numpy as np

from common.exporting import Part
from projects.video_activity.network.trained import Classifier

_OTHER_BATCH = 3  # examples in a second trial


def classifier_part(classifier: Classifier, batch_size: int) -> Part:
    """Return the model from features to probabilities; examples are noise.

    Args:
        classifier: The finished training.
        batch_size: Windows in the first trial.
    """
    inputs = classifier.model.input
    random = np.random.default_rng(0)

    def example(count: int) -> dict[str, np.ndarray]:
        streams = {
            name: random.normal(size=(count, *tensor.shape[1:])).astype(np.float32)
            for name, tensor in inputs.items()
            if name != "mask"
        }
        frames = inputs["mask"].shape[1]
        lengths = random.integers(1, frames + 1, (count, 1))
        return streams | {"mask": np.arange(frames) < lengths}

    meaning = {
        "streams": "(windows, frames, features), zeros where there is no frame; their"
        " making is told in classifier.json",
        "mask": "(windows, frames): true at the frames that are there, the first ones",
        "output": "(windows, classes): probabilities",
        "classes": list(classifier.classes),
    }
    examples = [example(batch_size), example(_OTHER_BATCH)]
    return Part("classifier", classifier.model, examples, meaning)


def backbone_part(classifier: Classifier, batch_size: int) -> Part | None:
    """Return the network from pictures to features; None where there is none.

    Args:
        classifier: The finished training.
        batch_size: Pictures in the first trial.

    Raises:
        UserError: The backbone's weights are not at hand, or are others.
    """
    backbone = classifier.extractor.backbone
    if backbone is None:
        return None
    random = np.random.default_rng(0)
    shape = (backbone.size, backbone.size, 3)
    examples = [
        {"pictures": random.integers(0, 256, (count, *shape), np.uint8)}
        for count in (batch_size, _OTHER_BATCH)
    ]
    meaning = {"pictures": "(pictures, size, size, 3): RGB", "output": "features"}
    return Part("backbone", backbone.model, examples, meaning)
