"""A server of the page with tools that need no model."""

import pytest

from tests.video_activity.web.toy_tools import ToyTools, toy_video


@pytest.fixture(scope="session")
def video(tmp_path_factory):
    """Return an mp4 of 6 safe and 6 criminal seconds."""
    return toy_video(tmp_path_factory.mktemp("videos") / "toy.mp4")


@pytest.fixture
def serve(tmp_path):
    """Return a context that serves a desk: `with serve(waiting=3) as (port, desk)`."""
    pytest.importorskip("fastapi")
    from tests.video_activity.web.toy_server import serving

    return lambda **options: serving(tmp_path / "work", **options)


@pytest.fixture
def tools():
    return ToyTools()
