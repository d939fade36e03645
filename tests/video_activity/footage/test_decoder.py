"""What is read of sound videos: which frames, when, in which colors and size."""

import struct

import numpy as np
import pytest

from projects.video_activity.footage.decoder import Decoder, Limits


@pytest.mark.parametrize("name", ["a.mp4", "a.avi", "a.mkv"])
def test_takes_a_frame_every_interval(
    decoder, write_video, numbered_images, numbers, name
):
    path = write_video(name, numbered_images(30), rate=10.0)

    frames = list(decoder.frames(path, interval=0.2))

    assert numbers(frames) == list(range(0, 30, 2))
    assert [frame.time for frame in frames] == pytest.approx(np.arange(15) * 0.2)
    assert decoder.notes == []


def test_the_first_frame_at_or_after_each_moment_counts(
    decoder, write_video, numbered_images, numbers
):
    path = write_video("a.mp4", numbered_images(24), rate=12.0)

    frames = list(decoder.frames(path, interval=0.2))

    # Moments 0, .2, .4 ... are at frames 0, 2.4, 4.8, 7.2, 9.6 ...; half a frame early
    # is early enough.
    assert numbers(frames) == [0, 2, 5, 7, 10, 12, 14, 17, 19, 22]


def test_a_slow_video_gives_each_of_its_frames_once(
    decoder, write_video, numbered_images, numbers
):
    path = write_video("a.mp4", numbered_images(6), rate=2.0)

    assert numbers(decoder.frames(path)) == [0, 1, 2, 3, 4, 5]


def _slow_down(path, after):
    """Have the frames of an mp4 come half as fast after so many of them."""
    data = bytearray(path.read_bytes().replace(b"edts", b"free"))
    place = data.index(b"stts") + 8
    entries, count, step = struct.unpack(">3I", data[place : place + 12])
    assert entries == 1 and count > after
    data[place : place + 12] = struct.pack(
        ">5I", 2, after, step, count - after, 2 * step
    )
    for box in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stts"):
        start = data.index(box) - 4
        (size,) = struct.unpack(">I", data[start : start + 4])
        data[start : start + 4] = struct.pack(">I", size + 8)
    path.write_bytes(data)


def test_a_rate_that_changes_is_followed_by_time_stamps(
    decoder, write_video, numbered_images, numbers
):
    path = write_video("a.mp4", numbered_images(30), rate=10.0)
    _slow_down(path, after=10)

    frames = list(decoder.frames(path, interval=0.2))

    assert numbers(frames) == [0, 2, 4, 6, 8, *range(10, 30)]
    assert [frame.time for frame in frames] == pytest.approx(np.arange(25) * 0.2)
    late = decoder.frames(path, interval=0.2, start=3.0, end=4.0)
    assert numbers(late) == [20, 21, 22, 23, 24]


def test_a_span_is_read_alone(decoder, write_video, numbered_images, numbers):
    path = write_video("a.mp4", numbered_images(40), rate=10.0)

    frames = list(decoder.frames(path, interval=0.2, start=1.0, end=2.0))

    assert numbers(frames) == [10, 12, 14, 16, 18]
    assert frames[0].time == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["a.mp4", "a.avi", "a.mkv"])
def test_a_late_span_is_found_by_jumping(decoder, write_video, numbered_images, name):
    images = [image for image in numbered_images(50) for _ in range(10)]
    path = write_video(name, images, rate=10.0)

    frames = list(decoder.frames(path, interval=0.5, start=33.0, end=35.0))

    assert [frame.time for frame in frames] == pytest.approx([33.0, 33.5, 34.0, 34.5])
    found = [(frame.image.mean() - 14) / 4 for frame in frames]
    assert found == pytest.approx([33, 33, 34, 34], abs=0.5)


def test_a_span_behind_the_end_is_empty_and_told(decoder, write_video):
    assert list(decoder.frames(write_video("a.mp4"), start=7.0)) == []
    assert decoder.notes == ["It ends at 4.0 s, before 7.0 s."]


def test_images_are_rgb_and_never_larger(decoder, write_video):
    red = np.zeros((48, 64, 3), np.uint8)
    red[..., 0] = 200

    frame = next(decoder.frames(write_video("a.avi", [red] * 10)))

    assert frame.image.dtype == np.uint8 and frame.image.shape == (48, 64, 3)
    assert frame.image.mean((0, 1)) == pytest.approx([200, 0, 0], abs=8)


def test_large_images_are_made_smaller(write_video, walking_images):
    path = write_video("a.mp4", walking_images(10, 96, 160))

    with Decoder(Limits(longest_side=40)) as decoder:
        images = [frame.image for frame in decoder.frames(path)]

    assert {image.shape for image in images} == {(40, 24, 3)}
    assert not np.array_equal(images[0], images[1])  # each has memory of its own


def test_a_video_may_be_left_in_the_middle(
    decoder, write_video, numbered_images, numbers
):
    path = write_video("a.mp4", numbered_images(40))
    other = write_video("b.mp4", numbered_images(4), rate=5.0)
    child = next(decoder.frames(path)) and decoder._child

    assert numbers(decoder.frames(other)) == [0, 1, 2, 3]
    assert decoder._child is child


def test_another_video_ends_the_first(decoder, write_video):
    first, second = write_video("a.mp4"), write_video("b.mp4")
    frames = decoder.frames(first)
    next(frames)
    assert len(list(decoder.frames(second))) == 20

    with pytest.raises(RuntimeError, match="left for another video"):
        next(frames)


def test_probe_says_what_the_file_says(decoder, write_video):
    probe = decoder.probe(write_video("a.avi", rate=8.0))

    assert (probe.width, probe.height, probe.frames) == (64, 48, 40)
    assert (probe.frame_rate, probe.duration, probe.notes) == (8.0, 5.0, ())


def test_a_long_video_is_left_at_the_longest_allowed(write_video):
    with Decoder(Limits(duration=2.0)) as decoder:
        frames = list(decoder.frames(write_video("a.mp4")))

        assert frames[-1].time == pytest.approx(2.0)
        assert decoder.notes == ["Left at 2 s, the longest allowed."]


def test_real_clips_have_as_many_frames_as_seconds_say(decoder, mirror):
    clips = sorted((mirror / "video" / "surv_fight" / "fight").glob("*.mp4"))[:6]
    for clip in clips:
        probe = decoder.probe(clip)
        frames = list(decoder.frames(clip))

        assert len(frames) == pytest.approx(probe.duration / 0.2, abs=1), clip
        assert decoder.notes == []
