"""Open the couplet writer as a page for the browser, with JSON calls beside it.

python projects/couplet/serve.py --open
python projects/couplet/serve.py --port 0
python projects/couplet/serve.py --host 0.0.0.0 --token new
It listens to this machine alone unless --host says otherwise. Ctrl-C ends it.
"""

import functools
from collections.abc import Sequence
from pathlib import Path

from common.config import parse_config
from common.errors import note, run_main
from common.runs import RunDirectory
from common.web.access import settle_token
from common.web.hosts import is_loopback
from projects.couplet.serve_config import ServeConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(ServeConfig, argv, __doc__)
    from common.web.serving import listen, need_packages, page_address, serve

    need_packages("serve", "fastapi", "uvicorn")
    token = settle_token(config.token)
    run = config.run_dir and RunDirectory.open(config.run_dir).path
    with listen(config.host, config.port) as listener:
        note("loading the models ...")
        app = _make_app(config, run, token)
        address = page_address(config.host, listener, token, config.open)
        print(f"{address}  (Ctrl-C ends)", flush=True)
        serve(app, listener)
    return 0


def _make_app(config: ServeConfig, run: Path | None, token: str):
    from common.startup import quiet_keras

    quiet_keras(threads=config.threads)
    from common.web.bodies import Limits
    from common.web.guards import Guard
    from common.web.model_thread import ModelThread
    from projects.couplet.web.api import make_app
    from projects.couplet.web.desk import Desk
    from projects.couplet.writer import Writer

    writer = Writer.load(run)
    writer.answer("风云三尺剑")  # the first answer of all builds what the others use
    app = make_app(
        Desk(writer, _find_poet(config, writer)),
        ModelThread(config.waiting, config.timeout),
        font=_make_font(config, writer),
    )
    limits = Limits(per_minute=config.per_minute)
    return Guard(
        app, local=is_loopback(config.host), token=token or None, limits=limits
    )


def _find_poet(config: ServeConfig, writer):
    """Return what writes first lines."""
    from projects.couplet.poems.first_lines import write_first_lines
    from projects.couplet.poems.poet import Poet

    return functools.partial(write_first_lines, Poet.load(config.poet, writer.tones))


def _make_font(config: ServeConfig, writer) -> bytes | None:
    from common.fonts import missing_font_advice
    from projects.couplet.web.page_text import characters_of_page
    from projects.couplet.web.web_font import make_web_font

    needed, wished = characters_of_page(writer.tokens.characters)
    font = make_web_font(needed, wished, config.data_dir)
    if font is None:
        note(f"The page has no Chinese font of its own. {missing_font_advice()}")
    return font


if __name__ == "__main__":
    raise SystemExit(run_main(main))
