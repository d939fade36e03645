"""The process that decodes, so that a video which kills its decoder kills no more.

Started by `child.py` with the number of a socket and the limits as JSON. OpenCV and
FFmpeg crash on some files; here they run with bounded memory and CPU.
"""

import contextlib
import json
import socket
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the parent on the socket that the command line names."""
    number, text = sys.argv[1:] if argv is None else argv
    from projects.video_activity.footage.channel import Channel, ChannelClosed
    from projects.video_activity.footage.decoding_worker import Worker, bound
    from projects.video_activity.footage.limits import Limits

    limits = Limits(**json.loads(text))
    bound(limits)
    with contextlib.suppress(ChannelClosed):
        Worker(Channel(socket.socket(fileno=int(number))), limits).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
