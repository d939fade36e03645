"""Word2vec as Keras models: one hidden layer between two matrices.

    skip-gram: the center's row of `center`     --+
                                                  +--> hidden --> scores by rows
    CBOW: mean of the window's rows of `center` --+               of `context`

The rows of `center` become the word vectors. `context` has a row for each word,
or, for hierarchical softmax, one for each inner node of the tree. Mikolov et al.,
https://arxiv.org/abs/1301.3781 and https://arxiv.org/abs/1310.4546.
"""

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from common.errors import UserError
from projects.word2vec.huffman import HuffmanTree
from projects.word2vec.pairs import PADDING

MODELS = ("skip_gram", "cbow")
OBJECTIVES = ("negative", "hierarchical", "softmax")
# A score so high that its choice costs nothing and teaches nothing.
_CERTAIN = 1e4


@keras.saving.register_keras_serializable(package="word2vec")
class WindowMean(layers.Layer):
    """The mean of the vectors of a window, which learns as word2vec.c does.

    Each word of the window is moved by the gradient of the mean, not by its share
    of it: as if the loss had a sum. (Irsoy, Benton and Stratos, 2021,
    https://arxiv.org/abs/2012.15332, take that for a fault; with word2vec's
    learning rates it is part of the recipe.)

    Call arguments: vectors (batch, 2w, dim) and words (batch, 2w), `PADDING`
    where there is none. Returns (batch, dim).
    """

    def call(self, vectors: Any, words: Any) -> Any:
        """Return the means, zero for an empty window."""
        there = ops.cast(ops.not_equal(words, PADDING), vectors.dtype)
        total = ops.einsum("bwd,bw->bd", vectors, there)
        count = ops.maximum(ops.sum(there, axis=1, keepdims=True), 1)
        return total + ops.stop_gradient(total / count - total)


@keras.saving.register_keras_serializable(package="word2vec")
class NoiseScores(layers.Layer):
    """Scalar products of hidden vectors with the true word and with noise words.

    Call arguments: hidden (batch, dim), vectors (batch, 1 + K, dim) and their
    words (batch, 1 + K), the true one first. Returns logits (batch, 1 + K). Noise
    that is the true word by chance teaches nothing, as in word2vec.c.
    """

    def call(self, hidden: Any, vectors: Any, words: Any) -> Any:
        """Return the logits."""
        logits = ops.einsum("bd,bkd->bk", hidden, vectors)
        same = ops.equal(words[:, 1:], words[:, :1])
        noise = ops.where(same, -_CERTAIN, logits[:, 1:])
        return ops.concatenate([logits[:, :1], noise], axis=1)


@keras.saving.register_keras_serializable(package="word2vec")
class TreePath(layers.Layer):
    """The way through the Huffman tree to a word; it owns the tree.

    Args:
        num_words: n.
        depth: Length of the longest way.

    Call argument: words (batch,). Returns the inner nodes, int32, and what a
    score is to be multiplied by: 1 for turn 0, -1 for turn 1 and 0 behind the end
    of the way; both (batch, depth).
    """

    def __init__(self, num_words: int, depth: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.num_words = num_words
        self.depth = depth

    def build(self, words_shape: Any) -> None:
        """Make room for the tree."""
        options = dict(trainable=False, initializer="zeros", autocast=False)
        shape = (self.num_words, self.depth)
        self.points = self.add_weight(shape, dtype="int32", name="points", **options)
        self.signs = self.add_weight(shape, dtype="int8", name="signs", **options)

    def assign(self, tree: HuffmanTree) -> None:
        """Take over a tree of `num_words` words and `depth`."""
        there = np.arange(tree.depth) < tree.lengths[:, None]
        self.points.assign(tree.points)
        self.signs.assign((1 - 2 * tree.codes) * there.astype("int8"))

    def call(self, words: Any) -> tuple[Any, Any]:
        """Return inner nodes and signs."""
        return ops.take(self.points, words, axis=0), ops.take(self.signs, words, axis=0)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        sizes = {"num_words": self.num_words, "depth": self.depth}
        return super().get_config() | sizes


@keras.saving.register_keras_serializable(package="word2vec")
class TreeScores(layers.Layer):
    """How strongly hidden vectors vote for the right turn at each inner node.

    Call arguments: hidden (batch, dim), vectors of the nodes (batch, depth, dim)
    and signs (batch, depth) of `TreePath`. Returns logits (batch, depth); the
    product of their sigmoids is the probability of the word.
    """

    def call(self, hidden: Any, vectors: Any, signs: Any) -> Any:
        """Return the logits; a large one behind the end of the way."""
        signs = ops.cast(signs, hidden.dtype)
        logits = ops.einsum("bd,bkd->bk", hidden, vectors) * signs
        return ops.where(ops.equal(signs, 0), _CERTAIN, logits)


@keras.saving.register_keras_serializable(package="word2vec")
class SummedCrossentropy(keras.losses.Loss):
    """Binary crossentropy of logits, summed over all yes-or-no questions.

    Call arguments: `y_true`, 0 or 1, of the shape of `y_pred` or (batch, 1);
    `y_pred` logits (batch, K).
    """

    def __init__(self, name: str = "summed_crossentropy", **kwargs: Any):
        super().__init__(name=name, reduction="sum", **kwargs)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each example, shape (batch,)."""
        return ops.sum(ops.softplus(y_pred) - y_true * y_pred, axis=-1)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {"name": self.name}


def build_model(
    vocabulary_size: int,
    embedding_dim: int,
    *,
    model: str,
    objective: str,
    tree: HuffmanTree | None = None,
    seed: int = 0,
) -> keras.Model:
    """Build one of the six models, not compiled.

    Inputs, all int32: skip-gram "center_word" (batch,), CBOW "window" (batch, 2w) with
    `PADDING` for missing words; then, but for full softmax, the word predicted,
    "target_word" (batch,), and for negative sampling "noise" (batch, K).

    Outputs, logits: of the true word and of the noise (batch, 1 + K); of the right
    turns in the tree (batch, depth); of all words (batch, n) for full softmax,
    which costs n scalar products for each example.

    Args:
        vocabulary_size: n.
        embedding_dim: Numbers per word.
        model: One of `MODELS`.
        objective: One of `OBJECTIVES`.
        tree: The tree of the n words, for hierarchical softmax.
        seed: Decides the start: `center` uniform within 0.5 / dim of 0, `context`
            zero, as in word2vec.c.

    Raises:
        UserError: A size is too small.
    """
    least = 2 if objective == "hierarchical" else 1
    if vocabulary_size < least or embedding_dim < 1:
        raise UserError(
            f"The model needs at least {least} word(s) and 1 number per word."
            f" Received: {vocabulary_size} words, {embedding_dim} numbers. Give more"
            " text, or a larger --embedding-dim."
        )
    word, hidden = _hidden(vocabulary_size, embedding_dim, model, seed)
    target = keras.Input((), name="target_word", dtype="int32")
    if objective == "softmax":
        scores = layers.Dense(
            vocabulary_size, use_bias=False, kernel_initializer="zeros", name="context"
        )
        return keras.Model({word.name: word}, scores(hidden))
    inputs = {word.name: word, target.name: target}
    if objective == "hierarchical":
        logits = _walk_tree(hidden, target, tree, embedding_dim)
        return keras.Model(inputs, logits)
    noise = keras.Input((None,), name="noise", dtype="int32")
    words = ops.concatenate([ops.expand_dims(target, 1), noise], axis=1)
    vectors = _context(vocabulary_size, embedding_dim)(words)
    logits = NoiseScores(name="scores")(hidden, vectors, words)
    return keras.Model(inputs | {"noise": noise}, logits)


def word_matrices(model: keras.Model) -> tuple[np.ndarray, np.ndarray]:
    """Return copies of both matrices, float32, a row per word (or inner node)."""
    center = np.array(_matrix(model, "center").numpy())
    context = np.array(_matrix(model, "context").numpy())
    return center, context.T if _is_dense(model) else context


def assign_matrices(
    model: keras.Model, center: np.ndarray, context: np.ndarray
) -> None:
    """Give a model the matrices that `word_matrices` returned for another one."""
    _matrix(model, "center").assign(center)
    _matrix(model, "context").assign(context.T if _is_dense(model) else context)


def _hidden(vocabulary_size, embedding_dim, model, seed):
    """Return the input and the hidden vectors (batch, dim) it leads to."""
    half = 0.5 / embedding_dim
    start = keras.initializers.RandomUniform(-half, half, seed=seed)
    vectors = layers.Embedding(vocabulary_size, embedding_dim, start, name="center")
    if model == "skip_gram":
        word = keras.Input((), name="center_word", dtype="int32")
        return word, vectors(word)
    window = keras.Input((None,), name="window", dtype="int32")
    # Padding looks up some word, whose vector the mean leaves out.
    return window, WindowMean(name="mean")(vectors(ops.maximum(window, 0)), window)


def _context(rows, embedding_dim):
    return layers.Embedding(rows, embedding_dim, "zeros", name="context")


def _walk_tree(hidden, target, tree, embedding_dim):
    path = TreePath(len(tree.lengths), tree.depth, name="path")
    points, signs = path(target)
    path.assign(tree)
    vectors = _context(len(tree.visits), embedding_dim)(points)
    return TreeScores(name="scores")(hidden, vectors, signs)


def _is_dense(model):
    return isinstance(model.get_layer("context"), layers.Dense)


def _matrix(model, name):
    return model.get_layer(name).weights[0]
