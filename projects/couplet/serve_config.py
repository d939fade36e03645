"""The options of `serve.py`."""

from dataclasses import dataclass
from pathlib import Path

from common.config import option
from common.web.access import TOKEN_HELP, check_access


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
    token: str = option("", TOKEN_HELP)
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
        check_access(self.host, self.token)
