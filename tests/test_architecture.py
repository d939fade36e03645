"""The house keeps its rules, and each rule can fail."""

from inspect import isfunction
from pathlib import Path, PurePosixPath

import pytest

import common
from tests import rules
from tests.conftest import projects_without_tests
from tests.rules import House, Module

REPOSITORY = Path(__file__).resolve().parents[1]

# What breaks each rule: a path and a source.
MAIN = "def main(argv=None): pass\nif __name__ == '__main__': main()\n"
TRAIN, ROOM = "projects/a/train.py", "projects/a/data.py"
BREAKS = [
    (rules.common_knows_no_project, "common/x.py", "def f(): from projects import a"),
    (rules.common_knows_no_project, "common/x.py", "import projects.a.data as d"),
    (rules.no_project_knows_another, ROOM, "from projects.b.data import load"),
    (rules.no_project_knows_another, ROOM, "from projects import b"),
    (rules.imports_are_absolute, ROOM, "from . import model"),
    (rules.imports_are_absolute, ROOM, "from .model import build"),
    (rules.entry_points_define_no_class, TRAIN, MAIN + "class Hidden: pass"),
    (rules.entry_points_define_no_class, "projects/a/new.py", MAIN + "class X: pass"),
    (rules.entry_points_are_short, TRAIN, MAIN + "x = 1\n" * 119),
    (rules.entry_points_have_a_main, TRAIN, "if __name__ == '__main__': pass"),
    (rules.entry_points_have_a_main, TRAIN, MAIN.replace("=None", "")),
    (rules.entry_points_have_a_main, TRAIN, "def main(argv=None): pass"),
    (rules.entry_points_start_light, TRAIN, MAIN + "import keras"),
    (
        rules.entry_points_start_light,
        TRAIN,
        MAIN + "try: from pandas import x\nfinally: 0",
    ),
    (rules.entry_points_start_light, TRAIN, MAIN + "from common.heavy import f"),
    (rules.entry_points_start_light, TRAIN, MAIN + "from common import heavy"),
    (rules.only_entry_points_read_the_command_line, ROOM, "import argparse"),
    (
        rules.only_entry_points_read_the_command_line,
        ROOM,
        "from common.config import option",
    ),
    (
        rules.only_entry_points_read_the_command_line,
        ROOM,
        "from projects.a import config",
    ),
    (
        rules.only_entry_points_read_the_command_line,
        ROOM,
        "from projects.a.train_config import TrainConfig",
    ),
    (rules.only_entry_points_print, "common/x.py", "def f(): print('x')"),
    (rules.few_know_how_to_draw, ROOM, "import matplotlib.pyplot"),
    (rules.few_know_how_to_draw, ROOM, "from common import plotting"),
    (rules.metrics_are_arithmetic, "projects/a/metrics.py", "import keras"),
    (rules.models_know_no_data, "projects/a/model.py", "from projects.a import data"),
    (rules.nothing_is_asserted_outside_tests, "common/x.py", "def f(x): assert x"),
    (rules.no_module_hides_another, "projects/a/random.py", ""),
    (rules.no_module_hides_another, "projects/a/queue/__init__.py", ""),
    (rules.no_module_hides_another, "projects/a/keras.py", ""),
    (rules.pieces_are_small, "tests/a/test_x.py", "x = 1\n" * 301),
    (rules.pieces_are_small, ROOM, "def f():\n" + "    x = 1\n" * 60),
    (rules.public_functions_have_types, ROOM, "def load(path) -> None: pass"),
    (rules.public_functions_have_types, ROOM, "class A:\n    def f(self): pass"),
    (rules.projects_are_tested, "projects/untested/data.py", ""),
]
RULES = list(dict.fromkeys(rule for rule, *_ in BREAKS))


def _as_house(sources: dict[str, str]) -> House:
    modules = (Module(PurePosixPath(path), text) for path, text in sources.items())
    return {module.name: module for module in modules}


@pytest.fixture(scope="module")
def house() -> House:
    """Read every Python file of the repository."""
    return _as_house(
        {
            path.relative_to(REPOSITORY).as_posix(): path.read_text(encoding="utf-8")
            for area in ("common", "projects", "tests", "benchmarks")
            for path in (REPOSITORY / area).rglob("*.py")
        }
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule, house):
    broken = [
        f"{module.path}: {what}"
        for module in house.values()
        for what in rule(module, house)
    ]
    assert "\n".join(sorted(set(broken))) == ""


@pytest.mark.parametrize(("rule", "path", "source"), BREAKS)
def test_a_planted_break_is_found_by_its_rule(rule, path, source):
    planted = {"common/heavy.py": "import keras", path: source}
    house = _as_house(planted)
    module = house[Module(PurePosixPath(path), source).name]
    assert list(rule(module, house)) != []


GOOD = {
    "common/config.py": "import argparse",
    "common/heavy.py": "import keras",
    "common/plotting.py": "import matplotlib",
    "projects/a/__init__.py": "",
    "projects/a/config.py": "from common.config import option",
    "projects/a/train_config.py": "from common.config import option",
    "projects/a/data.py": "import pandas\nimport projects\nimport projects.a.rows",
    "projects/a/metrics.py": "import numpy as np\nfrom scipy import stats",
    "projects/a/model.py": "import keras\nfrom common.heavy import f",
    "projects/a/figures.py": "from common.plotting import make_figure",
    TRAIN: "from typing import TYPE_CHECKING\nfrom projects.a.config import Config\n"
    "def main(argv: list[str] | None = None) -> int:\n"
    "    from common.heavy import f; import keras; print(f)\n"
    "if TYPE_CHECKING: import pandas\n"
    "if __name__ == '__main__': main()",
    "tests/a/test_data.py": "def test_x(): assert 1",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_house_breaks_nothing(rule):
    house = _as_house(GOOD)
    assert [w for module in house.values() for w in rule(module, house)] == []


def test_the_house_is_really_read(house):
    assert {"common.errors", "projects.stock_lstm"} <= set(house)
    assert any(module.is_entry_point for module in _as_house(GOOD).values())


def test_every_rule_is_tried():
    functions = {value for value in vars(rules).values() if isfunction(value)}
    public = {function for function in functions if function.__name__[0] != "_"}
    assert {f for f in public if f.__module__ == rules.__name__} == set(RULES)


def test_the_house_that_is_imported_is_this_one():
    assert Path(common.__file__).resolve().is_relative_to(REPOSITORY)


def test_a_project_whose_tests_are_lost_is_named(tmp_path):
    for project in ("a", "b"):
        (tmp_path / "projects" / project).mkdir(parents=True)
        (tmp_path / "projects" / project / "train.py").touch()
    of_a, of_both = tmp_path / "tests/a/deep/test_x.py", tmp_path / "tests/test_y.py"
    assert projects_without_tests(tmp_path, [of_a, of_both]) == ["b"]
    assert projects_without_tests(tmp_path, [of_a, tmp_path / "tests/b/t.py"]) == []
