"""The picture of attention: the numbers, the characters, and no boxes."""

import dataclasses

import numpy as np
import pytest

from common.fonts import font_for
from common.plotting import save_figure
from projects.couplet.cards import figures
from projects.couplet.cards.cards import Card, attend, make_card
from projects.couplet.cards.figures import plot_attention
from tests.couplet.toy_writer import ToyWriter


def card_of(first: str) -> Card:
    writer = ToyWriter()
    return attend([make_card(first, writer.answer(first)[0], writer)], writer)[0]


def names_of(figure) -> tuple[str, str]:
    """Return the names of columns and rows."""
    axis = figure.axes[0]
    labels = (axis.get_xticklabels(), axis.get_yticklabels())
    across, down = ("".join(label.get_text() for label in row) for row in labels)
    return across, down


def has_font() -> bool:
    return font_for("风云三尺剑花鸟一床书") is not None


def test_the_squares_are_the_shares_with_the_second_line_downwards():
    shares = np.random.default_rng(0).dirichlet(np.ones(5), size=5)
    card = dataclasses.replace(card_of("风云三尺剑"), attention=shares.tolist())
    image = plot_attention(card).axes[0].images[0]
    np.testing.assert_array_equal(image.get_array(), shares)
    assert image.origin == "upper" and image.get_clim() == (0, shares.max())


@pytest.mark.skipif("not has_font()", reason="no Chinese font (extra chinese-font)")
@pytest.mark.parametrize("first", ["剑", "风云三尺剑", "风云，三尺剑" * 5 + "山山"])
def test_rows_and_columns_are_named_by_their_characters(first, tmp_path):
    card = card_of(first)
    figure = plot_attention(card)
    save_figure(figure, tmp_path / "a.png")  # a missing glyph would warn
    assert names_of(figure) == (first, card.second)
    boxes = [label.get_window_extent() for label in figure.axes[0].get_xticklabels()]
    assert all(a.x1 <= b.x0 for a, b in zip(boxes, boxes[1:], strict=False))
    low, high = np.array([box.get_points() for box in boxes]).swapaxes(0, 1)
    assert low.min() >= 0 and (high <= figure.bbox.size).all()


def test_without_a_chinese_font_positions_are_names_and_the_picture_says_so(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(figures, "font_for", lambda text: None)
    monkeypatch.setattr(figures, "can_show", lambda font, text: text.isascii())
    figure = plot_attention(card_of("风云三尺剑"))
    save_figure(figure, tmp_path / "a.png")  # a missing glyph would warn
    assert names_of(figure) == ("12345", "12345")
    told = figure.get_suptitle()
    assert "KERAS_PROJECTS_FONT" in told and "chinese-font" in told


@pytest.mark.skipif("not has_font()", reason="no Chinese font (extra chinese-font)")
def test_a_character_without_a_glyph_is_named_by_its_position(tmp_path):
    first = "风云三尺剑" * 4 + "\U0003347f"  # unassigned: no font has it
    figure = plot_attention(card_of(first))
    save_figure(figure, tmp_path / "a.png")
    assert names_of(figure)[0] == "风云三尺剑" * 4 + "21"
    assert figure.get_suptitle() == ""
