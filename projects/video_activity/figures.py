"""Pictures of verdicts: a timeline, a confusion matrix, which frames mattered."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from common.fonts import font_for
from common.plotting import BLACK, BLUE, GRAY, label_axes, make_figure
from projects.video_activity.class_colors import NOT_JUDGED, choose_colors
from projects.video_activity.timeline import Stretch, find_stretches, share_out
from projects.video_activity.verdicts import Verdict

_MOST_PICTURES = 7
_WIDTH = 8.1  # inches for the pictures of a row
_FILLED = 0.96  # share of its place that a picture takes


def draw_timeline(
    verdicts: Sequence[Verdict],
    classes: Sequence[str],
    title: str,
    *,
    truth: Sequence[Stretch] = (),
    pictures: Sequence[tuple[float, np.ndarray]] = (),
) -> Figure:
    """Draw the probabilities of all classes over time, and what was decided.

    Args:
        verdicts: Of one source, in order of time; one at least.
        classes: In the order of the legend.
        title: Above the figure.
        truth: What really went on, if it is known.
        pictures: Times and frames, uint8 `(height, width, 3)`, to be shown above.
    """
    colors = choose_colors(classes)
    strips = {"verdict": find_stretches(verdicts)}
    if truth:
        strips["truth"] = list(truth)
    first = min(verdict.start for verdict in verdicts)
    last = max(verdict.end for verdict in verdicts)
    kept = _choose(pictures)
    heights = _height([image for _, image in kept]) + [2.6, 0.42 * len(strips)]
    figure, axes = make_figure(
        len(heights), height=1.35 + sum(heights), height_ratios=heights
    )
    *above, curves, bands = axes
    if kept:
        _draw_pictures(above[0], kept, first, last)
    _draw_probabilities(curves, verdicts, classes, colors)
    _draw_strips(bands, strips, colors)
    for axis in (curves, bands):
        axis.set_xlim(first, last)
        axis.xaxis.set_major_formatter(FuncFormatter(_minutes))
    curves.tick_params(labelbottom=False)
    bands.set_xlabel("time in the video, minutes:seconds")
    figure.suptitle(title, fontsize=12, x=0.01, ha="left")
    return _spell(figure, title, *classes)


def draw_confusion(counts: np.ndarray, classes: Sequence[str], title: str) -> Figure:
    """Draw how often each class was taken for which.

    Args:
        counts: Whole numbers `(classes, classes)`; the row is the truth.
        classes: Their names.
        title: Above the figure.
    """
    counts = np.asarray(counts)
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    figure, axis = make_figure(height=1.9 + 0.62 * len(classes))
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axis.grid(False)
    for row, column in np.ndindex(*counts.shape):
        text = f"{counts[row, column]:,}\n{100 * shares[row, column]:.0f} %"
        ink = "white" if shares[row, column] > 0.55 else BLACK
        axis.text(column, row, text, ha="center", va="center", color=ink, fontsize=9)
    places = range(len(classes))
    axis.set_xticks(places, classes)
    axis.set_yticks(places, classes)
    label_axes(axis, title, "verdict", "truth")
    return _spell(figure, title, *classes)


def draw_frame_shares(
    shares: np.ndarray,
    times: np.ndarray,
    title: str,
    *,
    pictures: Sequence[np.ndarray] = (),
) -> Figure:
    """Draw how much each frame of a window weighed in its verdict.

    Args:
        shares: Float `(frames,)`, probability that is lost without the frame;
            negative ones speak against the verdict.
        times: Of the frames, seconds.
        title: Above the figure.
        pictures: The frames, uint8 `(height, width, 3)`; all or none.
    """
    heights = _height(pictures) + [2.4]
    figure, axes = make_figure(
        len(heights), height=1.0 + sum(heights), height_ratios=heights
    )
    *above, bars = np.atleast_1d(axes)
    places = np.arange(len(shares))
    colors = [BLUE if share >= 0 else GRAY for share in shares]
    bars.bar(places, shares, color=colors, width=0.8)
    bars.set_xticks(places, [f"{time:.1f}" for time in times])
    bars.set_xlim(-0.6, len(shares) - 0.4)
    if len(pictures):
        _lay_out(above[0], pictures, places, 1.0)
        above[0].set_xlim(bars.get_xlim())
    label_axes(bars, "", "time of the frame, seconds", "probability lost without it")
    figure.suptitle(title, fontsize=12, x=0.01, ha="left")
    return _spell(figure, title)


def _spell(figure: Figure, *names: str) -> Figure:
    """Show names of users as they are: any script, and a $ is no formula."""
    font = font_for("".join(names))
    for text in figure.findobj(Text):
        text.set_parse_math(False)
        if font is None:
            text.set_text(text.get_text().encode("ascii", "replace").decode())
        else:
            own = font.copy()
            own.set_size(text.get_fontsize())
            text.set_fontproperties(own)
    return figure


def _choose(pictures: Sequence[tuple[float, np.ndarray]]) -> list:
    """Return some of the pictures, evenly spread."""
    count = min(len(pictures), _MOST_PICTURES)
    return [pictures[round(n)] for n in np.linspace(0, len(pictures) - 1, count)]


def _height(images: Sequence[np.ndarray]) -> list[float]:
    """Return the height in inches of a row of pictures; nothing without any."""
    if not len(images):
        return []
    height, width = images[0].shape[:2]
    return [min(_FILLED * _WIDTH / len(images) * height / width, 1.8)]


def _draw_pictures(
    axis: Axes, pictures: Sequence[tuple[float, np.ndarray]], first: float, last: float
) -> None:
    slot = (last - first) / len(pictures)
    middles = first + slot * (np.arange(len(pictures)) + 0.5)
    _lay_out(axis, [image for _, image in pictures], middles, slot)
    axis.set_xlim(first, last)
    for middle, (time, _) in zip(middles, pictures, strict=True):
        axis.text(middle, -0.04, _minutes(time), ha="center", va="top", fontsize=8)


def _lay_out(
    axis: Axes, images: Sequence[np.ndarray], middles: Iterable[float], slot: float
) -> None:
    """Put images side by side, each around its middle."""
    axis.axis("off")
    axis.set_ylim(0, 1)
    half = _FILLED / 2 * slot
    for image, middle in zip(images, middles, strict=True):
        extent = (middle - half, middle + half, 0, 1)
        axis.imshow(_cut(image, len(images)), extent=extent, aspect="auto")


def _cut(image: np.ndarray, count: int) -> np.ndarray:
    """Return the middle of an upright image, whose row is not as high as it is."""
    height, width = image.shape[:2]
    rows = round(_height([image] * count)[0] * width / (_FILLED * _WIDTH / count))
    top = (height - rows) // 2
    return image[top : top + rows]


def _draw_probabilities(
    axis: Axes,
    verdicts: Sequence[Verdict],
    classes: Sequence[str],
    colors: Mapping[str, str],
) -> None:
    parts = list(share_out(verdicts))
    edges = [time for begin, end, _ in parts for time in (begin, end)]
    for name in classes:
        values = [
            verdict.probabilities.get(name, np.nan)
            for _, _, verdict in parts
            for _ in range(2)
        ]
        axis.plot(edges, values, color=colors[name], lw=2, label=name)
    gray = [(begin, end) for begin, end, verdict in parts if not verdict.judged]
    for number, span in enumerate(gray):
        label = None if number else "not judged"
        axis.axvspan(*span, color=NOT_JUDGED, alpha=0.25, lw=0, label=label)
    axis.set_ylim(-0.03, 1.03)
    axis.set_ylabel("probability")
    axis.legend(
        frameon=False,
        fontsize=9,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=len(classes) + 1,
        borderaxespad=0.2,
    )


def _draw_strips(
    axis: Axes, strips: Mapping[str, Sequence[Stretch]], colors: Mapping[str, str]
) -> None:
    for row, stretches in enumerate(reversed([*strips.values()])):
        for part in stretches:
            color = colors.get(part.label, NOT_JUDGED)
            axis.barh(row, part.seconds, 0.8, part.start, color=color, lw=0)
    axis.set_yticks(range(len(strips)), [*reversed([*strips])])
    axis.set_ylim(-0.5, len(strips) - 0.5)
    axis.grid(False)
    axis.spines[["left", "bottom"]].set_visible(False)


def _minutes(seconds: float, position: int | None = None) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
