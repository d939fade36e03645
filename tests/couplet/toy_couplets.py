"""Couplets that a tiny model can learn: each character has one partner."""

import numpy as np

from projects.couplet.network.architecture import Architecture
from projects.couplet.network.batches import EncodedPairs
from projects.couplet.network.trainer import Recipe, train
from projects.couplet.tokens import Tokens

ABOVE, BELOW = "天风日山花红来朝春新", "地雨月水夜草绿暮秋旧"
PARTNERS = dict(zip(ABOVE + BELOW, BELOW + ABOVE, strict=True)) | {"，": "，"}
FORM = Architecture(encoder_layers=1, decoder_layers=1, units=24, embedding_dim=24)


def draw_pairs(number, seed=0):
    """Return first and second lines of 1 to 7 signs, all different pairs."""
    random = np.random.default_rng(seed)
    pairs = {}
    while len(pairs) < number:
        line = "".join(random.permutation(list(ABOVE))[: random.integers(2, 7)])
        if len(line) == 6:
            line = f"{line[:3]}，{line[3:]}"
        pairs[line] = answer(line)
    return list(pairs), list(pairs.values())


def answer(line):
    return "".join(PARTNERS[char] for char in line)


def train_toy(recipe, form=FORM, number=600):
    """Return (model, history, tokens) after a short training."""
    first, second = draw_pairs(number)
    tokens = Tokens.from_lines([*first, *second], min_count=1)
    held = number // 10
    pairs = (
        EncodedPairs.of(first[held:], second[held:], tokens),
        EncodedPairs.of(first[:held], second[:held], tokens),
    )
    model, history = train(form, recipe, tokens, pairs, quiet=True)
    return model, history, tokens


RECIPE = Recipe(
    epochs=4,
    epoch_pairs=0,
    batch_tokens=256,
    bucket_width=8,
    reverse_share=0.3,
    blank_share=0.1,
    learning_rate=0.03,
)


def random_weights(model, seed=0, scale=0.5):
    """Give all weights of a model values, so that no zero hides a mistake."""
    random = np.random.default_rng(seed)
    model.set_weights(
        [scale * random.normal(size=w.shape) for w in model.get_weights()]
    )
