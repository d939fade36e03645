"""Bounds, the lecture's preset, and options that contradict each other."""

import dataclasses
from pathlib import Path

import pytest

from common.config import config_from_dict, config_to_dict, parse_config
from common.errors import UserError
from projects.word2vec import config as options
from projects.word2vec.config import PRESETS, Config, EvaluateConfig, ExportConfig


def parse(text, kind=Config):
    return parse_config(kind, text.split(), "test", PRESETS if kind is Config else None)


def test_the_defaults_need_no_flag():
    config, given = parse("")
    assert config == Config() and not given
    assert (config.corpus, config.model, config.objective) == (
        "docs",
        "skip_gram",
        "negative",
    )
    assert (config.epochs, config.learning_rate, config.update) == (None, None, None)


def test_the_lecture_is_one_flag_and_flags_count_more():
    config, given = parse("--preset slides --epochs 1 --model cbow")
    assert (config.max_vocabulary, config.embedding_dim) == (10_000, 200)
    assert set(config.compare) == {"softmax", "negative", "hierarchical"}
    assert (config.epochs, config.model) == (1, "cbow")
    assert {"compare", "epochs", "model"} <= given and "objective" not in given


def test_presets_speak_of_fields_only():
    names = {field.name for field in dataclasses.fields(Config)}
    assert all(set(preset) <= names for preset in PRESETS.values())


def test_options_survive_their_file():
    config, _ = parse("--preset slides --show king,queen --data-dir there --sample 0")
    assert config.show == ("king", "queen") and config.data_dir == Path("there")
    assert config_from_dict(Config, config_to_dict(config)) == config


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ("--window 0", "`--window` must be .* at least 1.*Received: 0"),
        ("--window 101", "`--window` must be .* at most 100"),
        ("--embedding-dim 0", "`--embedding-dim` must be .* at least 1.*Received: 0"),
        ("--embedding-dim -5", "`--embedding-dim` must be .*Received: -5"),
        ("--negative 0", "`--negative` must be .* at least 1"),
        ("--min-count 0", "`--min-count` must be .* at least 1"),
        ("--epochs 0", "`--epochs` must be .* at least 1"),
        ("--sample -1", "`--sample` must be .* at least 0"),
        ("--sample nan", "`--sample` must be a finite number"),
        ("--seed -1", "`--seed` must be .* at least 0"),
        ("--objective sofmax", "`--objective` must be one of .*Did you mean softmax"),
        ("--tokenizer word", "Did you mean words"),
        ("--engine jax", "`--engine` must be one of fast, keras"),
        ("--compare negative,tree", "Each item of `--compare` must be one of"),
        ("--learning-rate 0", "`--learning-rate` must be above 0"),
        ("--learning-rate 11", "`--learning-rate` must be above 0, at most 10"),
        ("--batch-size 100", "`--batch-size` must be a multiple of 64. Received: 100"),
        ("--batch-size 0", "`--batch-size` must be .* at least 64"),
        ("--update r --objective hierarchical", "Received: --objective hierarchical"),
        ("--compare softmax,hierarchical", "with --objective negative"),
        ("--compare negative --update r", "with --update"),
    ],
)
def test_what_cannot_be_is_refused(flags, message):
    with pytest.raises(UserError, match=message):
        parse(flags)


@pytest.mark.parametrize(
    ("flags", "name", "value"),
    [
        ("--window 1", "window", 1),
        ("--embedding-dim 1", "embedding_dim", 1),
        ("--negative 1", "negative", 1),
        ("--batch-size 64", "batch_size", 64),
        ("--sample 0", "sample", 0),
        ("--max-vocabulary 0", "max_vocabulary", 0),
        ("--learning-rate 10", "learning_rate", 10),
        ("--update r --objective softmax", "objective", "softmax"),
        ("--objective softmax --compare negative,softmax", "objective", "softmax"),
    ],
)
def test_the_ends_of_the_bounds_are_allowed(flags, name, value):
    assert getattr(parse(flags)[0], name) == value


def test_vectors_come_from_one_place():
    with pytest.raises(UserError, match="--run-dir or --vectors. Received: both"):
        parse("--run-dir a --vectors b", EvaluateConfig)
    with pytest.raises(UserError, match="--output with --vectors"):
        parse("--vectors b", ExportConfig)
    assert parse("--vectors b --output c", ExportConfig)[0].format == "text"


def test_each_option_is_explained_in_a_phrase():
    kinds = [kind for kind in vars(options).values() if dataclasses.is_dataclass(kind)]
    assert len(kinds) >= 6
    for field in (field for kind in kinds for field in dataclasses.fields(kind)):
        assert 10 < len(field.metadata["help"]) < 200, field.name


def test_an_update_learns_as_the_run_before_did():
    saved = Config(model="cbow", embedding_dim=16, window=3, epochs=9)
    config, given = parse("--update run --window 2")
    config = options.inherit(config, given, saved)
    assert (config.model, config.embedding_dim, config.window) == ("cbow", 16, 2)
    assert config.epochs is None  # of the new text, not of the old


def test_an_update_cannot_change_the_length_of_vectors():
    saved = Config(embedding_dim=16)
    config, given = parse("--update run --embedding-dim 17")
    with pytest.raises(UserError, match="must be 16.*17"):
        options.inherit(config, given, saved)


def test_the_tree_of_a_run_cannot_be_updated():
    saved = Config(objective="hierarchical")
    config, given = parse("--update run")
    with pytest.raises(UserError, match="Huffman"):
        options.inherit(config, given, saved)
