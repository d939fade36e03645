"""A form is kept in plain values, and contradictions are refused."""

import dataclasses
from pathlib import Path

import pytest

from common.errors import UserError
from projects.couplet.config import PRESETS, Config
from projects.couplet.network.architecture import Architecture


def test_a_form_returns_from_its_values():
    form = Architecture(cell="gru", attention="local", units=10, aligned=False)
    assert Architecture.from_dict(form.to_dict(), Path("model.json")) == form


@pytest.mark.parametrize(
    "change",
    [
        lambda values: values.pop("cell"),
        lambda values: values.update(more=1),
        lambda values: values.update(units="384"),
        lambda values: values.update(units=True),
        lambda values: values.clear(),
    ],
)
def test_values_of_another_version_are_refused(change):
    values = Architecture().to_dict()
    change(values)
    with pytest.raises(UserError, match="of this version in run/model.json"):
        Architecture.from_dict(values, Path("run/model.json"))


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"units": 7}, "Take 8"),
        ({"reverse_source": True}, "--no-aligned"),
    ],
)
def test_contradictions_are_told(values, word):
    with pytest.raises(UserError, match=word):
        Architecture(**values)
    with pytest.raises(UserError, match=word):
        Config(**values)


def test_odd_units_go_with_an_encoder_of_one_way():
    assert Architecture(units=7, encoder="uni").units == 7


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"end_token": True}, "--end-token expected with --no-aligned"),
        ({"reverse_share": 0.7, "blank_share": 0.4}, "at most 1"),
        (PRESETS["slides"] | {"aligned": True}, "--end-token"),
    ],
)
def test_options_of_a_training_must_agree(values, word):
    with pytest.raises(UserError, match=word):
        Config(**values)


def test_the_lecture_is_an_encoder_decoder_with_a_fixed_vector():
    config = Config(**PRESETS["slides"])
    assert (config.cell, config.encoder, config.attention) == ("lstm", "uni", "none")
    assert config.encoder_layers == config.decoder_layers == 1
    assert config.end_token and not (config.aligned or config.direct)
    assert config.reverse_share == config.blank_share == config.dropout == 0


def test_options_and_form_have_the_same_defaults():
    config = Config()
    for field in dataclasses.fields(Architecture):
        assert getattr(config, field.name) == field.default, field.name
