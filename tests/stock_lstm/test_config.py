"""Presets, bounds, and what contradicts itself."""

import dataclasses
import importlib.util
import json
from pathlib import Path

import pytest

from common.config import config_from_dict, config_to_dict, parse_config
from common.errors import UserError
from projects.stock_lstm.config import (
    PRESETS,
    CompareConfig,
    Config,
    PredictConfig,
)


def parse(*argv, kind=Config):
    return parse_config(kind, argv, "test", PRESETS)


def test_the_defaults_need_no_flag():
    config, given = parse()
    assert config == Config() and given == frozenset()
    assert (config.data, config.csv, config.recipe) == ("goog", None, "changes")


def test_the_slides_are_one_flag():
    config, given = parse("--preset", "slides", "--data", "tata")
    assert (config.recipe, config.model, config.sort) == ("levels", "stacked", False)
    net = (config.context_length, config.units, config.dropout)
    assert net == (60, 50, 0.2)
    assert (config.batch_size, config.epochs, config.nets) == (32, 100, 1)
    assert {"recipe", "epochs", "data"} <= given and "seed" not in given


def test_flags_count_more_than_the_preset():
    config, _ = parse("--preset", "slides", "--sort", "--epochs", "3")
    assert config.sort and config.epochs == 3 and config.units == 50


@pytest.mark.parametrize("kind", [Config, CompareConfig])
def test_presets_speak_of_fields_only(kind):
    names = {field.name for field in dataclasses.fields(kind)}
    for preset in PRESETS.values():
        assert set(preset) <= names


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ("--test-csv b.csv", "--test-csv must come with --csv"),
        ("--no-sort", "--no-sort keeps the order"),
        ("--recipe levels", "stacked net.*--model lstm"),
        ("--preset slides --model gru", "stacked net.*--model gru"),
        ("--preset slides --until 2018-01-01", "whole files.*--until 2018-01-01"),
        ("--preset slides --target range", "--target range"),
        ("--preset slides --horizon 5", "--horizon 5"),
        ("--preset slide", "slides"),
    ],
)
def test_contradictions_are_refused(argv, message):
    with pytest.raises(UserError, match=message):
        parse(*argv.split())


@pytest.mark.parametrize(
    "argv",
    [
        *("--horizon 0", "--horizon 61", "--context-length 1", "--test-days 9"),
        *("--validation-share .51", "--validation-share 0", "--dropout 1"),
        *("--learning-rate 0", "--learning-rate nan", "--nets 51", "--epochs 0"),
        *("--units 0", "--batch-size 0", "--patience 0", "--refit-every 0"),
        *("--seed -1", "--last-rows -1", "--model transformer", "--target close"),
        *("--data apple", "--date-order mdyy", "--decimal dot"),
    ],
)
def test_values_out_of_range_are_refused(argv):
    with pytest.raises(UserError, match=argv.split()[0]):
        parse(*argv.split())


def test_what_is_not_installed_is_told_at_once(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"statsmodels.*\.\[stats\]"):
        parse("--classics")
    assert not parse("--no-classics")[0].classics


def test_a_configuration_survives_json():
    config, _ = parse("--csv", "a/b.csv", "--column", "none", "--dropout", "0")
    again = json.loads(json.dumps(config_to_dict(config)))
    assert config_from_dict(Config, again) == config
    assert (config.csv, config.column) == (Path("a/b.csv"), "none")  # text is text


def test_the_other_programs():
    config, _ = parse("--compare", "lstm,ar", kind=CompareConfig)
    assert config.compare == ("lstm", "ar") and config.nets == 5
    with pytest.raises(UserError, match="--compare.*Received: ar,lstn"):
        parse("--compare", "ar,lstn", kind=CompareConfig)
    assert parse_config(PredictConfig, [], "test")[0].csv is None
