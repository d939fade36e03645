"""One video or camera that is being judged, and what was said about it."""

import contextlib
import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from common.errors import UserError
from projects.video_activity.timeline import Stretches
from projects.video_activity.verdicts import Verdict
from projects.video_activity.web.feed import Feed
from projects.video_activity.web.frame_store import FrameStore
from projects.video_activity.web.tools import Alarms, Event, Frame, Watcher

WAITING, RUNNING, DONE = "waiting", "running", "done"
FAILED, STOPPED = "failed", "stopped"
_MOST_EVENTS = 500
_BEFORE = _AFTER = 3.0  # seconds around an incident that belong to its clip


class StoppedError(Exception):
    """Somebody wanted no more."""


class Analysis:
    """What is known of one source; readers follow its `feed`.

    Attributes:
        id: Nobody can guess it.
        name: As people call it; any text.
        kind: "video", "camera", or "browser" for the camera of a visitor.
        facts: What else there is to say, ready for JSON.
        feed: Everything that was said, in order.
        pictures: What was seen.
        state: One of waiting, running, done, failed, stopped.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        pictures: FrameStore,
        *,
        alarms: Alarms | None = None,
        most: int = 20_000,
        **facts: Any,
    ):
        """Begin with nothing said.

        Args:
            name: See above.
            kind: See above.
            pictures: Empty.
            alarms: What tells incidents from verdicts.
            most: Verdicts that are kept.
            facts: See above.
        """
        self.id, self.name, self.kind = secrets.token_urlsafe(12), name, kind
        self.pictures, self.facts = pictures, facts
        self.feed, self.state, self.error = Feed(3 * most), WAITING, ""
        self.began = self.seen = time.monotonic()
        self.began_at = time.time()
        self.verdicts: deque[Verdict] = deque(maxlen=most)
        self.stretches: dict[int, dict[str, Any]] = {}
        self._most = most
        self.events: dict[str, dict[str, Any]] = {}
        self._alarms, self._merging = alarms, Stretches()
        self._open: dict[str, float] = {}  # starts of incidents
        self._stopped = threading.Event()

    def run(
        self,
        frames: Iterator[Frame],
        watcher: Watcher,
        hop: float,
        *,
        together: int = 1,
    ) -> None:
        """Judge frames until they end; what goes wrong is said, not raised.

        Args:
            frames: In order of time; closed in the end.
            watcher: Judges.
            hop: Seconds from one verdict to the next.
            together: Windows that are judged at once.
        """
        self._enter(RUNNING)
        state, error = DONE, ""
        try:
            with contextlib.closing(frames):
                looked_at = self._look(frames)
                for verdict in watcher.watch(looked_at, hop, together=together):
                    self._tell(verdict)
            self._finish()
        except StoppedError:
            state = STOPPED
        except (UserError, OSError) as problem:
            state, error = FAILED, " ".join(str(problem).split())
        except Exception:
            logging.getLogger("uvicorn.error").exception("A video was not judged.")
            state, error = FAILED, "A fault of the server; its terminal shows which."
        self.end(state, error)

    def end(self, state: str, error: str = "") -> None:
        """Say that there is no more to come."""
        if self._alarms is not None:
            self._alarms.close()
            self._tell_clips()
        self._enter(state, error)
        self.feed.close()

    def touch(self) -> None:
        """Note that somebody looks."""
        self.seen = time.monotonic()

    def stop(self) -> None:
        """Ask for an end, soon."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether somebody wants no more."""
        return self._stopped.is_set()

    @property
    def running(self) -> bool:
        """Whether there is more to come."""
        return self.state in (WAITING, RUNNING)

    def say(self, kind: str, **facts: Any) -> None:
        """Tell all readers, and keep it among the facts."""
        self.facts |= facts
        self.feed.add({"kind": kind, **facts})

    def clip(self, event: str) -> Path | None:
        """Return the clip that was saved of an incident."""
        return self._alarms.clips().get(event) if self._alarms else None

    def summary(self) -> dict[str, Any]:
        """Return what a list shows."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "state": self.state,
            "error": self.error,
            "began": round(self.began_at, 3),
            "until": 0.0,
            "label": None,
            **self.facts,
            **self._latest(),
        }

    def report(self) -> dict[str, Any]:
        """Return all that is known, and the number of the last message about it."""
        last = self.feed.count  # first: what comes meanwhile is told twice, not never
        return self.summary() | {
            "last": last,
            "verdicts": [verdict.to_dict() for verdict in list(self.verdicts)],
            "stretches": list(self.stretches.values()),
            "events": list(self.events.values()),
        }

    def _latest(self) -> dict[str, Any]:
        if not self.verdicts:
            return {}
        last = self.verdicts[-1]
        return {"until": round(last.end, 3), "label": last.label}

    def _enter(self, state: str, error: str = "") -> None:
        self.state, self.error = state, error
        self.feed.add({"kind": "state", "state": state, "error": error})

    def _look(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Pass frames on, and keep what is needed of them."""
        for frame in frames:
            if self.stopped:
                raise StoppedError
            self._keep(frame)
            if self._alarms is not None:
                self._alarms.frame(frame)
            yield frame
        if self.stopped:
            raise StoppedError

    def _keep(self, frame: Frame) -> None:
        """Keep the picture; a full disk does not stop the watching."""
        try:
            self.pictures.add(frame.time, frame.image)
        except OSError as error:
            notes = list(self.facts.get("notes", ()))
            told = f"Some pictures could not be kept: {error.strerror}."
            if told not in notes:
                self.say("facts", notes=[*notes, told])
        else:
            if "pictures" not in self.facts:
                self.say("facts", pictures=True)

    def _tell(self, verdict: Verdict) -> None:
        self.verdicts.append(verdict)
        self.feed.add({"kind": "verdict", **verdict.to_dict()})
        for number, stretch in self._merging.add(verdict).items():
            self.stretches[number] = {"number": number, **stretch.to_dict()}
            self.feed.add({"kind": "stretch", **self.stretches[number]})
        if len(self.stretches) > self._most:
            del self.stretches[next(iter(self.stretches))]
        for event in self._alarms.update(verdict) if self._alarms else ():
            self._tell_event(event)
        self._tell_clips()
        for start in self._open.values():
            self.pictures.pin(start - _BEFORE, verdict.end)

    def _tell_clips(self) -> None:
        """Say which incidents have a clip that was saved."""
        for name in self._alarms.clips() if self._alarms else ():
            if name in self.events and not self.events[name]["clip"]:
                self.events[name] |= {"clip": True}
                self.feed.add({"kind": "event", **self.events[name]})

    def _finish(self) -> None:
        for event in self._alarms.finish() if self._alarms else ():
            self._tell_event(event)

    def _tell_event(self, event: Event) -> None:
        name = str(event.id)
        told = {
            "id": name,
            "label": event.label,
            "start": round(event.start, 3),
            "end": None if event.kind == "begin" else round(event.end, 3),
            "peak": round(event.peak, 4),
            "clip": self.events.get(name, {}).get("clip", False),
        }
        self.events[name] = told
        if len(self.events) > _MOST_EVENTS:
            del self.events[next(iter(self.events))]
        self.feed.add({"kind": "event", **told})
        if event.kind == "begin":
            self._open[name] = event.start
        else:
            self._open.pop(name, None)
            self.pictures.pin(event.start - _BEFORE, event.end + _AFTER)
