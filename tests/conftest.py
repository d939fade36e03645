"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Return the offline data mirror, or skip the test when there is none."""
    default = REPOSITORY.parent / "shared" / "data"
    folder = Path(os.environ.get("KERAS_PROJECTS_MIRROR", default))
    if not folder.is_dir():
        pytest.skip(f"no data mirror at {folder} (set KERAS_PROJECTS_MIRROR)")
    return folder
