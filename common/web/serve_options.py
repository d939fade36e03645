"""Options of every program that serves a page."""

from dataclasses import dataclass

from common.config import option
from common.web.access import TOKEN_HELP, check_access


@dataclass(frozen=True)
class ServeOptions:
    """The server."""

    host: str = option(
        "127.0.0.1", "address to listen at; another than this machine's needs --token"
    )
    port: int = option(8760, "port; 0 takes a free one", minimum=0, maximum=65535)
    token: str = option("", TOKEN_HELP)
    open: bool = option(False, "open the page in a browser")
    per_minute: int = option(
        300, "requests of one client in the long run", minimum=1, maximum=100_000
    )
    threads: int = option(1, "cores that the model works with", minimum=1, maximum=256)

    def __post_init__(self) -> None:
        """Refuse to listen to strangers without a token."""
        check_access(self.host, self.token)
