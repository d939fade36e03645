"""Pieces ask for every token once; batches are of about one length."""

import numpy as np
import pytest

from projects.couplet.poems.batches import PieceBatches, Pieces
from projects.couplet.tokens import END, PAD, START, UNKNOWN, Tokens
from tests.couplet.tiny_poet import make_poems

QUIET_NIGHT = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"


def test_pieces_ask_for_every_token_of_every_poem_once():
    poems = [QUIET_NIGHT, QUIET_NIGHT * 4, "春眠不觉晓，处处闻啼鸟。"]
    tokens = Tokens.from_lines([QUIET_NIGHT], min_count=1)
    pieces = Pieces.of(poems, tokens)
    assert pieces.lengths.tolist() == [25, 49, 48, 13]  # 97 in two
    assert pieces.inputs[[0, 1, 3], 0].tolist() == [START] * 3
    asked = [
        row[:n].tolist() for row, n in zip(pieces.targets, pieces.lengths, strict=True)
    ]
    assert asked[0] == [*tokens.encode(poems[0]), END]
    assert asked[1] + asked[2] == [*tokens.encode(poems[1]), END]
    assert asked[3] == [*tokens.encode(poems[2]), END] and UNKNOWN in asked[3]
    # A piece from the middle knows what stands above it, and the token before.
    assert pieces.inputs[2, 0] == asked[1][-1]
    assert pieces.above[2, 0, 1] == asked[1][-12]
    assert (pieces.targets[3, 13:] == PAD).all()


def test_batches_hold_every_piece_once_and_little_padding():
    tokens = Tokens.from_lines(make_poems(300), min_count=1)
    pieces = Pieces.of(make_poems(300), tokens)
    batches = PieceBatches(pieces, batch_size=16, seed=3)
    orders = [batches.order(epoch) for epoch in (0, 0, 1)]
    assert np.array_equal(orders[0], orders[1])
    assert not np.array_equal(orders[0], orders[2])
    assert sorted(orders[2]) == list(range(300))
    wanted = [batches[i][1] for i in range(len(batches))]
    assert sum((w != PAD).sum() for w in wanted) == pieces.lengths.sum()
    assert sum(w.size for w in wanted) < 1.05 * pieces.lengths.sum()
    widths = [w.shape[1] for w in wanted]
    assert widths != sorted(widths)  # long and short batches take turns


@pytest.mark.parametrize("shuffle", [True, False])
def test_the_first_two_batches_differ_in_length(shuffle):
    tokens = Tokens.from_lines(["山花天风日"], min_count=1)
    pieces = Pieces.of(["山花"] * 8 + ["天风日"] * 2, tokens)
    batches = PieceBatches(pieces, batch_size=2, shuffle=shuffle)
    first, second = batches[0][1], batches[1][1]
    assert {first.shape[1], second.shape[1]} == {3, 4}
