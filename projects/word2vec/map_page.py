"""The map as one HTML file: it loads nothing, asks nothing and works offline."""

import base64
import hashlib
import html
import json
import re
from pathlib import Path

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
    values = {
        "TITLE": html.escape(title).encode("ascii", "xmlcharrefreplace").decode(),
        "POLICY": _policy(template),
        "DATA": _to_json(word_map),
    }
    # In one pass: a word such as __TITLE__ stays a word.
    return re.sub("__(TITLE|POLICY|DATA)__", lambda m: values[m[1]], template)


def _to_json(word_map: WordMap) -> str:
    """Write the map so that no word can end the element that holds it."""
    text = json.dumps(
        {
            "words": word_map.words,
            "points": word_map.positions.round(4).tolist(),
            "clusters": word_map.clusters.tolist(),
            "names": word_map.cluster_names,
            "neighbors": word_map.neighbors,
        },
        separators=(",", ":"),
    )
    return re.sub("[<>&]", lambda m: f"\\u{ord(m[0]):04x}", text)


def _policy(template: str) -> str:
    """Allow the template's own script and style by their hashes, and nothing else."""
    sources = "; ".join(
        f"{kind}-src '{_hash(re.search(f'<{tag}>(.*?)</{tag}>', template, re.S)[1])}'"
        for kind, tag in (("script", "script"), ("style", "style"))
    )
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode()
