"""Which tests are fetched for whom."""

import numpy as np
import pytest

from common import download
from common.errors import UserError
from common.vocabulary import Vocabulary
from projects.word2vec import exams
from projects.word2vec.exams import guess_language, prepare_exam


def vocabulary(words: str) -> Vocabulary:
    tokens = tuple(words.split())
    return Vocabulary(tokens, np.arange(len(tokens), 0, -1))


ENGLISH, CHINESE = vocabulary("the of 京 and"), vocabulary("的 了 the 我们 ,")


@pytest.fixture
def own(tmp_path):
    analogies, pairs = tmp_path / "mine.txt", tmp_path / "rg65.txt"
    analogies.write_text(": x\na b c d\n")
    pairs.write_text("gem jewel 3.94\n")
    return analogies, str(pairs)


@pytest.fixture
def no_network(monkeypatch, tmp_path):
    """Let every download fail at once, and the mirror be empty."""

    def fail(source, target):
        raise UserError(f"{source.name} could not be fetched.")

    monkeypatch.setattr(download, "_download", fail)
    monkeypatch.setenv(download.MIRROR_VARIABLE, str(tmp_path / "nowhere"))
    return tmp_path / "cache"


def test_the_commonest_words_tell_the_language():
    assert guess_language(ENGLISH) == "english"
    assert guess_language(CHINESE) == "chinese"
    assert guess_language(vocabulary("")) == "english"


@pytest.mark.parametrize(
    ("words", "language", "analogies", "pairs"),
    [
        (ENGLISH, "auto", {"questions-words": 19_544}, {"WordSim-353", "SimLex-999"}),
        (CHINESE, "auto", {"CA8": 10_177}, {"WordSim-240"}),
        (CHINESE, "english", {"questions-words": 19_544}, None),
    ],
)
def test_public_tests_by_language(
    mirror, monkeypatch, tmp_path, words, language, analogies, pairs
):
    monkeypatch.setenv(download.MIRROR_VARIABLE, str(mirror))
    exam, notes = prepare_exam(language, None, (), words, tmp_path)
    sizes = {n: sum(map(len, test.values())) for n, test in exam.analogies.items()}
    assert sizes == analogies
    assert pairs is None or set(exam.pairs) == pairs
    assert len(notes) == (language == "auto")


def test_own_tests_are_enough(own, no_network):
    analogies, pairs = own
    exam, notes = prepare_exam("auto", analogies, (pairs,), ENGLISH, no_network)
    assert exam.analogies == {"mine.txt": {"x": [("a", "b", "c", "d")]}}
    assert exam.pairs == {"rg65.txt": [("gem", "jewel", 3.94)]}
    assert notes == []
    assert not no_network.exists()


def test_own_tests_stand_beside_those_of_a_language_that_is_named(
    own, mirror, monkeypatch, tmp_path
):
    monkeypatch.setenv(download.MIRROR_VARIABLE, str(mirror))
    exam, _ = prepare_exam("english", None, own[1:], ENGLISH, tmp_path / "cache")
    assert set(exam.pairs) == {"WordSim-353", "SimLex-999", "rg65.txt"}
    assert set(exam.analogies) == {"questions-words"}


def test_what_cannot_be_fetched_is_said_and_left_out(own, mirror, no_network):
    name = exams.sources.WORDSIM353.name
    no_network.mkdir()
    source = mirror / exams.sources.WORDSIM353.mirror_path
    (no_network / name).write_bytes(source.read_bytes())
    exam, notes = prepare_exam("auto", None, (), ENGLISH, no_network)
    assert (set(exam.analogies), set(exam.pairs)) == (set(), {"WordSim-353"})
    assert len(notes) == 3  # the language, and two tests
    assert all("is left out" in line for line in notes[1:])


def test_no_test_at_all_is_an_error(no_network):
    with pytest.raises(UserError, match="--pairs"):
        prepare_exam("chinese", None, (), CHINESE, no_network)


def test_files_of_one_name_are_told_apart_by_their_folders(own, tmp_path, no_network):
    other = tmp_path / "other"
    other.mkdir()
    (other / "rg65.txt").write_text("gem stone 2\n")
    paths = (own[1], str(other / "rg65.txt"))
    exam, _ = prepare_exam("auto", None, paths, ENGLISH, no_network)
    assert set(exam.pairs) == set(paths)
    (other / "mine.txt").write_text("gem stone 2\n")
    pairs = (str(other / "mine.txt"),)
    exam, _ = prepare_exam("auto", own[0], pairs, ENGLISH, no_network)
    assert (set(exam.analogies), set(exam.pairs)) == ({str(own[0])}, set(pairs))
