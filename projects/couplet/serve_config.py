"""The options of `serve.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.errors import UserError
from projects.couplet.web.hosts import is_loopback

SHORTEST_TOKEN = 16  # characters
MAKE_ONE = "new"  # instead of a token


@dataclass(frozen=True)
class ServeConfig:
    """What `serve.py` was asked for."""

    run_dir: Path | None = option(None, "run of train.py; none: the shipped model")
    poet: Path | None = option(
        None, "run of train_poems.py, for first lines; none: the shipped model"
    )
    host: str = option(
        "127.0.0.1", "address to listen at; another than this machine's needs --token"
    )
    port: int = option(8760, "port; 0 takes a free one", minimum=0, maximum=65535)
    token: str = option(
        "",
        "what every browser has to bring; new: makes one up and prints it"
        f" (at least {SHORTEST_TOKEN} letters, digits, - or _)",
    )
    open: bool = option(False, "open the page in a browser")
    per_minute: int = option(
        300, "requests of one client in the long run", minimum=1, maximum=100_000
    )
    waiting: int = option(
        64, "questions that may wait; more are refused", minimum=1, maximum=10_000
    )
    timeout: float = option(
        30.0, "seconds until a question is given up", minimum=0.1, maximum=3600
    )
    threads: int = option(1, "cores that work at one answer", minimum=1, maximum=256)
    data_dir: Path | None = option(None, "where the page's font and tables are kept")

    def __post_init__(self):
        """Refuse to listen to strangers without a token."""
        if not self.token and not is_loopback(self.host):
            raise UserError(
                f"A server that other machines reach needs a token. Received: --host"
                f" {self.host} without --token. Add --token new."
            )
        letters = self.token.replace("-", "").replace("_", "")
        plain = letters.isascii() and letters.isalnum()
        if self.token not in ("", MAKE_ONE) and not (
            plain and len(self.token) >= SHORTEST_TOKEN
        ):
            raise UserError(
                f"`--token` must be new, or at least {SHORTEST_TOKEN} letters, digits,"
                f" - or _. Received: one of {len(self.token)} characters."
            )
