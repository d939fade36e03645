"""A template and data as one HTML file that loads nothing and works offline."""

import base64
import hashlib
import html
import json
import re
from typing import Any

_GAP = re.compile("__(TITLE|POLICY|DATA)__")


def fill_page(template: str, title: str, data: Any) -> str:
    """Return a page that shows data by its own script.

    Text in the data is never markup, and the page's policy lets the browser run the
    template's own script and style and nothing else.

    Args:
        template: HTML with one `<script>` and one `<style>`, and the gaps __TITLE__,
            __POLICY__ (of a Content-Security-Policy) and __DATA__ (in an element of
            type application/json).
        title: Of the page.
        data: What JSON can hold; no NaN.

    Returns:
        The whole file, in ASCII if the template is.
    """
    values = {
        "TITLE": html.escape(title).encode("ascii", "xmlcharrefreplace").decode(),
        "POLICY": _policy(template),
        "DATA": _to_json(data),
    }
    # In one pass: a text such as __TITLE__ in the data stays a text.
    return _GAP.sub(lambda match: values[match[1]], template)


def _to_json(data: Any) -> str:
    """Write data so that no text in them can end the element that holds them."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return re.sub("[<>&]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _policy(template: str) -> str:
    """Allow the template's own script and style by their hashes, and nothing else."""
    sources = "; ".join(
        f"{tag}-src '{_hash(content)}'"
        for tag in ("script", "style")
        for content in re.findall(f"<{tag}>(.*?)</{tag}>", template, re.S)
    )
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode()
