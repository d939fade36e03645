"""The picture of the map, measured with the renderer that draws it."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from common.fonts import font_for
from common.plotting import save_figure
from projects.word2vec import figures
from projects.word2vec.figures import COLORS, plot_word_map
from projects.word2vec.word_map import WordMap


def make_map(words, num_clusters: int = 4) -> WordMap:
    random = np.random.default_rng(0)
    words = tuple(words)
    return WordMap(
        words,
        random.uniform(-1, 1, (len(words), 2)),
        np.arange(len(words)) % num_clusters,
        tuple(words[c] for c in range(min(num_clusters, len(words)))),
        ((),) * len(words),
    )


def labels_of(figure) -> dict:
    return {text.get_text(): text for text in figure.axes[0].texts}


@pytest.fixture(scope="module")
def crowded():
    """A map with more words than fit."""
    words = [f"word{i}" + "o" * (i % 9) for i in range(900)]
    return make_map(words), plot_word_map(make_map(words), "A crowd", num_labels=800)


def test_no_label_covers_another_or_leaves_the_sheet(crowded):
    _, figure = crowded
    boxes = np.array([t.get_window_extent().get_points() for t in figure.axes[0].texts])
    low, high = boxes[:, 0], boxes[:, 1]
    cover = ((low[:, None] < high) & (high[:, None] > low)).all(axis=2)
    np.testing.assert_array_equal(cover, np.eye(len(boxes), dtype=bool))
    assert low.min() >= 0 and (high <= figure.bbox.size).all()
    margins = [t.get_window_extent() for t in figure.texts]
    assert low[:, 1].min() >= margins[2].y1 and high[:, 1].max() <= margins[0].y0


def test_every_word_is_a_label_or_a_dot(crowded):
    word_map, figure = crowded
    labels = labels_of(figure)
    dots = figure.axes[0].collections[0].get_offsets()
    assert 300 < len(labels) < 800 and len(labels) + len(dots) == 900
    assert word_map.words[0] in labels and word_map.words[850] not in labels
    sizes = [labels[w].get_fontsize() for w in word_map.words if w in labels]
    assert sizes == sorted(sizes, reverse=True)


def test_colors_tell_the_clusters(crowded):
    word_map, figure = crowded
    for i, word in enumerate(word_map.words[:40]):
        text = labels_of(figure).get(word)
        assert text is None or to_hex(text.get_color()) == COLORS[i % 4]
    legend = {t.get_text(): to_hex(t.get_color()) for t in figure.texts}
    assert [legend[name] for name in word_map.cluster_names] == COLORS[:4]
    assert len(set(COLORS)) == 12 and legend["A crowd"] == figures.BLACK


def test_names_of_clusters_keep_their_columns():
    long = "unbelievably, extraordinarily, incomprehensibly"
    word_map = make_map([f"{long}{i}" for i in range(12)], num_clusters=12)
    figure = plot_word_map(word_map, "")
    boxes = [t.get_window_extent() for t in figure.texts if long in t.get_text()]
    assert len(boxes) == 12
    for i in range(11):
        assert boxes[i].x1 < boxes[i + 1].x0 or boxes[i].y0 > boxes[i + 1].y1
        assert boxes[i].x1 <= figure.bbox.width


def test_saved_as_large_as_it_was_laid_out(tmp_path):
    figure = plot_word_map(make_map(["king", "queen", "sea"]), "Three words")
    save_figure(figure, tmp_path / "map.png")
    header = (tmp_path / "map.png").read_bytes()[16:24]
    assert np.frombuffer(header, ">u4").tolist() == [1920, 1440]


def test_hostile_words_are_drawn_as_they_are(tmp_path):
    words = ["$x$", r"$\frac{", "</script>", "a_b^c", "%s", r"\n", "&amp;"]
    figure = plot_word_map(make_map(words), r"$\title")
    save_figure(figure, tmp_path / "map.png")  # broken mathematics would raise
    assert set(labels_of(figure)) == set(words)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_words(count, tmp_path):
    figure = plot_word_map(make_map(["king", "queen"][:count]), "t")
    save_figure(figure, tmp_path / "map.png")
    assert len(labels_of(figure)) == count


def test_without_a_chinese_font_the_picture_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(figures, "font_for", lambda text: None)
    monkeypatch.setattr(
        figures,
        "can_show",
        lambda font, text: text.isascii(),  # as the default font
    )
    figure = plot_word_map(make_map(["山", "水", "云"]), "Poems 诗")
    save_figure(figure, tmp_path / "map.png")  # a missing glyph would warn
    texts = [t.get_text() for t in figure.texts]
    assert any("KERAS_PROJECTS_FONT" in text for text in texts) and "Poems" in texts
    assert labels_of(figure) == {}
    assert len(figure.axes[0].collections[0].get_offsets()) == 3


def test_chinese_words_in_a_font_that_has_them(tmp_path):
    words = ["山", "水", "龙飞", "龍飛", "king"]
    if font_for("".join(words)) is None:
        pytest.skip("no font with Chinese (extra chinese-font)")
    figure = plot_word_map(make_map(words), "山水 words")
    save_figure(figure, tmp_path / "map.png")  # a missing glyph would warn
    labels = labels_of(figure)
    assert set(labels) == set(words)
    assert "DejaVu" not in labels["山"].get_fontproperties().get_file()
