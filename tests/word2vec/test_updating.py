"""More text after a run: one vocabulary, known vectors kept, new ones begun."""

import numpy as np
import pytest

from common.errors import UserError
from common.vocabulary import Vocabulary
from projects.word2vec import updating
from projects.word2vec.corpus import CorpusSettings, prepare_corpus
from projects.word2vec.huffman import build_tree
from projects.word2vec.model import assign_matrices, build_model
from projects.word2vec.pairs import FIRST_OF_SENTENCE

TEXT = "b a b\nnew b\nc rare\n" * 3 + "b new new\n"
KNOWN = Vocabulary(("a", "gone", "b"), np.array([9, 5, 1]))


@pytest.fixture(scope="module")
def joined(tmp_path_factory):
    folder = tmp_path_factory.mktemp("more")
    (folder / "more.txt").write_text(TEXT.replace("rare", ""))
    settings = CorpusSettings(str(folder / "more.txt"), "blanks", min_count=3)
    return updating.join(prepare_corpus(settings, folder / "cache"), KNOWN)


def test_the_vocabulary_has_the_words_of_both_and_their_sums(joined):
    counts = dict(zip(joined.vocabulary.tokens, joined.vocabulary.counts, strict=True))
    assert counts == {"a": 9 + 3, "b": 1 + 10, "gone": 5, "new": 5, "c": 3}
    assert joined.vocabulary.tokens == ("a", "b", "gone", "new", "c")


def test_the_text_is_told_in_its_numbers(joined):
    tokens = joined.read(0, 100)
    assert tokens.dtype == np.uint32
    first = tokens >= FIRST_OF_SENTENCE
    words = [joined.vocabulary.tokens[n] for n in tokens & (FIRST_OF_SENTENCE - 1)]
    expected = [line.replace("rare", "").split() for line in TEXT.splitlines()]
    assert words == sum(expected, [])
    starts = np.cumsum([0, *map(len, expected)])[:-1]
    assert np.flatnonzero(first).tolist() == starts.tolist()
    assert joined.read(4, 3).tolist() == tokens[4:7].tolist()
    assert joined.num_tokens == len(tokens) == joined.num_words
    assert joined.num_sentences == len(expected)
    assert "more.txt, after an earlier run" in joined.description
    assert joined.notes == joined.corpus.notes


def test_known_rows_are_carried_over_and_new_ones_begin_small(joined):
    center = np.arange(12, dtype=np.float32).reshape(3, 4)
    matrices = (center, -center)
    new, below = updating.carry_over(matrices, KNOWN, joined.vocabulary, seed=3)
    rows = joined.vocabulary.ids(KNOWN.tokens)
    assert new.dtype == below.dtype == np.float32
    assert (new[rows] == center).all() and (below[rows] == -center).all()
    others = joined.vocabulary.ids(["new", "c"])
    assert (below[others] == 0).all()
    assert 0 < abs(new[others]).max() <= 0.5 / 4
    assert (new[others[0]] != new[others[1]]).any()
    again, _ = updating.carry_over(matrices, KNOWN, joined.vocabulary, seed=3)
    other, _ = updating.carry_over(matrices, KNOWN, joined.vocabulary, seed=4)
    assert (again == new).all() and (other[others] != new[others]).all()


def test_nodes_of_a_tree_cannot_be_carried_over(joined):
    matrices = (np.ones((3, 4), np.float32), np.ones((2, 4), np.float32))
    with pytest.raises(UserError, match="3 and 2 rows for 3 words.*Train anew"):
        updating.carry_over(matrices, KNOWN, joined.vocabulary, seed=0)


@pytest.mark.parametrize("objective", ["negative", "softmax", "hierarchical"])
def test_the_matrices_of_a_run_are_read_back(objective, tmp_path):
    tree = build_tree(KNOWN.counts) if objective == "hierarchical" else None
    model = build_model(3, 4, model="cbow", objective=objective, tree=tree)
    center = np.arange(12, dtype=np.float32).reshape(3, 4)
    context = -center[: 2 if tree else 3]
    assign_matrices(model, center, context)
    model.save(tmp_path / "model.keras")
    found = updating.load_matrices(tmp_path)
    assert (found[0] == center).all() and (found[1] == context).all()


@pytest.mark.parametrize("content", [None, b"", b"no archive", b"PK\x03\x04"])
def test_a_missing_or_broken_model_is_told(content, tmp_path):
    if content is not None:
        (tmp_path / "model.keras").write_bytes(content)
    with pytest.raises(UserError, match="model.keras.*Train again") as error:
        updating.load_matrices(tmp_path)
    assert str(tmp_path) in str(error.value)
