import matplotlib.colors
import numpy as np
import pytest

from common.plotting import save_figure
from projects.video_activity import figures
from projects.video_activity.class_colors import NOT_JUDGED, choose_colors
from projects.video_activity.figures import (
    draw_confusion,
    draw_frame_shares,
    draw_timeline,
)
from projects.video_activity.timeline import Stretch
from projects.video_activity.verdicts import Verdict

CLASSES = ("safe", "criminal")
VERDICTS = [
    Verdict.of(0, 3, CLASSES, [0.9, 0.1]),
    Verdict.not_judged(3, 6, "the camera moves"),
    Verdict.of(6, 9, CLASSES, [0.2, 0.8]),
]


def _picture(height=36, width=64):
    return np.full((height, width, 3), 99, np.uint8)


def _shown(axis):
    """Return the images of axes, and the shapes in inches in which they are seen."""
    images = axis.get_images()
    box = axis.get_window_extent().transformed(axis.figure.dpi_scale_trans.inverted())
    wide = box.width / np.ptp(axis.get_xlim())
    return [
        (box.height, (i.get_extent()[1] - i.get_extent()[0]) * wide) for i in images
    ]


def test_the_timeline_shows_probabilities_where_they_hold():
    curves, _ = draw_timeline(VERDICTS, CLASSES, "a.mp4").axes
    lines = {line.get_label(): line for line in curves.get_lines()}
    times, values = lines["criminal"].get_data()
    assert list(times) == [0, 3, 3, 6, 6, 9]
    np.testing.assert_array_equal(values, [0.1, 0.1, np.nan, np.nan, 0.8, 0.8])
    assert lines["safe"].get_color() == choose_colors(CLASSES)["safe"]
    named = [text.get_text() for text in curves.get_legend().get_texts()]
    assert sorted(named) == ["criminal", "not judged", "safe"]


def test_the_timeline_shows_the_verdict_above_the_truth():
    truth = [Stretch(0, 4.5, "safe", 1.0), Stretch(4.5, 9, "criminal", 1.0)]
    bands = draw_timeline(VERDICTS, CLASSES, "a.mp4", truth=truth).axes[-1]
    colors = choose_colors(CLASSES)
    seen = {
        (round(bar.get_y() + 0.4), bar.get_x(), bar.get_width()): (
            matplotlib.colors.to_hex(bar.get_facecolor())
        )
        for bar in bands.patches
    }
    assert seen == {
        (1, 0, 3): colors["safe"],
        (1, 3, 3): NOT_JUDGED,
        (1, 6, 3): colors["criminal"],
        (0, 0, 4.5): colors["safe"],
        (0, 4.5, 4.5): colors["criminal"],
    }


@pytest.mark.parametrize("shape", [(36, 64), (64, 36)])
def test_pictures_above_the_timeline_are_few_and_not_distorted(shape, tmp_path):
    pictures = [(0.3 * n, _picture(*shape)) for n in range(30)]
    figure = draw_timeline(VERDICTS, CLASSES, "a.mp4", pictures=pictures)
    save_figure(figure, tmp_path / "timeline.png")
    row = figure.axes[0]
    assert len(row.get_images()) == 7
    for image, (high, wide) in zip(row.get_images(), _shown(row), strict=True):
        rows, columns = image.get_array().shape[:2]
        assert rows / columns == pytest.approx(high / wide, rel=0.05)
    assert row.texts[0].get_text() == "0:00" and row.texts[-1].get_text() == "0:09"


def test_the_matrix_counts_and_gives_shares_of_each_row():
    axis = draw_confusion(np.array([[3, 1], [0, 0]]), CLASSES, "held out").axes[0]
    texts = {text.get_position(): text.get_text() for text in axis.texts}
    assert texts[(0, 0)] == "3\n75 %" and texts[(1, 0)] == "1\n25 %"
    assert texts[(0, 1)] == "0\n0 %"
    assert [label.get_text() for label in axis.get_yticklabels()] == list(CLASSES)


def test_each_frame_has_a_bar_and_its_picture():
    shares, times = np.array([0.5, -0.2, 0.1]), np.array([3.0, 3.2, 3.4])
    figure = draw_frame_shares(shares, times, "why", pictures=[_picture()] * 3)
    row, bars = figure.axes
    assert [bar.get_height() for bar in bars.patches] == list(shares)
    assert bars.patches[0].get_facecolor() != bars.patches[1].get_facecolor()
    assert len(row.get_images()) == 3
    assert row.get_xlim() == bars.get_xlim()
    assert len(draw_frame_shares(shares, times, "why").axes) == 1


@pytest.mark.parametrize("known", [True, False])
def test_names_of_users_are_shown_as_they_are(known, tmp_path, monkeypatch):
    if not known:
        monkeypatch.setattr(figures, "font_for", lambda text: None)
    classes = ("caf\xe9", "$\\frac$")  # no formula, though it has the form of one
    verdicts = [Verdict.of(0, 3, classes, [0.3, 0.7])]
    drawn = draw_timeline(verdicts, classes, "a $ b $ \u4e0d.mp4" if not known else "$")
    save_figure(drawn, tmp_path / "timeline.png")  # warnings are errors here
    texts = [text.get_text() for text in drawn.axes[0].get_legend().get_texts()]
    assert texts == (["caf\xe9", "$\\frac$"] if known else ["caf?", "$\\frac$"])
