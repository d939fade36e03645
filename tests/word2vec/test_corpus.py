import hashlib
import json
import lzma
import re
from collections import Counter

import numpy as np
import pytest

from common.errors import UserError
from projects.word2vec import building
from projects.word2vec.config import CorpusOptions
from projects.word2vec.corpus import CorpusSettings, load_corpus, prepare_corpus
from tests.word2vec.plain_words import order_of, random_sentences, tokens_of


@pytest.fixture
def text(tmp_path):
    """Return a file of sentences, one a line, and the sentences."""
    sentences = random_sentences(seed=1)
    path = tmp_path / "text.txt"
    path.write_text("".join(f"{' '.join(s)}\n" for s in sentences), encoding="utf-8")
    return path, sentences


def _settings(path, **values):
    values = {"tokenizer": "blanks", "min_count": 3, **values}
    return CorpusSettings(corpus=str(path), **values)


def _files(cache):
    return sorted(p.name for p in cache.iterdir() if p.suffix != ".lock")


def _say_nothing_to_do(*_):
    raise AssertionError("the text was read again")


def test_a_text_becomes_a_corpus(text, tmp_path):
    path, sentences = text
    told = []
    prepared = prepare_corpus(
        _settings(path), tmp_path / "cache", progress=lambda *now: told.append(now)
    )
    order = order_of(sentences, 3)
    words, counts = zip(*order, strict=True)
    expected = tokens_of(sentences, words)
    assert prepared.vocabulary.tokens == words
    assert prepared.vocabulary.counts.tolist() == list(counts)
    assert np.fromfile(prepared.path, "<u4").tolist() == expected
    assert prepared.read(0, 10**9).tolist() == expected
    assert prepared.read(5, 7).tolist() == expected[5:12]
    assert prepared.read(len(expected) - 1, 7).tolist() == expected[-1:]
    assert prepared.read(len(expected), 7).tolist() == []
    assert prepared.num_tokens == len(expected)
    assert prepared.num_words == sum(map(len, sentences))
    assert prepared.num_sentences == sum(t >> 31 for t in expected)
    assert prepared.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "text.txt" in prepared.description
    assert told[-1] == (*[path.stat().st_size] * 2, prepared.num_words)
    assert sorted(p.name for p in prepared.folder.iterdir()) == [
        "manifest.json",
        "tokens.bin",
        "vocabulary.txt",
    ]
    loaded = load_corpus(prepared.folder)
    assert loaded.vocabulary.tokens == words
    assert {**vars(loaded), "vocabulary": 0} == {**vars(prepared), "vocabulary": 0}


def test_settings_are_the_options_of_the_programs():
    settings = CorpusSettings.of(CorpusOptions(min_count=9, scheduler="local:2"))
    assert settings == CorpusSettings(min_count=9, scheduler="local:2")


def test_a_text_is_read_once(text, tmp_path):
    path, _ = text
    cache = tmp_path / "cache"
    first = prepare_corpus(_settings(path), cache)
    again = prepare_corpus(_settings(path), cache, progress=_say_nothing_to_do)
    assert again.folder == first.folder
    by_dask = _settings(path, scheduler="local:2")  # makes the same: none is started
    assert prepare_corpus(by_dask, cache).folder == first.folder


@pytest.mark.parametrize(
    "change",
    [
        {"min_count": 4},
        {"max_vocabulary": 9},
        {"tokenizer": "words"},
        {"phrases": 1},
        {"max_distinct": 5},
    ],
)
def test_other_settings_are_another_corpus(change, text, tmp_path):
    path, _ = text
    first = prepare_corpus(_settings(path), tmp_path / "cache")
    other = prepare_corpus(_settings(path, **change), tmp_path / "cache")
    assert other.folder != first.folder
    assert load_corpus(first.folder).num_tokens == first.num_tokens


def test_another_text_is_another_corpus(text, tmp_path):
    path, sentences = text
    first = prepare_corpus(_settings(path), tmp_path / "cache")
    with path.open("a") as file:
        file.write("w0 w1\n")
    other = prepare_corpus(_settings(path), tmp_path / "cache")
    assert other.num_words == first.num_words + 2


def test_memory_for_few_words_changes_nothing_but_the_limit(text, tmp_path):
    path, sentences = text
    few = prepare_corpus(_settings(path, max_distinct=10), tmp_path / "cache")
    words = [word for word, _ in order_of(sentences, 3, 10)]
    assert list(few.vocabulary.tokens) == words
    assert few.read(0, 10**9).tolist() == tokens_of(sentences, words)
    number = len(order_of(sentences, 3))
    assert f"of {number} words the commonest 10 are kept (--max-distinct)" in few.notes
    wanted = prepare_corpus(
        _settings(path, max_vocabulary=10, max_distinct=20), tmp_path / "cache"
    )
    assert wanted.path.read_bytes() == few.path.read_bytes()
    assert not any("--max-distinct" in told for told in wanted.notes)


def test_phrases_are_joined(tmp_path):
    path = tmp_path / "text.txt"
    lines = ["a new york b", "new york c", "c b a b c", "new a york"] * 20
    path.write_text("\n".join(lines))
    settings = _settings(path, phrases=1, phrase_threshold=3)
    prepared = prepare_corpus(settings, tmp_path / "cache")
    assert "new_york" in prepared.vocabulary
    assert prepared.num_words == 300
    assert prepared.vocabulary.counts[prepared.vocabulary.id("new_york")] == 40
    assert prepared.num_tokens == prepared.vocabulary.counts.sum() == 260
    assert sum("joined to phrases: 1" in told for told in prepared.notes) == 1


def _damage_tokens(folder):
    with (folder / "tokens.bin").open("ab") as file:
        file.truncate(100)


def _damage_vocabulary(folder):
    (folder / "vocabulary.txt").write_text("w0\t1\n")


def _damage_lines(folder):
    text = (folder / "vocabulary.txt").read_bytes()
    (folder / "vocabulary.txt").write_bytes(text.replace(b"\t", b" "))


def _damage_manifest(folder):
    (folder / "manifest.json").write_text("{}")


def _damage_sizes(folder):
    (folder / "manifest.json").write_text('{"sizes": 3}')


def _remove_manifest(folder):
    (folder / "manifest.json").unlink()


def _remove_tokens(folder):
    (folder / "tokens.bin").unlink()


@pytest.mark.parametrize(
    "damage",
    [
        _damage_tokens,
        _damage_vocabulary,
        _damage_lines,
        _damage_manifest,
        _damage_sizes,
        _remove_manifest,
        _remove_tokens,
    ],
)
def test_a_damaged_corpus_is_made_anew(damage, text, tmp_path, capsys):
    path, _ = text
    first = prepare_corpus(_settings(path), tmp_path / "cache")
    tokens = first.path.read_bytes()
    damage(first.folder)
    with pytest.raises(UserError, match=re.escape(str(first.folder))):
        load_corpus(first.folder)
    again = prepare_corpus(_settings(path), tmp_path / "cache")
    assert again.path.read_bytes() == tokens
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "change", "message"),
    [
        ("", {}, "Words expected in .*text.txt. Received: none"),
        (" \n\t\n", {}, "Words expected in .*text.txt. Received: none"),
        ("a b b\n", {}, "'b', the commonest, stands 2 times. .*--min-count 2 or less"),
        ("a a a\n", {}, "two words to learn expected in .*text.txt. Received: 'a'"),
        ("a b " * 9, {"max_vocabulary": 1}, "Received: 'a'.* larger --max-vocabulary"),
        ("a b\n" * 9, {"phrases": 1, "phrase_threshold": 1.1}, "Received: 'a_b'"),
    ],
)
def test_too_little_to_learn_is_refused(text, change, message, tmp_path):
    (tmp_path / "text.txt").write_text(text)
    with pytest.raises(UserError, match=message):
        prepare_corpus(_settings(tmp_path / "text.txt", **change), tmp_path / "cache")
    assert _files(tmp_path / "cache") == []


def test_an_error_leaves_nothing(text, tmp_path, monkeypatch):
    def full_disk(*_):
        raise OSError(28, "No space left on device")

    path, _ = text
    monkeypatch.setattr(building, "write_tokens", full_disk)
    with pytest.raises(OSError, match="No space"):
        prepare_corpus(_settings(path), tmp_path / "cache")
    assert _files(tmp_path / "cache") == []


def test_the_manifest_is_plain_json(text, tmp_path):
    path, _ = text
    folder = prepare_corpus(_settings(path), tmp_path / "cache").folder
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["sizes"]["tokens.bin"] == 4 * manifest["num_tokens"]


def test_wikipedia_has_the_known_words(mirror, tmp_path):
    with lzma.open(mirror / "text" / "wiki8.txt.xz") as file:
        data = file.read(1_000_000)
    (tmp_path / "wiki.txt").write_bytes(data)
    prepared = prepare_corpus(
        CorpusSettings(corpus=str(tmp_path / "wiki.txt")), tmp_path / "cache"
    )
    counts = Counter(data.decode().split())
    kept = {word: n for word, n in counts.items() if n >= 5}
    assert prepared.num_words == counts.total()
    assert prepared.num_tokens == sum(kept.values())
    words = zip(prepared.vocabulary.tokens, prepared.vocabulary.counts, strict=True)
    assert dict(words) == kept
