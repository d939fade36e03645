"""Uploads: bounded, judged in turn, and gone without a trace."""

import asyncio
import errno
import threading
import time

import pytest

from common.web.model_thread import OverloadError
from common.web.refusals import RefusedError
from projects.video_activity.web import library as rooms
from projects.video_activity.web.frame_store import FrameStore
from projects.video_activity.web.library import Library
from projects.video_activity.web.tools import Bounds
from tests.video_activity.web.toy_tools import ToyTools, ToyWatcher, toy_video


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return toy_video(tmp_path_factory.mktemp("v") / "a.mp4").read_bytes()


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def run(place, visit, tools=None, **bounds):
    """Open a library, visit it, and close it."""

    async def main():
        library = Library(tools or ToyTools(), place, Bounds(**bounds))
        try:
            return await visit(library)
        finally:
            library.close()

    return asyncio.run(main())


async def parts(content, size=100_000, error=None):
    for begin in range(0, len(content), size):
        yield content[begin : begin + size]
    if error:
        raise error


async def settle(*videos):
    deadline = time.monotonic() + 20
    while any(video.running for video in videos):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


def test_a_video_is_received_judged_and_removed(place, content):
    async def visit(library):
        video = await library.receive("../../my porch", parts(content))
        assert library.file(video.id).read_bytes() == content
        assert library.file(video.id).parent == place
        await settle(video)
        assert [s["label"] for s in video.stretches.values()] == ["safe", "criminal"]
        assert video.facts["duration"] == pytest.approx(12) and video.facts["plays"]
        assert video.facts["notes"] == ["It was short."]
        assert library.remove(video.id) and not library.remove(video.id)
        assert library.find(video.id) is None and not list(place.iterdir())

    run(place, visit)


def test_the_end_removes_everything(place, content):
    tools = ToyTools(wait=0.05)

    async def visit(library):
        videos = [await library.receive("v", parts(content)) for _ in range(4)]
        assert len(list(place.iterdir())) >= 4
        return videos

    videos = run(place, visit, tools)
    deadline = time.monotonic() + 10
    while list(place.iterdir()) or any(t.name.startswith("video") for t in threads()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert all(video.stopped for video in videos)


def threads():
    return [thread for thread in threading.enumerate() if thread.is_alive()]


@pytest.mark.parametrize(
    "content",
    [b"", b"no video" * 999, b"\0" * 9, b"ffconcat version 1.0\nfile a.mp4"],
    ids=["empty", "text", "zeros", "concat"],
)
def test_what_is_no_video_is_refused_by_its_own_name(place, content):
    async def visit(library):
        with pytest.raises(RefusedError, match="my file") as refused:
            await library.receive("my file", parts(content))
        assert refused.value.status == 415 and str(place) not in str(refused.value)
        assert not list(place.iterdir()) and not library.videos()

    run(place, visit)


def test_too_long_a_video_is_refused(place, content):
    async def visit(library):
        with pytest.raises(
            RefusedError, match=r"0.1 minutes. Received: 0.2"
        ) as refused:
            await library.receive("v", parts(content))
        assert refused.value.status == 413 and not list(place.iterdir())

    run(place, visit, minutes=0.1)


@pytest.mark.parametrize("error", [ConnectionResetError(), asyncio.CancelledError()])
def test_an_upload_cut_in_the_middle_leaves_nothing(place, content, error):
    async def visit(library):
        with pytest.raises(type(error)):
            await library.receive("v", parts(content, error=error))
        assert not list(place.iterdir()) and not library.videos()
        video = await library.receive("v", parts(content))  # its place is free again
        await settle(video)

    run(place, visit, waiting=1)


def test_the_sum_of_all_files_is_bounded(place, content):
    async def visit(library):
        await library.receive("v", parts(content))
        with pytest.raises(RefusedError) as refused:
            await library.receive("v", parts(content))
        assert refused.value.status == 507 and len(library.videos()) == 1
        library.remove(library.videos()[0].id)
        await library.receive("v", parts(content))

    run(place, visit, total_megabytes=1.5 * len(content) / 1e6)


def test_a_full_disk_is_told(place, content, monkeypatch):
    def full(file, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    async def visit(library):
        monkeypatch.setattr(rooms, "_write_all", full)
        with pytest.raises(RefusedError, match="disk") as refused:
            await library.receive("v", parts(content))
        assert refused.value.status == 507 and not list(place.iterdir())

    run(place, visit)


def test_a_disk_that_fills_up_later_stops_pictures_and_no_verdicts(
    place, content, monkeypatch
):
    add, calls = FrameStore.add, []

    def sometimes_full(store, at, image):
        calls.append(at)
        if 10 < len(calls) < 30:
            raise OSError(errno.ENOSPC, "No space left on device")
        add(store, at, image)

    async def visit(library):
        video = await library.receive("v", parts(content))
        await settle(video)
        assert video.state == "done" and len(video.verdicts) == 4
        (told,) = [n for n in video.facts["notes"] if "short" not in n]
        assert told == "Some pictures could not be kept: No space left on device."
        assert video.pictures.at(4.0)[0] < 2 and video.pictures.at(9.0)[0] > 8

    monkeypatch.setattr(FrameStore, "add", sometimes_full)
    run(place, visit)


def test_twenty_at_once_are_all_judged_a_few_at_a_time(place, content):
    busy, most = [], []

    class Watcher(ToyWatcher):
        def watch(self, frames, hop_seconds, *, together=1):
            busy.append(1)
            most.append(len(busy))
            yield from super().watch(frames, hop_seconds)
            busy.pop()

    tools = ToyTools()
    tools.watcher = Watcher

    async def visit(library):
        told = [library.receive(f"v{n}", parts(content)) for n in range(20)]
        videos = await asyncio.gather(*told)
        await settle(*videos)
        assert len({video.id for video in videos}) == 20
        assert all(len(video.verdicts) == 4 for video in videos)

    run(place, visit, tools, at_once=2)
    assert max(most) == 2


def test_more_than_there_is_room_for_are_refused_at_once(place, content):
    async def visit(library):
        uploads = [library.receive("v", parts(content)) for _ in range(7)]
        told = await asyncio.gather(*uploads, return_exceptions=True)
        refused = [one for one in told if isinstance(one, OverloadError)]
        assert len(refused) == 4 and len(library.videos()) == 3

    run(place, visit, ToyTools(wait=0.02), waiting=3)


def test_what_nobody_looks_at_makes_room_the_oldest_look_first(place, content):
    async def visit(library):
        videos = [await library.receive("v", parts(content)) for _ in range(3)]
        await settle(*videos)
        for age, video in zip((200, 300, 0), videos, strict=True):
            video.seen -= age
        last = await library.receive("v", parts(content))
        assert library.videos() == [last, videos[2], videos[0]]

    run(place, visit, waiting=3)


def test_what_nobody_looks_at_is_removed_with_time(place, content):
    async def visit(library):
        old, followed, fresh = [
            await library.receive("v", parts(content)) for _ in range(3)
        ]
        await settle(old, followed, fresh)
        for video in (old, followed):
            video.seen -= 61
        followed.feed._readers.add(None)
        library.tidy()
        assert library.videos() == [fresh, followed]
        followed.feed._readers.clear()

    run(place, visit, keep_minutes=1)
