"""The figures of a run. All take plain arrays; entry points save them."""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from common.fonts import can_show, font_for, missing_font_advice
from common.plotting import BLACK, GRAY
from projects.word2vec.word_map import WordMap, place_labels

# Twelve hues, dark enough to be read on white; neighbors in the list differ most.
COLORS = (
    "#1f5fa8 #c8500a #2a8a3e #b0268c #7a5c12 #0f8a94"
    " #c62828 #6a4bc4 #5e7d0a #8a3b5c #3f5468 #d0357a"
).split()
_SIZE, _DPI = (16, 12), 120  # inches; pixels per inch, as figures are saved
_LARGE, _SMALL = 17, 8.5  # points: the commonest word, the rarest
_FILL = 0.2  # of the sheet, covered by letters
_GAP = 4  # pixels between labels
_REACH = 50  # pixels that a label may stand off its point


def plot_word_map(word_map: WordMap, title: str, num_labels: int = 600) -> Figure:
    """Draw words where they lie, colored by cluster, no label over another.

    The commoner a word, the larger. A word without room, or whose characters no
    installed font has, is a dot.

    Args:
        word_map: what to draw.
        title: above the map.
        num_labels: most words that are written out.

    Raises:
        UserError: The font file named by the user is none.
    """
    figure = Figure(figsize=_SIZE, dpi=_DPI)
    FigureCanvasAgg(figure)  # so that labels can be measured before they are saved
    axis = figure.add_axes((0.01, 0.075, 0.98, 0.885))
    axis.set_axis_off()
    axis.set(xlim=(-1.04, 1.04), ylim=(-1.04, 1.04))
    points = word_map.positions
    shown = word_map.words[:num_labels]
    found = font_for("".join(shown))
    font = found or FontProperties()
    labels = _write_labels(axis, points[: len(shown)], word_map, font)
    written = np.zeros(len(points), bool)
    written[labels] = True
    colors = np.array(COLORS)[word_map.clusters % len(COLORS)]
    size = 4 if labels else 40
    x, y = points[~written].T
    axis.scatter(x, y, size, colors[~written], lw=0, alpha=0.45)
    _write_margins(figure, word_map.cluster_names, title, font)
    if found is None:
        advice = textwrap.fill(missing_font_advice(), 60)
        box = {"color": "white", "alpha": 0.85, "pad": 12}
        figure.text(0.5, 0.5, advice, fontsize=16, ha="center", va="center", bbox=box)
    return figure


def _write_labels(
    axis: Axes, points: np.ndarray, word_map: WordMap, font: FontProperties
) -> list[int]:
    """Write the words that find room; return which ones were written."""
    indices = [i for i in range(len(points)) if can_show(font, word_map.words[i])]
    fade = np.log1p(np.arange(len(points))) / np.log1p(max(len(points), 2))
    texts = [
        axis.text(
            points[i, 0],
            points[i, 1],
            word_map.words[i],
            font=font,
            fontsize=_LARGE + (_SMALL - _LARGE) * fade[i],
            color=COLORS[word_map.clusters[i] % len(COLORS)],
            ha="center",
            va="center",
            parse_math=False,  # a word such as $x$ is a word
        )
        for i in indices
    ]
    _fit_size(axis, texts)
    placed = _free_places(axis, texts)
    for text, place in zip(texts, placed, strict=True):
        if np.isnan(place).any():
            text.remove()
        else:
            text.set_position(place)
    return [i for i, p in zip(indices, placed, strict=True) if not np.isnan(p).any()]


def _fit_size(axis: Axes, texts: Sequence[Text]) -> None:
    """Scale letters so that few or short words fill the sheet as well as many."""
    boxes = _boxes(texts)
    share = np.prod(boxes[:, 1] - boxes[:, 0], axis=1).sum() / np.prod(axis.bbox.size)
    scale = np.clip(np.sqrt(_FILL / max(share, 1e-9)), 0.8, 1.7)
    for text in texts:
        text.set_fontsize(text.get_fontsize() * scale)


def _free_places(axis: Axes, texts: Sequence[Text]) -> np.ndarray:
    """Return where texts stand free, in data units; NaN without room."""
    boxes = _boxes(texts)
    centers, corner = boxes.mean(axis=1), axis.bbox.p0
    sizes = boxes[:, 1] - boxes[:, 0] + _GAP
    placed = place_labels(
        centers - corner, sizes, (axis.bbox.width, axis.bbox.height), _REACH
    )
    return axis.transData.inverted().transform(placed + corner)


def _boxes(texts: Sequence[Text]) -> np.ndarray:
    """Return low and high corners in pixels, shape (n, 2, 2)."""
    boxes = [text.get_window_extent().get_points() for text in texts]
    return np.array(boxes).reshape(-1, 2, 2)


def _write_margins(
    figure: Figure, names: Sequence[str], title: str, font: FontProperties
) -> None:
    """Write the title above, and below it what each color stands for."""
    options: dict[str, Any] = {"font": font, "parse_math": False}
    title = "".join(c for c in title if can_show(font, c)).strip()
    figure.text(0.02, 0.97, title, fontsize=17, color=BLACK, **options)
    note = "near words are used alike; the axes have no meaning"
    figure.text(0.98, 0.97, note, ha="right", fontsize=11, color=GRAY)
    columns, width = 6, 0.163
    for cluster, name in enumerate(names[: 2 * columns]):
        row, column = divmod(cluster, columns)
        left, bottom = 0.02 + column * width, 0.042 - row * 0.026
        options |= {"color": COLORS[cluster % len(COLORS)]}
        if can_show(font, name):
            figure.text(left, bottom, "\N{BLACK CIRCLE}", color=options["color"])
            text = figure.text(left + 0.011, bottom, name, fontsize=12, **options)
            room = (width - 0.02) * figure.bbox.width
            text.set_fontsize(12 * min(1, room / text.get_window_extent().width))
