"""Choosing, calibrating, fitting; what is saved says the same."""

import dataclasses

import keras
import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity import metrics
from projects.video_activity.features.settings import FeatureSettings
from projects.video_activity.network import candidates, selection
from projects.video_activity.network.recipe import JURY, Recipe
from projects.video_activity.network.selection import fit_classifier
from projects.video_activity.network.trained import Classifier
from tests.video_activity.network.conftest import make_clips


@pytest.fixture(scope="module")
def jury(clips):
    return fit_classifier(clips, Recipe(head="jury", inner_folds=3))


@pytest.fixture(scope="module")
def blend(clips):
    recipe = Recipe(inner_folds=2, epochs=2, strengths=(1e-2,))
    tried = candidates.candidates(recipe, clips)
    one, other, net = tried
    chosen = candidates.JuryCandidate(one.seats + other.seats), net
    parts = tuple(candidate.fit(clips, 0) for candidate in chosen)
    choice = selection.Choice(chosen, 1.7, {})
    return selection.Fit(choice, parts)


@pytest.mark.backend
def test_the_jury_foretells_unseen_groups(jury):
    others = make_clips(seed=1)
    assert metrics.accuracy(jury.probabilities(others), others.labels) > 0.8
    tried = {f"{m} C = {c:g}" for m in JURY for c in Recipe().strengths}
    assert set(jury.choice.losses) == tried | {jury.choice.name}


def test_each_member_of_the_jury_gets_its_own_strength(clips):
    # One member sees what tells the classes, the other noise: it is to be held short.
    noise = np.random.default_rng(5).normal(size=clips.features["region"].shape)
    noisy = dataclasses.replace(
        clips, features=clips.features | {"region": noise.astype(np.float32)}
    )
    (chosen,) = fit_classifier(noisy, Recipe(head="jury")).choice.chosen
    strengths = [strength for _, strength in chosen.seats]
    assert [str(member) for member, _ in chosen.seats] == list(JURY)
    assert strengths[0] < strengths[1]


def test_labels_without_meaning_are_not_foretold(clips):
    rng = np.random.default_rng(0)
    shuffled = dataclasses.replace(clips, labels=rng.permutation(clips.labels))
    fitted = fit_classifier(shuffled, Recipe(head="jury", inner_folds=3))
    others = make_clips(seed=1)
    sure = fitted.probabilities(others).max(axis=1)
    assert (
        np.mean(sure) < 0.75
    )  # calibration on held-out groups sees that it knows little


@pytest.mark.backend
@pytest.mark.parametrize("which", ["jury", "blend"])
def test_the_keras_model_says_what_the_parts_say(which, clips, request):
    fitted = request.getfixturevalue(which)
    model = fitted.build()
    found = model.predict(candidates.inputs_of(clips), verbose=0)
    np.testing.assert_allclose(found, fitted.probabilities(clips), atol=1e-4)


def test_a_jury_asks_only_for_the_streams_that_it_sees(clips):
    recipe = Recipe(head="jury", members=("region:change",), strengths=(1e-2,))
    fitted = fit_classifier(clips, recipe)
    model = fitted.build()
    assert set(model.input) == {"region", "mask"}
    inputs = {name: candidates.inputs_of(clips)[name] for name in model.input}
    found = model.predict(inputs, verbose=0)
    np.testing.assert_allclose(found, fitted.probabilities(clips), atol=1e-4)


def test_auto_names_what_it_tried(clips):
    recipe = Recipe(inner_folds=2, epochs=1, strengths=(1e-2,))
    choice = selection.choose(
        clips, candidates.candidates(recipe, clips), recipe, lambda text: None
    )
    one, other = (f"{member} C = 0.01" for member in JURY)
    jury = f"{one}, {other}"
    both = f"{jury} + recurrent"
    assert list(choice.losses) == [one, other, "recurrent", jury, both]
    together = [choice.losses[name] for name in ("recurrent", jury, both)]
    assert choice.losses[choice.name] == min(together)


def test_the_slides_net_has_the_slides_layers():
    from projects.video_activity.network.heads import build_slides

    model = build_slides({"appearance": 2048}, 15, 3)
    sizes = [layer.units for layer in model.layers if hasattr(layer, "units")]
    assert sizes == [512, 1024, 50, 3]
    names = [layer.activation.__name__ for layer in model.layers[-3:]]
    assert names == ["relu", "sigmoid", "softmax"]
    assert model.loss == "mse"


def test_the_recurrent_net_learns_at_the_wanted_rate(clips):
    (net,) = candidates.candidates(Recipe(head="recurrent", learning_rate=0.5), clips)
    model = net.make(clips.dims, clips.num_frames, 2)
    assert float(model.optimizer.learning_rate) == 0.5


@pytest.mark.parametrize(
    "members, words", [(("region",), "stream:kind"), (("motion:mean",), "motion:mean")]
)
def test_members_that_cannot_be_are_refused(members, words, clips):
    with pytest.raises(UserError, match=words):
        fit_classifier(clips, Recipe(head="jury", members=members))


def test_one_source_a_class_is_fitted_without_a_choice(clips):
    few = clips.select(np.arange(4))
    few.groups[:] = ["a", "b", "a", "b"]
    fitted = fit_classifier(few, Recipe(head="jury"))
    assert fitted.choice.temperature == 1.0
    assert len(fitted.choice.chosen[0].seats) == len(JURY)


def test_a_classifier_is_saved_and_loaded(jury, clips, tmp_path):
    settings = FeatureSettings(
        backbone="mobilenet_v2", num_frames=5, streams=("region", "region_difference")
    )
    Classifier(jury.build(), clips.classes, settings, "d1").save(tmp_path)
    loaded = Classifier.load(tmp_path)
    assert loaded.classes == ("calm", "wild")
    assert loaded.settings == settings
    windows = [
        {
            name: values[row, : clips.lengths[row]]
            for name, values in clips.features.items()
        }
        for row in range(8)
    ]
    found = loaded.probabilities(windows)
    expected = jury.probabilities(clips.select(np.arange(8)))
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert loaded.probabilities([]).shape == (0, 2)


def test_broken_classifiers_are_told(jury, clips, tmp_path):
    with pytest.raises(UserError, match="trained classifier"):
        Classifier.load(tmp_path)
    settings = FeatureSettings(backbone="mobilenet_v2")
    Classifier(jury.build(), clips.classes, settings, "d1").save(tmp_path)
    (tmp_path / "model.keras").write_bytes(b"no model")
    with pytest.raises(UserError, match=r"model\.keras"):
        Classifier.load(tmp_path)
    (tmp_path / "classifier.json").write_text('{"classes": ["a"]}')
    with pytest.raises(UserError, match=r"classifier\.json"):
        Classifier.load(tmp_path)


def test_other_weights_are_refused(jury, clips, monkeypatch):
    settings = FeatureSettings(backbone="motion", streams=("motion",))
    classifier = Classifier(jury.build(), clips.classes, settings, "not this")
    with pytest.raises(UserError, match="weights of motion"):
        classifier.prepare()


def test_keras_files_are_loaded_in_safe_mode(tmp_path, jury, clips):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x)])
    settings = FeatureSettings(backbone="mobilenet_v2")
    Classifier(model, clips.classes, settings, "d1").save(tmp_path)
    with pytest.raises(UserError, match=r"model\.keras"):
        Classifier.load(tmp_path)
