"""Pictures of an answer. All take plain values; entry points save them."""

import textwrap
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from common.fonts import can_show, font_for, missing_font_advice
from common.plotting import BLACK, GRAY, make_figure

_SQUARE = 0.45  # inches for each character
_MARGINS = (2.0, 1.0)  # inches of names and scale: across, upright
_LEAST = 5  # squares; less would leave no room for the names of the axes
_CHARACTERS = 17  # points


class Attended(Protocol):
    """A pair of lines, and where a model looked: a `Card`, or what is like one."""

    @property
    def first(self) -> str:
        """The first line."""

    @property
    def second(self) -> str:
        """The second line."""

    @property
    def attention(self) -> Sequence[Sequence[float]] | np.ndarray | None:
        """For each character of the second line the shares of the first line's."""


def plot_attention(card: Attended) -> Figure:
    """Draw where the model looked in the first line while it wrote the second.

    A row is a character written, a column one of the first line; the darker, the
    greater its share. Without a Chinese font positions stand for characters, and
    the picture says how to get one.

    Args:
        card: of a model that has attention.

    Raises:
        UserError: The font file named by the user is none.
    """
    shares = np.asarray(card.attention, dtype=float)
    rows, columns = shares.shape
    across, upright = _MARGINS
    figure, axis = make_figure()
    figure.set_layout_engine("compressed")
    width = across + max(columns, _LEAST) * _SQUARE
    figure.set_size_inches(width, upright + max(rows, _LEAST) * _SQUARE)
    axis.grid(False)
    axis.spines[:].set_visible(False)
    image = axis.imshow(shares, cmap="Reds", vmin=0, aspect="equal")
    axis.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    axis.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    axis.grid(True, which="minor", color="white", linewidth=1.5)
    axis.tick_params(which="both", length=0)
    scale = figure.colorbar(image, ax=axis, aspect=18, pad=0.03)
    scale.set_label("share of attention", color=GRAY)
    scale.outline.set_visible(False)
    _write_characters(figure, axis, card)
    return figure


def _write_characters(figure: Figure, axis: Axes, card: Attended) -> None:
    """Name columns and rows by the characters, as far as there is a font."""
    found = font_for(card.first + card.second)
    font = (found or FontProperties()).copy()
    font.set_size(_CHARACTERS)
    axis.xaxis.tick_top()
    axis.set_xticks(range(len(card.first)), _labels(card.first, font))
    axis.set_yticks(range(len(card.second)), _labels(card.second, font))
    for label in (*axis.get_xticklabels(), *axis.get_yticklabels()):
        label.set(fontproperties=font, color=BLACK, parse_math=False)
    axis.set_xlabel("first line: what is looked at", color=GRAY)
    axis.xaxis.set_label_position("top")
    axis.set_ylabel("second line, written downwards", color=GRAY)
    if found is None:
        advice = textwrap.fill(missing_font_advice(), 48)
        figure.suptitle(advice, fontsize=8, color=BLACK)


def _labels(line: str, font: FontProperties) -> list[str]:
    """Return the characters; the position, counted from 1, where one has no glyph."""
    return [
        char if char.isprintable() and can_show(font, char) else str(position)
        for position, char in enumerate(line, 1)
    ]
