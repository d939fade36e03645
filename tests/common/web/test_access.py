"""Strangers need a token, and tokens are hard to guess."""

import re

import pytest

from common.errors import UserError
from common.web.access import check_access, settle_token


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.2", "example.org", "", "localhost.evil.com"]
)
def test_strangers_need_a_token(host):
    with pytest.raises(UserError, match="--token new"):
        check_access(host, "")
    check_access(host, "new")
    check_access(host, "a-good_token-1234")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_needs_none(host):
    check_access(host, "")


@pytest.mark.parametrize("token", ["short", "x" * 15, "with blanks " * 2, "a;b" * 9])
def test_tokens_that_can_be_guessed_or_would_be_changed_are_refused(token):
    with pytest.raises(UserError, match="at least 16"):
        check_access("127.0.0.1", token)


def test_new_makes_one_up():
    made = {settle_token("new") for _ in range(5)}
    assert len(made) == 5 and all(re.fullmatch(r"[\w-]{24}", one) for one in made)
    assert settle_token("") == ""
    assert settle_token("a-good_token-1234") == "a-good_token-1234"
