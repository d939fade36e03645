"""The checklist's skeleton is a project: copied as the page says, it works."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from tests.rules import Module
from tests.test_architecture import RULES

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "new_project.md"


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """Return a copy of the tree with a fifth project, made by the page's own lines."""
    root = tmp_path_factory.mktemp("tree")
    for folder in ("common", "docs/skeleton"):
        shutil.copytree(
            REPOSITORY / folder,
            root / folder,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    (root / "projects").mkdir()
    (root / "tests").mkdir()
    for name in ("projects/__init__.py", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, root / name)
    lines = PAGE.read_text(encoding="utf-8").split("```")[1].replace("NAME", "tides")
    subprocess.run(["bash", "-euc", lines], cwd=root, check=True)
    return root


def run(tree: Path, *arguments: object) -> subprocess.CompletedProcess:
    """Run Python in the copy, which is imported instead of this tree."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
    )


def test_the_skeleton_keeps_the_rules(tree):
    modules = [
        Module(
            PurePosixPath(path.relative_to(tree).as_posix()), path.read_text("utf-8")
        )
        for area in ("common", "projects", "tests")
        for path in (tree / area).rglob("*.py")
    ]
    house = {module.name: module for module in modules}
    assert {"projects.tides.train", "tests.tides.test_data"} <= set(house)
    broken = {
        f"{m.path}: {what}"
        for rule in RULES
        for m in modules
        for what in rule(m, house)
    }
    assert broken == set()


def test_the_skeleton_has_no_word_of_its_old_name(tree):
    for path in [*tree.glob("projects/tides/*.*"), *tree.glob("tests/tides/*.*")]:
        assert "waves" not in path.read_text("utf-8"), path


def test_the_skeleton_trains_and_reports(tree):
    train = tree / "projects" / "tides" / "train.py"
    done = run(tree, train, "--help")
    assert done.returncode == 0 and "--num-heights" in done.stdout
    done = run(tree, train, "--epochs", "1", "--run-dir", tree / "run")
    assert done.returncode == 0, done.stderr
    files = ("report.md", "model.keras", "history.csv", "config.json")
    assert all((tree / "run" / name).is_file() for name in files)
    metrics = json.loads((tree / "run" / "metrics.json").read_text("utf-8"))
    assert set(metrics["scores"]) == {"net", "last height"}


def test_the_skeletons_own_tests_pass(tree):
    done = run(tree, "-m", "pytest", "-q", "tests/tides")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
