"""A step of the fast way once more: pair by pair, in plain NumPy and float64.

Each example is (inputs, shares, moved, target, weight, group): the hidden vector is
the sum of shares x rows of the inputs, each input is moved by `moved` x the error of
the target's questions, which count `weight` times.
"""

import keras
import numpy as np

from projects.word2vec.banded import Layout, make_program, to_matrices, to_tables


def make_slab(layout, words, seed=0, sentences=None):
    """Return a slab of Zipf's words in short sentences, padded at both ends."""
    random = np.random.default_rng(seed)
    size = layout.words + 2 * layout.window
    shares = 1 / np.arange(1, words + 1)
    ids = random.choice(words, size, p=shares / shares.sum())
    if sentences is None:
        sentences = np.cumsum(random.random(size) < 0.2)
    sentences[: layout.window] = -1
    ids[: layout.window] = 0
    # Not only the last margin: the last chunks end early, too.
    ids[-layout.window - 5 :], sentences[-layout.window - 5 :] = 0, -1
    rates = np.linspace(0.1, 0.05, layout.steps)
    arrays = {"words": ids, "sentences": sentences}
    slab = {name: array.astype(np.int32) for name, array in arrays.items()}
    return slab | {"rates": rates.astype(np.float32)}


def cut_into_couples(layout, slab, words):
    """Make sentences of two words of a slab, so that each window is one word."""
    couples = np.arange(len(slab["words"])) // 2
    slab["sentences"] = make_slab(layout, words, sentences=couples)["sentences"]


def capped_scales(objective):
    """Return how far rows of words are moved; some, but not all, less than wholly."""
    scales = [objective.constants[f"{side}_scales"] for side in ("center", "context")]
    for scale in scales:
        assert scale.min() < 0.9 and scale.max() == 1
    return scales


def random_matrices(words, rows, dim, seed=1):
    random = np.random.default_rng(seed)
    return random.normal(size=(words, dim)) / 2, random.normal(size=(rows, dim)) / 2


def centers_of(layout, at):
    """Return the positions of the center words of a step."""
    part = layout.words // layout.chunks
    return [
        layout.window + chunk * part + at * layout.chunk + place
        for chunk in range(layout.chunks)
        for place in range(layout.chunk)
    ]


def window_of(layout, slab, here):
    """Return the words around a position and how much each counts."""
    words, weights = [], []
    for distance in range(1, layout.window + 1):
        for there in (here - distance, here + distance):
            if slab["sentences"][here] == slab["sentences"][there] >= 0:
                words.append(int(slab["words"][there]))
                weights.append((layout.window + 1 - distance) / layout.window)
    return words, weights


def examples(layout, slab, at, *, model, hierarchical=False, groups=1):
    """Yield the examples of a step."""
    for number, here in enumerate(centers_of(layout, at)):
        own, group = int(slab["words"][here]), number * groups // layout.batch_size
        words, weights = window_of(layout, slab, here)
        if model == "cbow":
            if words:
                shares = np.array(weights) / sum(weights)
                yield words, shares, weights, own, 1.0, group
            continue
        for word, weight in zip(words, weights, strict=True):
            source, target = (word, own) if hierarchical else (own, word)
            yield [source], [1.0], [1.0], target, weight, group


def step(matrices, found, ask, rate, scales=(1, 1)):
    """Return the matrices after a step and its mean loss.

    Args:
        matrices: of words, and of what is predicted.
        found: examples.
        ask: for (target, group), the rows that are asked, what they should say, and
            how often each counts; None for what they should say: the softmax of all
            rows should say the target.
        rate: learning rate.
        scales: of the rows of both matrices.
    """
    center, context = matrices
    changes = np.zeros_like(center), np.zeros_like(context)
    loss, total = 0.0, 0.0
    for inputs, shares, moved, target, weight, group in found:
        hidden = np.array(shares) @ center[inputs]
        rows, labels, counts = ask(target, group)
        scores = context[rows] @ hidden
        if labels is None:
            chances = np.exp(scores) / np.exp(scores).sum()
            loss -= weight * np.log(chances[target])
            error = weight * ((np.arange(len(rows)) == target) - chances)
        else:
            signs = 1 - 2 * labels
            loss += weight * (counts * np.log1p(np.exp(signs * scores))).sum()
            error = weight * counts * (labels - 1 / (1 + np.exp(-scores)))
        total += weight
        np.add.at(changes[1], rows, rate * np.outer(error, hidden))
        for word, share in zip(inputs, moved, strict=True):
            changes[0][word] += rate * share * (error @ context[rows])
    after = tuple(
        matrix + np.reshape(scale, (-1, 1)) * change
        for matrix, scale, change in zip(matrices, scales, changes, strict=True)
    )
    return after, loss / max(total, 1e-6), total


def check_program(objective, slab, matrices, walk):
    """Compare the compiled program with `walk(matrices, at, rate)`, step by step."""
    dim, tables = matrices[0].shape[1], to_tables(*matrices)
    constants = {
        name: keras.ops.convert_to_tensor(array)
        for name, array in objective.constants.items()
    }
    *tables, loss = make_program(objective)(*tables, constants, slab)
    expected, losses = matrices, []
    for at, rate in enumerate(slab["rates"].tolist()):
        expected, mean, _ = walk(expected, at, rate)
        losses.append(mean)
    np.testing.assert_allclose(float(loss), losses[0], rtol=1e-5)
    for ours, theirs, before in zip(
        to_matrices(tables, dim), expected, matrices, strict=True
    ):
        assert np.abs(theirs - before).max() > 1e-2  # there was something to learn
        np.testing.assert_allclose(ours, theirs, atol=2e-5)
    for table in tables:
        assert not keras.ops.convert_to_numpy(table)[:, dim:].any()


def one_step(objective, slab, matrices, at=0):
    """Return the matrices after a step that is not compiled, float32."""
    slab = tensors(slab | objective.constants)
    tables = objective.step(to_tables(*matrices), slab, at, slab["rates"][at])
    return to_matrices(tables, matrices[0].shape[1])


def tensors(arrays):
    return {name: keras.ops.convert_to_tensor(array) for name, array in arrays.items()}


def check_gradient(objective, slab, matrices, total, tables=(0, 1)):
    """Compare a step with the slope of the objective's own loss, in any direction.

    Args:
        objective: with rows that are not scaled.
        slab: of the objective.
        matrices: before the step.
        total: what the mean of the loss was divided by.
        tables: which of both to look at.
    """
    after = one_step(objective, slab, matrices)
    rate, given = float(slab["rates"][0]), tensors(slab | objective.constants)
    random = np.random.default_rng(4)
    for table in tables:
        change = (after[table] - matrices[table]) / (rate * total)
        slopes = []
        for _ in range(3):
            direction = random.normal(size=change.shape)
            losses = []
            for sign in (1, -1):
                moved = list(matrices)
                moved[table] = matrices[table] + sign * 1e-2 * direction
                losses.append(float(objective.loss(to_tables(*moved), given)))
            slope = (losses[0] - losses[1]) / 2e-2
            np.testing.assert_allclose((change * direction).sum(), -slope, atol=3e-4)
            slopes.append(abs(slope))
        assert max(slopes) > 0.02  # far more than the tolerance


def pairs_layout(chunk=16):
    return Layout(window=3, batch_size=128, steps=2, chunk=chunk)
