"""The inner loops of word2vec.c in plain NumPy, one example after the other.

Written after the published program (Mikolov et al., 2013), with float64 instead of
float32 and the true sigmoid instead of its table of 1,000 values, which stops at 6.

An example is (inputs, target, noise): skip-gram has one input, the center, and a
word of its window as target; CBOW has the words of the window as inputs and the
center as target. The matrices are changed in place: `center` holds the vectors of
inputs (syn0), `context` those of targets and noise (syn1neg) or of inner nodes
(syn1).
"""

import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def train_negative(center, context, examples, rate):
    """Learn from examples (inputs, target, noise words); noise may hold the target."""
    for inputs, target, noise in examples:
        rows = [target, *(word for word in noise if word != target)]
        labels = [1.0] + [0.0] * (len(rows) - 1)
        train_example(center, context, inputs, rows, labels, rate)


def train_hierarchical(center, context, examples, tree, rate):
    """Learn from examples (inputs, target, ...) along the target's way in the tree."""
    for inputs, target, *_ in examples:
        length = tree.lengths[target]
        rows, codes = tree.points[target, :length], tree.codes[target, :length]
        train_example(center, context, inputs, rows, 1.0 - codes, rate)


def train_example(center, context, inputs, rows, labels, rate):
    """Move the vectors of the inputs and the rows of `context` for one example."""
    hidden = center[inputs].mean(axis=0)
    error = np.zeros_like(hidden)
    for row, label in zip(rows, labels, strict=True):
        step = rate * (label - sigmoid(hidden @ context[row]))
        error += step * context[row]
        context[row] += step * hidden
    for word in inputs:
        center[word] += error  # whole for each word, although `hidden` is a mean


def train_softmax(center, context, examples, rate):
    """Learn from examples (inputs, target, ...) by the softmax over all words."""
    for inputs, target, *_ in examples:
        hidden = center[inputs].mean(axis=0)
        scores = context @ hidden
        step = np.exp(scores - scores.max())
        step = -rate * step / step.sum()
        step[target] += rate
        error = step @ context
        context += np.outer(step, hidden)
        for word in inputs:
            center[word] += error


def train(output, center, context, examples, rate, tree=None):
    """Learn by one of the three outputs."""
    if output == "hierarchical":
        return train_hierarchical(center, context, examples, tree, rate)
    ways = {"negative": train_negative, "softmax": train_softmax}
    return ways[output](center, context, examples, rate)


def pairs_of(sentences, spans):
    """Return (center, context) for lists of words and spans, by a double loop."""
    pairs = []
    for words, reach in zip(sentences, spans, strict=True):
        for here, center in enumerate(words):
            for there, context in enumerate(words):
                if there != here and abs(there - here) <= reach[here]:
                    pairs.append((center, context))
    return pairs
