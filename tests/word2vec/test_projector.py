"""The projector's files, read back as the projector reads them."""

import re

import numpy as np
import pytest

from common.errors import UserError
from projects.word2vec.projector import FILES, write_projector
from tests.word2vec.toy_vectors import make_random, make_toy


def test_the_files_hold_words_counts_and_every_bit(tmp_path):
    folder = tmp_path / "new" / "projector"
    vectors = make_random(30, 5)
    write_projector(vectors, folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    matrix = np.loadtxt(folder / "vectors.tsv", delimiter="\t", dtype=np.float32)
    assert np.array_equal(matrix, vectors.matrix)
    head, *rows = (folder / "metadata.tsv").read_text("utf-8").splitlines()
    assert head == "word\tcount"
    assert rows == [f"w{number}\t{30 - number}" for number in range(30)]


def test_the_configuration_names_the_other_files(tmp_path):
    write_projector(make_toy(), tmp_path)
    text = (tmp_path / "projector_config.pbtxt").read_text("utf-8")
    assert re.fullmatch(r'embeddings \{\n(  \w+: "[\w.]+"\n)+\}\n', text)
    named = dict(re.findall(r'(\w+): "(.*)"', text))
    assert (tmp_path / named["tensor_path"]).is_file()
    assert (tmp_path / named["metadata_path"]).is_file()


def test_tensorboard_understands_the_configuration(tmp_path):
    projector = pytest.importorskip("tensorboard.plugins.projector")
    text_format = pytest.importorskip("google.protobuf.text_format")
    write_projector(make_toy(), tmp_path)
    text = (tmp_path / "projector_config.pbtxt").read_text("utf-8")
    config = text_format.Parse(text, projector.ProjectorConfig())
    assert config.embeddings[0].tensor_path == "vectors.tsv"
    assert config.embeddings[0].metadata_path == "metadata.tsv"


@pytest.mark.parametrize("word", ["a\tb", "a\nb", ""])
def test_a_word_that_would_part_a_row_is_refused(word, tmp_path):
    with pytest.raises(UserError, match="tab and line break"):
        write_projector(make_toy({"a": [1.0], word: [2.0]}), tmp_path / "new")
    assert not list(tmp_path.iterdir())


def test_blanks_are_welcome_and_one_dimension_is_enough(tmp_path):
    write_projector(make_toy({"new york": [0.5], "b": [2.0]}), tmp_path)
    assert (tmp_path / "vectors.tsv").read_text() == "0.5\n2\n"
    assert "new york\t20\n" in (tmp_path / "metadata.tsv").read_text()
