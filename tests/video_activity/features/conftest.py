"""A small network with random weights, and videos of two classes."""

from pathlib import Path

import numpy as np
import pytest

from projects.video_activity.features.backbone import Backbone, build_backbone
from projects.video_activity.footage.spans import Span


@pytest.fixture(scope="session")
def tiny_backbone() -> Backbone:
    """Return a network that sees 32 x 32 pixels; its features are no tiny numbers."""
    backbone = build_backbone("mobilenet", 32, "none")
    random = np.random.default_rng(0)
    for weight in backbone.model.weights:
        if weight.name == "kernel":
            # A depthwise kernel (3, 3, channels, 1) sums nine numbers.
            inputs = 9 if "_dw_" in weight.path else np.prod(weight.shape[:-1])
            weight.assign(random.normal(0, (2 / inputs) ** 0.5, weight.shape))
    return backbone


@pytest.fixture
def spans(write_video, walking_images) -> list[Span]:
    """Return four videos of two classes: 4 s, 4 s, 1.6 s, and one that is broken."""
    short = walking_images(16, speed=4.0)
    broken = write_video("b/broken.mp4")
    Path(broken).write_bytes(Path(broken).read_bytes()[:500])
    return [
        Span(write_video("a/one.mp4"), 0.0, None, "a", "x"),
        Span(write_video("b/two.avi"), 0.0, None, "b", "y"),
        Span(write_video("b/three.mp4", short), 0.0, None, "b", "y"),
        Span(broken, 0.0, None, "b", "z"),
    ]
