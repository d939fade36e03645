import base64
import hashlib
import json
import re

import pytest

from common.html_page import fill_page

TEMPLATE = (
    '<title>__TITLE__</title><meta content="__POLICY__"><style>p { }</style>'
    '<script type="application/json">__DATA__</script><script>run();</script>'
)
HOSTILE = ["</script><script>alert(1)</script>", "&<!--", "__TITLE__", "春\u2028"]


def _data(page):
    return re.search("json.>(.*?)</script>", page, re.S)[1]


def test_data_come_through_and_never_become_markup():
    page = fill_page(TEMPLATE, "title", {"lines": HOSTILE})
    assert json.loads(_data(page)) == {"lines": HOSTILE}
    assert page.count("<script") == 2
    assert page.isascii()


def test_a_title_is_text():
    page = fill_page(TEMPLATE, "<b>春 & __DATA__", 1)
    assert "<title>&lt;b&gt;&#26149; &amp; __DATA__</title>" in page


def test_the_policy_allows_the_script_and_the_style_of_the_template_alone():
    page = fill_page(TEMPLATE, "title", 1)
    policy = re.search('meta content="(.*?)"', page)[1]
    allowed = re.findall("'sha256-(.*?)'", policy)
    own = [hashlib.sha256(text).digest() for text in (b"run();", b"p { }")]
    assert allowed == [base64.b64encode(digest).decode() for digest in own]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_numbers_that_json_lacks_are_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        fill_page(TEMPLATE, "title", float("nan"))
