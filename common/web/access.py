"""Who may reach a server: this machine alone, or whoever brings the token."""

import secrets

from common.errors import UserError
from common.web.hosts import is_loopback

SHORTEST_TOKEN = 16  # characters
MAKE_ONE = "new"  # instead of a token
TOKEN_HELP = (
    "what every browser has to bring; new: makes one up and prints it"
    f" (at least {SHORTEST_TOKEN} letters, digits, - or _)"
)


def check_access(host: str, token: str) -> None:
    """Refuse to listen to strangers without a token.

    Args:
        host: Where the server listens.
        token: As given: empty for none, `MAKE_ONE`, or the token itself.

    Raises:
        UserError: Other machines reach the host and there is no token; or the
            token is short, or has characters that an address would change.
    """
    if not token and not is_loopback(host):
        raise UserError(
            f"A server that other machines reach needs a token. Received: --host"
            f" {host} without --token. Add --token new."
        )
    letters = token.replace("-", "").replace("_", "")
    plain = letters.isascii() and letters.isalnum()
    if token not in ("", MAKE_ONE) and not (plain and len(token) >= SHORTEST_TOKEN):
        raise UserError(
            f"`--token` must be new, or at least {SHORTEST_TOKEN} letters, digits,"
            f" - or _. Received: one of {len(token)} characters."
        )


def settle_token(token: str) -> str:
    """Return the token that was given, or one that nobody can guess for `MAKE_ONE`."""
    return secrets.token_urlsafe(18) if token == MAKE_ONE else token
