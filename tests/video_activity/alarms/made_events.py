"""Verdicts, events and notices as the tests of alarms need them."""

import datetime

import numpy as np

from projects.video_activity.alarms.incidents import Event
from projects.video_activity.alarms.notice import Notice
from projects.video_activity.verdicts import Verdict

NOW = datetime.datetime(2026, 11, 21, 22, 30, 5, tzinfo=datetime.UTC)


def make_verdicts(shares, *, label="criminal", begin=0.0, hop=3.0):
    """Return a verdict for each probability, one every 3 s; None: not judged."""
    return [
        make_verdict(begin + place * hop, share, label)
        for place, share in enumerate(shares)
    ]


def make_verdict(start, share, label="criminal"):
    if share is None:
        return Verdict.not_judged(start, start + 3.0, "the camera moves")
    return Verdict.of(start, start + 3.0, (label, "safe"), (share, 1 - share))


def make_event(kind="begin", label="criminal", **changes):
    values = {"start": 9.0, "end": 15.0, "peak": 0.93, "id": "0123456789ab"}
    return Event(kind, label, **(values | changes))


def make_notice(kind="begin", label="criminal", source="porch", **changes):
    event = make_event(kind, label, **changes)
    return Notice(event, make_verdict(12.0, 0.93), source, NOW)


def make_image(number, height=48, width=64):
    """Return a picture that tells its number by its brightness."""
    return np.full((height, width, 3), 20 + number * 17 % 200, np.uint8)
