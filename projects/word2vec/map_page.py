"""The map as one HTML file: it loads nothing, asks nothing and works offline."""

from pathlib import Path

from common.html_page import fill_page
from projects.word2vec.word_map import WordMap

_TEMPLATE = Path(__file__).with_name("map_page.html")


def make_map_page(word_map: WordMap, title: str) -> str:
    """Return a page to move about in: pan, zoom, search, nearest neighbors.

    Words are data in it, never markup, and its policy lets the browser run the
    page's own script and nothing else. Chinese is shown by the browser's fonts.

    Args:
        word_map: what to show.
        title: of the page.

    Returns:
        The whole file, in ASCII.
    """
    template = _TEMPLATE.read_text(encoding="utf-8")
    data = {
        "words": word_map.words,
        "points": word_map.positions.round(4).tolist(),
        "clusters": word_map.clusters.tolist(),
        "names": word_map.cluster_names,
        "neighbors": word_map.neighbors,
    }
    return fill_page(template, title, data)
