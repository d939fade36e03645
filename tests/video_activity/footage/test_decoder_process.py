"""Decoders that crash, hang or take too much: the parent goes on."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from common.errors import UserError
from projects.video_activity.footage import child as child_module
from projects.video_activity.footage.decoder import Decoder, Limits, VideoError


def _process(decoder: Decoder) -> psutil.Process:
    return psutil.Process(decoder._child._process.pid)


def test_a_file_that_kills_the_decoder_is_named(decoder, mirror, write_video):
    hostile = mirror / "video" / "hostile" / "opencv5_heap_crash_48x48.avi"

    for _ in range(2):
        with pytest.raises(VideoError, match=rf"{hostile.name}.*crashed \(SIG"):
            list(decoder.frames(hostile))

        assert len(list(decoder.frames(write_video("a.mp4")))) == 20


def test_a_child_that_dies_is_replaced_and_goes_on_where_it_was(
    decoder, write_video, walking_images, numbered_images, numbers
):
    """An earlier video may have harmed it, so a video is tried twice."""
    list(decoder.frames(write_video("a.mp4")))
    long = write_video("long.mp4", walking_images(900, 320, 240), rate=10.0)
    frames = decoder.frames(long)
    times = [next(frames).time for _ in range(3)]
    _process(decoder).kill()

    times += [frame.time for frame in frames]

    assert times == pytest.approx([0.2 * number for number in range(450)])


def test_a_fresh_child_that_dies_is_not(write_video, walking_images):
    long = write_video("long.mp4", walking_images(900, 320, 240), rate=10.0)
    with Decoder() as decoder:
        frames = decoder.frames(long)
        next(frames), next(frames)
        _process(decoder).kill()

        with pytest.raises(VideoError, match=r"at .* s: the decoder crashed \(SIGKILL"):
            list(frames)


def test_a_decoder_that_hangs_is_given_up(write_video, walking_images):
    long = write_video("long.mp4", walking_images(900, 320, 240), rate=10.0)
    with Decoder(Limits(progress=0.5)) as decoder:
        frames = decoder.frames(long)
        next(frames)
        process = _process(decoder)
        process.suspend()

        with pytest.raises(VideoError, match="no progress for 0.5 s"):
            list(frames)
        assert not process.is_running()


def test_memory_is_bounded(tmp_path, write_video):
    """A picture that does not fit is an error of the file, not of the program."""
    path = tmp_path / "a.mjpeg"
    picture = np.full((5000, 5000, 3), 90, np.uint8)
    path.write_bytes(cv2.imencode(".jpg", picture)[1].tobytes() * 2)

    with Decoder(Limits(memory=280 << 20)) as decoder:
        with pytest.raises(VideoError, match="memory|decoded|crashed"):
            list(decoder.frames(path))

        assert len(list(decoder.frames(write_video("b.mp4")))) == 20


def test_cpu_is_bounded(tmp_path):
    """The system counts whole seconds, so it takes one."""
    picture = np.full((2000, 2000, 3), 90, np.uint8)
    path = tmp_path / "a.mjpeg"
    path.write_bytes(cv2.imencode(".jpg", picture)[1].tobytes() * 400)

    with Decoder(Limits(cpu=0.1)) as decoder, pytest.raises(VideoError, match="XCPU"):
        list(decoder.frames(path))


def test_no_core_and_no_terminal(decoder, write_video):
    list(decoder.frames(write_video("a.mp4")))
    process = _process(decoder)

    assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    assert process.rlimit(psutil.RLIMIT_AS)[1] == Limits().memory
    assert os.getsid(process.pid) == process.pid  # Ctrl-C does not reach it


def test_a_child_lives_for_so_many_videos(write_video, monkeypatch):
    monkeypatch.setattr(
        "projects.video_activity.footage.decoder._LONGEST_LIFE", 2, raising=True
    )
    path = write_video("a.mp4")
    with Decoder() as decoder:
        seen = []
        for _ in range(5):
            decoder.probe(path)
            seen.append(_process(decoder).pid)

    assert [seen.count(pid) for pid in dict.fromkeys(seen)] == [2, 2, 1]


def test_the_child_ends_with_its_parent(write_video, tmp_path):
    """Also when the parent is killed and the child is in the middle of a video."""
    path = write_video("a.mp4")
    script = f"""
        import time
        from projects.video_activity.footage.decoder import Decoder
        decoder = Decoder()
        print(next(decoder.frames({str(path)!r})).time, decoder._child._process.pid)
        time.sleep(60)
    """
    root = Path(child_module.__file__).resolve().parents[3]
    with subprocess.Popen(
        [sys.executable, "-uc", textwrap.dedent(script)],
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root)},
    ) as parent:
        pid = int(parent.stdout.readline().split()[1])
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.02)

    assert not psutil.pid_exists(pid)


def test_a_child_that_does_not_start_is_said(write_video, monkeypatch):
    monkeypatch.setattr(child_module, "_MODULE", "no_such_module_here")

    with pytest.raises(UserError, match="Received: .*No module named no_such_module"):
        list(Decoder().frames(write_video("a.mp4")))


def test_closing_twice_and_reading_after(write_video):
    decoder = Decoder()
    path = write_video("a.mp4")
    frames = decoder.frames(path)
    next(frames)
    decoder.close()
    decoder.close()

    with pytest.raises(RuntimeError):
        next(frames)
    assert len(list(decoder.frames(path))) == 20
    decoder.close()
