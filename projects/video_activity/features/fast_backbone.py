"""A backbone as fast as TensorFlow runs it on this machine's processor.

The weights become constants of a graph, batch normalization is folded into them, and
where the processor multiplies bfloat16 faster (a trial of a second finds out), so does
the graph. All of it is done to one graph: nothing of the process is set, so that a
training beside it computes as always.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

from common.compiled import compiled
from common.errors import note
from projects.video_activity.features.backbone import Backbone

BATCH = 32  # pictures that go through the network together
LEAST_COSINE = 0.995  # of bfloat16 features with those of float32

_TRIAL_PICTURES = 8
_TRIAL_SECONDS = 1.0
_GAIN = 0.9  # of the time of float32; more is not worth other numbers
_BFLOAT16 = "auto_mixed_precision_onednn_bfloat16"

Run = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class FastBackbone:
    """A function from pictures to features, and how it was made.

    Attributes:
        run: Takes uint8 `(n, size, size, 3)`, n at least 1, returns float32
            `(n, dim)`.
        way: "keras", "frozen float32" or "frozen bfloat16".
        trial: Processor milliseconds per picture of each way that was tried.
        cosine: The least cosine of features with those of float32.
    """

    run: Run
    way: str
    trial: dict[str, float]
    cosine: float = 1.0

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        """Return the features of pictures, in batches."""
        starts = range(0, len(pictures), BATCH)
        parts = [self.run(pictures[start : start + BATCH]) for start in starts]
        return np.concatenate(parts)


def fast_backbone(backbone: Backbone, *, way: str = "auto") -> FastBackbone:
    """Return the fastest way to run a backbone whose features stay the same.

    Args:
        backbone: What to run.
        way: "keras", "frozen float32" or "frozen bfloat16" for that one, untried;
            "auto" freezes and tries on a processor, and leaves the rest to Keras.
    """
    if way == "keras" or (way == "auto" and not _on_processor()):
        return FastBackbone(compiled(backbone.model), "keras", {})
    try:
        exact = _freeze(backbone.model)
        plain = _optimized(exact, mixed=False)
        if way == "frozen float32":
            return FastBackbone(plain, way, {})
        mixed = _optimized(exact, mixed=True)
    except (ImportError, AttributeError, ValueError) as error:
        # Freezing is no part of TensorFlow that it promises to keep.
        note(f"the backbone runs without being frozen: {error}")
        return FastBackbone(compiled(backbone.model), "keras", {})
    if way == "frozen bfloat16":
        return FastBackbone(mixed, way, {})
    return _faster(plain, mixed, backbone.size)


def _on_processor() -> bool:
    if keras.backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    return not tf.config.list_physical_devices("GPU")


def _faster(plain: Run, mixed: Run, size: int) -> FastBackbone:
    """Try both ways for a second, and keep bfloat16 if it is fast and right."""
    pictures = _trial_pictures(size)
    cosine = float(_cosines(plain(pictures), mixed(pictures)).min())
    ways = {"frozen float32": plain, "frozen bfloat16": mixed}
    spent: dict[str, list[float]] = {name: [] for name in ways}
    stop = time.monotonic() + _TRIAL_SECONDS
    while time.monotonic() < stop:
        for name, run in ways.items():
            # The time of the processor: others may work on it too.
            begin = time.process_time()
            run(pictures)
            spent[name].append(1e3 * (time.process_time() - begin) / len(pictures))
    trial = {name: min(times) for name, times in spent.items()}
    gains = trial["frozen bfloat16"] < _GAIN * trial["frozen float32"]
    if gains and cosine >= LEAST_COSINE:
        return FastBackbone(mixed, "frozen bfloat16", trial, cosine)
    return FastBackbone(plain, "frozen float32", trial)


def _trial_pictures(size: int) -> np.ndarray:
    """Return pictures of colored patches: plain noise looks like nothing."""
    random = np.random.default_rng(0)
    cells = random.integers(0, 256, (_TRIAL_PICTURES, 8, 8, 3), np.uint8)
    places = np.arange(size) * 8 // size
    return np.ascontiguousarray(cells[:, places][:, :, places])


def _cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return (one * other).sum(1) / np.maximum(norms, 1e-12)


def _freeze(model: keras.Model):  # noqa: ANN202 (a type that TensorFlow hides)
    """Return a concrete function of a model, its weights constants."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    traced = tf.function(lambda pictures: model(pictures, training=False))
    signature = tf.TensorSpec(model.input.shape, "uint8")
    return convert_variables_to_constants_v2(traced.get_concrete_function(signature))


def _optimized(frozen, *, mixed: bool) -> Run:  # noqa: ANN001 (see _freeze)
    """Let TensorFlow's own optimizer work on a frozen graph, once and by itself."""
    import tensorflow as tf
    from tensorflow.core.protobuf import config_pb2, rewriter_config_pb2
    from tensorflow.python.grappler import tf_optimizer

    config = config_pb2.ConfigProto()
    rewriting = config.graph_options.rewrite_options
    rewriting.min_graph_nodes = -1
    rewriting.meta_optimizer_iterations = rewriter_config_pb2.RewriterConfig.ONE
    rewriting.optimizers.extend(["constfold", _BFLOAT16] if mixed else ["constfold"])
    if mixed:
        rewriting.auto_mixed_precision_onednn_bfloat16 = (
            rewriter_config_pb2.RewriterConfig.ON
        )
    inputs = [tensor.name for tensor in frozen.inputs]
    outputs = [tensor.name for tensor in frozen.outputs]
    graph = tf.compat.v1.train.export_meta_graph(
        graph_def=frozen.graph.as_graph_def(), graph=frozen.graph
    )
    graph.collection_def["train_op"].node_list.value.extend(inputs + outputs)
    better = tf_optimizer.OptimizeGraph(config, graph)
    whole = tf.compat.v1.wrap_function(lambda: tf.import_graph_def(better, name=""), [])
    run = whole.prune(inputs, outputs)
    return lambda pictures: run(tf.constant(pictures))[0].numpy()
