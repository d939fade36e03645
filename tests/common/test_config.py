"""A dataclass is the command line, and every wrong line is refused in one."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

from common.config import config_from_dict, config_to_dict, option, parse_config
from common.errors import UserError
from common.run_options import RunOptions


@dataclasses.dataclass(frozen=True)
class Config:
    text: str | None = option(None, "line to answer", positional=True)
    context_length: int = option(60, "days in one window", minimum=1, maximum=500)
    rate: float = option(1e-3, "step size, up to 100%", minimum=0)
    engine: str = option("lstm", "kind of model", choices=("lstm", "dense"))
    plot: bool = option(True, "draw figures")
    run_dir: Path | None = option(None, "folder of the run")
    limit: int | None = option(10, "lines to read", minimum=1)
    units: tuple[int, ...] = option((8, 4), "layer sizes", minimum=1)
    names: tuple[str, ...] = option((), "columns")

    def __post_init__(self):
        if self.limit is not None and self.context_length / self.limit > 100:
            raise UserError("`--context-length` is too long for `--limit`.")


PRESETS = {"quick": {"rate": 0.5, "units": (2,)}, "full": {"limit": None}}


def _parse(*argv):
    return parse_config(Config, argv, "Answer lines.", PRESETS)


def _refusal(*argv):
    with pytest.raises(UserError) as caught:
        _parse(*argv)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_no_arguments_give_the_defaults_and_nothing_given():
    assert _parse() == (Config(), frozenset())


@pytest.mark.parametrize(
    ("argv", "field", "value"),
    [
        (["--context-length", "7"], "context_length", 7),
        (["--context-length=7"], "context_length", 7),
        (["--rate", "1e-05"], "rate", 1e-05),
        (["--rate", "2"], "rate", 2.0),
        (["--engine", "dense"], "engine", "dense"),
        (["--no-plot"], "plot", False),
        (["--no-plot", "--plot"], "plot", True),
        (["--run-dir", "a b/春"], "run_dir", Path("a b/春")),
        (["--limit", "none"], "limit", None),
        (["--units", "3, 2,1"], "units", (3, 2, 1)),
        (["--names", "open,close"], "names", ("open", "close")),
        (["春风"], "text", "春风"),
        (["none"], "text", "none"),
        (["--", "--rate"], "text", "--rate"),
    ],
)
def test_each_kind_of_field_is_read(argv, field, value):
    config, given = _parse(*argv)
    read = getattr(config, field)
    assert (read, type(read)) == (value, type(value))
    assert config == dataclasses.replace(Config(), **{field: value})
    assert given == {field}


def test_a_positional_may_stand_between_flags():
    config, given = _parse("--limit", "3", "line", "--no-plot")
    assert (config.text, config.limit, config.plot) == ("line", 3, False)
    assert given == {"text", "limit", "plot"}


def test_flags_override_a_preset_in_any_order():
    for argv in (["--preset", "quick", "--rate", "2"], ["--rate=2", "--preset=quick"]):
        config, given = _parse(*argv)
        assert config == Config(rate=2.0, units=(2,))
        assert given == {"rate", "units"}
    assert _parse("--preset", "full")[0].limit is None


def test_without_presets_there_is_no_such_flag():
    with pytest.raises(UserError, match="Received: --preset"):
        parse_config(Config, ["--preset", "quick"], "Answer lines.")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            ["--context_lenght=3"],
            "Expected only what --help lists. Received: --context_lenght=3. "
            "Did you mean --context-length?",
        ),
        (
            ["--cont", "3"],
            "Expected only what --help lists. Received: --cont. "
            "Did you mean --context-length?",
        ),
        (["--zzz"], "Expected only what --help lists. Received: --zzz."),
        (["one", "two"], "Expected only what --help lists. Received: two."),
        (
            ["--limit", "0"],
            "`--limit` must be a whole number, at least 1. Received: 0.",
        ),
        (
            ["--context-length", "501"],
            "`--context-length` must be a whole number, at least 1, at most 500. "
            "Received: 501.",
        ),
        (
            ["--limit", "2.0"],
            "`--limit` must be a whole number, at least 1. Received: 2.0.",
        ),
        (
            ["--rate", "nan"],
            "`--rate` must be a finite number, at least 0. Received: nan.",
        ),
        (
            ["--rate", "inf"],
            "`--rate` must be a finite number, at least 0. Received: inf.",
        ),
        (
            ["--engine", "lsmt"],
            "`--engine` must be one of lstm, dense. Received: lsmt. Did you mean lstm?",
        ),
        (["--run-dir", ""], "`--run-dir` must be a path. Received: (empty)."),
        (
            ["--units", "4,,2"],
            "Each item of `--units` must be a whole number, at least 1. "
            "Received: 4,,2.",
        ),
        (
            ["--units", "4,0"],
            "Each item of `--units` must be a whole number, at least 1. Received: 4,0.",
        ),
        (
            ["--preset", "quik"],
            "`--preset` must be one of quick, full. Received: quik. "
            "Did you mean quick?",
        ),
        (["--limit"], "--limit: expected one argument. --help shows how."),
        (
            ["--plot=1"],
            "--plot/--no-plot: ignored explicit argument '1'. --help shows how.",
        ),
    ],
)
def test_a_wrong_line_is_refused_in_one(argv, message):
    assert _refusal(*argv) == message


def test_a_contradiction_is_the_affair_of_the_dataclass():
    assert _refusal("--limit=1", "--context-length=101").endswith("for `--limit`.")


def test_ranges_are_checked_before_the_dataclass_computes():
    assert "at least 1" in _refusal("--limit=0")  # __post_init__ would divide by it


def test_help_shows_defaults_choices_and_presets(capsys):
    with pytest.raises(SystemExit) as caught:
        _parse("--help")
    shown = " ".join(capsys.readouterr().out.split())
    assert caught.value.code == 0
    for part in (
        "Answer lines.",
        "--context-length INT days in one window (default: 60)",
        "up to 100% (default: 0.001)",
        "--engine {lstm,dense}",
        "--plot, --no-plot draw figures (default: yes)",
        "--run-dir PATH folder of the run (default: none)",
        "--units INT,... layer sizes (default: 8,4)",
        "quick is rate=0.5 units=2; full is limit=none",
    ):
        assert part in shown


def test_help_tells_the_options_of_the_program_before_those_it_shares(capsys):
    class Shared(RunOptions):
        """Never seen: it declares nothing."""

    @dataclasses.dataclass(frozen=True)
    class Program(Shared):
        """Not a heading."""

        seed: int = option(7, "of this program")
        depth: int = option(1, "how deep")

    with pytest.raises(SystemExit):
        parse_config(Program, ["--help"], "Do.", PRESETS)
    options, *shared = capsys.readouterr().out.split("\n\n")[-3:]
    assert "--seed" in options and "--depth" in options and "--preset" in options
    assert shared[0].startswith("this run:") and "--resume" in shared[0]
    assert shared[1].startswith("this call:") and "--quiet" in shared[1]
    assert "--seed" not in shared[0]
    assert parse_config(Program, [], "Do.")[0].seed == 7


@pytest.mark.parametrize("kind", [list[int], dict, int | str, tuple[int, int], bytes])
def test_a_type_that_no_flag_can_hold_is_a_programming_error(kind):
    unfit = dataclasses.make_dataclass("Unfit", [("x", kind, option(None, "what"))])
    with pytest.raises(TypeError, match="cannot have the type"):
        parse_config(unfit, [], "")


def test_a_configuration_survives_json():
    config = Config("春", 7, 2.0, "dense", False, Path("a/b"), None, (1,), ("é", "b"))
    values = json.loads(json.dumps(config_to_dict(config)))
    assert values["run_dir"] == "a/b"
    assert values["units"] == [1]
    assert config_from_dict(Config, values) == config


def test_a_float_written_as_a_whole_number_is_a_float_again():
    rate = config_from_dict(Config, config_to_dict(Config()) | {"rate": 2}).rate
    assert type(rate) is float


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"extra": 1}, r"unknown \['extra'\], missing \[\]"),
        ({"limit": 0}, "`limit in the saved configuration` must be a whole number"),
        ({"limit": True}, "Received: yes"),
        ({"limit": "3"}, "Received: 3"),
        ({"context_length": None}, "Received: none"),
        ({"plot": 1}, "must be true or false"),
        ({"units": 3}, "Received: 3"),
        ({"units": [3, "4"]}, "Received: 3,4"),
        ({"run_dir": 3}, "must be a path"),
        ({"engine": "gru"}, "one of lstm, dense"),
    ],
)
def test_a_saved_configuration_that_does_not_fit_is_refused(change, message):
    with pytest.raises(UserError, match=message):
        config_from_dict(Config, config_to_dict(Config()) | change)


def test_a_missing_option_is_named():
    values = config_to_dict(Config())
    del values["rate"], values["names"]
    with pytest.raises(UserError, match=r"missing \['rate', 'names'\]"):
        config_from_dict(Config, values)


def test_the_import_stays_light():
    heavy = ("numpy", "pandas", "keras", "tensorflow", "matplotlib", "scipy")
    program = f"import sys, common.config; print(set({heavy}) & set(sys.modules))"
    command = [sys.executable, "-c", program]
    assert subprocess.check_output(command, text=True).strip() == "set()"
