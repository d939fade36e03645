"""Figures: whole files, no global state, what is drawn."""

import subprocess
import sys

import numpy as np
import pytest
from matplotlib import image

from common.plotting import (
    label_axes,
    make_figure,
    plot_learning_curves,
    save_figure,
)


def test_one_panel_and_several():
    figure, axis = make_figure()
    assert figure.get_size_inches().tolist() == [9, 4.2] and len(figure.axes) == 1
    figure, axes = make_figure(3, height=6, sharex=True)
    assert axes.shape == (3,) and figure.get_size_inches()[1] == 6
    axes[0].set_xlim(2, 5)
    assert axes[2].get_xlim() == (2, 5)
    assert not axis.spines["top"].get_visible() and axis.spines["left"].get_visible()


def test_a_figure_is_a_png_of_its_size(tmp_path):
    figure, axis = make_figure()
    axis.plot([0, 1], [1, 0])
    path = tmp_path / "new folder" / "a.png"
    save_figure(figure, path)
    pixels = image.imread(path)
    assert pixels.shape == (504, 1080, 4)  # 120 a inch
    assert pixels.min() < 0.5 < pixels.mean() < 1  # something is drawn on white
    assert [p.name for p in path.parent.iterdir()] == ["a.png"]


def test_a_failing_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    save_figure(make_figure()[0], path)
    before = path.read_bytes()
    figure, _ = make_figure()

    def fail(target, **options):
        target.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(figure, "savefig", fail)
    with pytest.raises(OSError, match="disk full"):
        save_figure(figure, path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]


def test_nothing_global_is_touched():
    """No pyplot: figures must neither pile up nor need a screen."""
    code = (
        "import sys, common.plotting as p, matplotlib;"
        # Not dict(rcParams): asking for the backend alone imports pyplot.
        "before = dict(dict.items(matplotlib.rcParams));"
        "f = p.plot_learning_curves([{'loss': [2.0, 1.0]}], 't');"
        "assert dict(dict.items(matplotlib.rcParams)) == before;"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_labels_and_a_legend_where_something_has_a_name():
    _, (named, bare) = make_figure(2)
    named.plot([1, 2], label="a line")
    bare.plot([1, 2])
    label_axes(named, "Title", "days", "price")
    label_axes(bare, "Other", "", "")
    assert named.get_title(loc="left") == "Title"
    assert (named.get_xlabel(), named.get_ylabel()) == ("days", "price")
    assert [t.get_text() for t in named.get_legend().get_texts()] == ["a line"]
    assert bare.get_legend() is None


def test_learning_curves_show_every_fit_and_its_best_epoch():
    histories = [
        {"loss": [3.0, 2.0, 1.0], "val_loss": [3.0, 2.5, 2.7]},
        {"loss": [4.0, 2.0]},  # without validation
        {"loss": [5.0, 4.0, 3.0], "val_loss": [1.0, 1.5, 2.0]},
    ]
    axis = plot_learning_curves(histories, "Fits", "pinball").axes[0]
    lines = [(tuple(x.get_xdata()), tuple(x.get_ydata())) for x in axis.lines]
    assert ((1, 2, 3), (3.0, 2.0, 1.0)) in lines and ((1, 2), (4.0, 2.0)) in lines
    dots = [xy for xy in lines if len(xy[0]) == 1]
    assert dots == [((2,), (2.5,)), ((1,), (1.0,))]
    assert len(lines) == 3 + 2 + 2
    assert axis.get_yscale() == "log" and axis.get_ylabel() == "pinball"
    names = [t.get_text() for t in axis.get_legend().get_texts()]
    assert names == ["training", "validation"]


def test_learning_curves_of_no_fit_can_be_saved(tmp_path):
    save_figure(plot_learning_curves([], "nothing"), tmp_path / "a.png")
    values = np.linspace(1, 0.1, 5).tolist()
    save_figure(plot_learning_curves([{"loss": values}], "x"), tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() != (tmp_path / "b.png").read_bytes()
