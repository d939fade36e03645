"""A training from recipe to vectors: defaults, refusals, progress, what is saved."""

import time
from dataclasses import replace

import keras
import numpy as np
import pytest

from common.errors import UserError
from common.vocabulary import Vocabulary
from projects.word2vec import fast, trainer
from projects.word2vec.config import OBJECTIVES, Config
from projects.word2vec.fast import fit_fast
from projects.word2vec.model import word_matrices
from projects.word2vec.reference import Recipe
from projects.word2vec.trainer import Trained
from projects.word2vec.vectors import WordVectors
from tests.word2vec.toy import two_topics

RECIPE = Recipe(
    model="skip_gram",
    objective="negative",
    window=2,
    negative=3,
    sample=0.0,
    batch_size=64,
    seed=1,
    embedding_dim=4,
    learning_rate=0.05,
    epochs=2,
)


@pytest.fixture(scope="module")
def corpus():
    corpus = two_topics(num_sentences=60)
    counts = np.array(corpus.vocabulary.counts)
    words = tuple(f"w{number}" for number in range(len(counts)))
    corpus.vocabulary = Vocabulary(words, counts)
    corpus.num_words = corpus.num_tokens
    return corpus


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    return tmp_path_factory.mktemp("checkpoint")


@pytest.fixture(scope="module")
def trained(corpus, checkpoint):
    options = {"engine": "fast", "checkpoint": checkpoint, "quiet": True}
    return trainer.train(corpus, RECIPE, **options)


def test_what_the_user_leaves_open_is_filled_in():
    for model in ("skip_gram", "cbow"):
        for objective in OBJECTIVES:
            for engine in ("fast", "keras"):
                options = Config(model=model, objective=objective, engine=engine)
                values = trainer.fill_in(options)
                assert 0 < values["learning_rate"] <= 0.5
                assert 0 < values["sample"] < 1e-3
    # The reference takes the rates of word2vec.c.
    keras = trainer.fill_in(Config(engine="keras"))
    assert keras["learning_rate"] == 0.025


def test_what_the_user_says_stays():
    options = Config(learning_rate=0.5, sample=0.0)
    assert trainer.fill_in(options) == {"learning_rate": 0.5, "sample": 0.0}


@pytest.mark.parametrize(
    ("words", "epochs"),
    [(0, 20), (1000, 20), (2_500_001, 20), (5_000_000, 10), (5_000_001, 10)]
    + [(10_000_000, 5), (10**12, 5)],
)
def test_small_texts_are_read_more_often(words, epochs):
    assert trainer.default_epochs(words) == epochs


def test_more_noise_words_than_words_are_refused(corpus):
    n = len(corpus.vocabulary)
    trainer.check_size(corpus, replace(RECIPE, negative=n - 1))
    with pytest.raises(UserError, match=f"below the number of words, {n}. .*: {n}. "):
        trainer.check_size(corpus, replace(RECIPE, negative=n))
    # The other objectives draw no noise.
    trainer.check_size(corpus, replace(RECIPE, negative=n, objective="hierarchical"))


def test_a_full_softmax_over_too_many_words_is_refused(corpus):
    class Large:
        vocabulary = range((1 << 27) // 512 + 1)

    class Largest:
        vocabulary = range((1 << 27) // 512)

    recipe = replace(RECIPE, objective="softmax", batch_size=512)
    trainer.check_size(corpus, recipe)
    trainer.check_size(Largest, recipe)
    with pytest.raises(UserError, match="262,144.*Received: 262,145.*negative"):
        trainer.check_size(Large, recipe)
    trainer.check_size(Large, replace(recipe, batch_size=256))
    trainer.check_size(Large, replace(recipe, objective="negative"))


def test_words_to_show_must_be_known(corpus):
    trainer.check_words(corpus.vocabulary, ())
    trainer.check_words(corpus.vocabulary, ("w1", "w12"))
    with pytest.raises(UserError, match="--show.*20 words.*: w111. Nearest.*: w11"):
        trainer.check_words(corpus.vocabulary, ("w1", "w111"))
    with pytest.raises(UserError, match="Received: 王. Nearest by spelling: none."):
        trainer.check_words(corpus.vocabulary, ("王",))


def test_a_training_has_matrices_losses_and_a_time(trained, corpus):
    n = len(corpus.vocabulary)
    assert [matrix.shape for matrix in trained.matrices] == [(n, 4), (n, 4)]
    assert len(trained.history["loss"]) == RECIPE.epochs
    assert trained.history["loss"][1] < trained.history["loss"][0]
    assert trained.recipe == RECIPE
    assert 0 < trained.seconds_per_epoch < trained.seconds


def test_a_finished_training_is_found_again_and_has_no_time(
    trained, corpus, checkpoint
):
    options = {"engine": "fast", "checkpoint": checkpoint, "quiet": True}
    again = trainer.train(corpus, RECIPE, **options)
    for one, other in zip(again.matrices, trained.matrices, strict=True):
        assert (one == other).all()
    assert again.history == trained.history
    assert (again.share, again.seconds_per_epoch) == (0, None)


def test_the_time_of_an_epoch_leaves_out_what_another_process_did():
    half = Trained(replace(RECIPE, epochs=4), (), {}, seconds=6.0, share=0.5)
    assert half.seconds_per_epoch == 3.0
    assert replace(half, share=0.05).seconds_per_epoch is None


def test_progress_is_told_in_words_unless_quiet(corpus, capsys, monkeypatch):
    def fit(corpus, recipe, *, listen, **_):
        time.sleep(0.3)  # compiling
        listen(0.25, 1.5)
        listen(1.0, 1.25)
        return (), {"loss": [1.375]}

    monkeypatch.setattr(fast, "fit_fast", fit)
    options = {"engine": "fast", "checkpoint": None}
    done = trainer.train(corpus, RECIPE, **options)
    assert done.share == 0.75 and done.seconds < 0.2
    compiling, line = capsys.readouterr().err.splitlines()
    assert "compiling" in compiling
    assert line.startswith("training skip_gram, negative: 960 words in ")
    trainer.train(corpus, RECIPE, quiet=True, **options)
    assert capsys.readouterr().err == ""


def test_the_keras_engine_is_the_reference(corpus, tmp_path):
    recipe = replace(RECIPE, model="cbow", objective="hierarchical")
    options = {"engine": "keras", "checkpoint": tmp_path, "quiet": True}
    trained = trainer.train(corpus, recipe, **options)
    n = len(corpus.vocabulary)
    assert [matrix.shape for matrix in trained.matrices] == [(n, 4), (n - 1, 4)]
    assert len(trained.history["loss"]) == 2 and trained.share == 1
    assert any(tmp_path.iterdir())


@pytest.mark.parametrize("engine", ["fast", "keras"])
def test_a_training_goes_on_from_given_matrices(engine, corpus, tmp_path):
    random = np.random.default_rng(0)
    n = len(corpus.vocabulary)
    start = tuple(random.normal(size=(n, 4)).astype(np.float32) for _ in range(2))
    recipe = replace(RECIPE, learning_rate=1e-9, epochs=1)
    options = {"engine": engine, "checkpoint": tmp_path, "quiet": True}
    trained = trainer.train(corpus, recipe, start=start, **options)
    for begun, ended in zip(start, trained.matrices, strict=True):
        np.testing.assert_allclose(ended, begun, atol=1e-5)


def test_the_history_names_outputs_and_epochs(trained):
    other = replace(trained, recipe=replace(RECIPE, objective="softmax"))
    rows = trainer.history_rows([trained, other])
    assert [(row["objective"], row["epoch"]) for row in rows] == [
        ("negative", 1),
        ("negative", 2),
        ("softmax", 1),
        ("softmax", 2),
    ]
    assert [row["loss"] for row in rows[:2]] == trained.history["loss"]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_what_is_saved_has_both_matrices(objective, corpus, tmp_path):
    recipe = replace(RECIPE, objective=objective, epochs=1)
    matrices, history = fit_fast(corpus, recipe)
    done = Trained(recipe, matrices, history, 1.0, 1.0)
    vectors = trainer.save_model(done, corpus.vocabulary, tmp_path)
    loaded = WordVectors.load(tmp_path)
    assert loaded.vocabulary.tokens == corpus.vocabulary.tokens
    assert (loaded.matrix == vectors.matrix).all()
    assert (loaded.matrix == matrices[0]).all()
    center, context = word_matrices(keras.saving.load_model(tmp_path / "model.keras"))
    assert (center == matrices[0]).all()
    rows = len(corpus.vocabulary) - (objective == "hierarchical")
    assert context.shape == (rows, 4) and (context == matrices[1][:rows]).all()
