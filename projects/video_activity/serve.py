"""Open the activity watcher as a page for the browser, with calls beside it.

python projects/video_activity/serve.py --open
python projects/video_activity/serve.py --cameras porch=0 --alarms alarms.toml
python projects/video_activity/serve.py --host 0.0.0.0 --token new
It listens to this machine alone unless --host says otherwise. Ctrl-C ends it, and
removes all uploads.
"""

from collections.abc import Sequence
from pathlib import Path

from common.config import parse_config, select
from common.errors import note, run_main
from common.runs import RunDirectory
from common.web.access import settle_token
from common.web.hosts import is_loopback
from projects.video_activity.serve_config import ServeConfig

_FOR_EVER = 1e6  # seconds


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    config, _ = parse_config(ServeConfig, argv, __doc__)
    from common.web.serving import (
        end_by_sigterm,
        listen,
        need_packages,
        page_address,
        serve,
    )
    from projects.video_activity.web.workplace import workplace

    need_packages("serve", "fastapi", "uvicorn", "websockets")
    run = RunDirectory.open_newest("video_activity", config.run_dir).path
    token = settle_token(config.token)
    end_by_sigterm()
    with listen(config.host, config.port) as listener:
        with workplace(config.upload_dir) as folder:
            desk = _make_desk(config, run, folder)
            address = page_address(config.host, listener, token, config.open)
            print(f"{address}  (Ctrl-C ends)", flush=True)
            app, options = _guard(config, desk, token)
            serve(app, listener, before_stop=desk.close, **options)
    return 0


def _make_desk(config: ServeConfig, run: Path, folder: Path):
    """Return all that is watched, and who judges it."""
    from projects.video_activity.web.camera_list import read_cameras

    cameras = read_cameras(config.cameras)
    alarms = None
    if config.alarms is not None:
        from projects.video_activity.alarms.settings import read_settings

        alarms = read_settings(config.alarms)
    note("loading the model ...")
    from common.startup import quiet_keras

    quiet_keras(threads=config.threads)
    from common.web.model_thread import ModelThread
    from projects.video_activity.network.trained import Classifier
    from projects.video_activity.web.desk import Desk
    from projects.video_activity.web.equipment import Equipment
    from projects.video_activity.web.tools import Bounds

    model = Classifier.load(run)
    model.prepare()
    if alarms is not None:
        alarms.check_classes(model.classes)
    # Each source asks for one window at a time, and waits: there are no crowds.
    thread = ModelThread(waiting=10_000, patience=_FOR_EVER)
    tools = Equipment(model, thread, config.minutes, alarms)
    return Desk(tools, folder, select(Bounds, config), cameras)


def _guard(config: ServeConfig, desk, token: str):
    """Return the application behind its guard, and what the server must know of it."""
    from common.web.bodies import Limits
    from common.web.guards import Guard
    from projects.video_activity.web.api import HEADERS, make_app, upload_limits
    from projects.video_activity.web.camera_socket import MESSAGE_BYTES

    guard = Guard(
        make_app(desk),
        local=is_loopback(config.host),
        token=token or None,
        limits=Limits(per_minute=config.per_minute, burst=config.per_minute // 3),
        uploads=upload_limits(config.megabytes),
        sockets=True,
        headers=HEADERS,
    )
    return guard, {"message_bytes": MESSAGE_BYTES}


if __name__ == "__main__":
    raise SystemExit(run_main(main))
