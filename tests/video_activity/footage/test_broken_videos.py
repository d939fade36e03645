"""Videos that lie or are not whole: one clear line, or what there is and a note."""

import os
import struct
import wave

import cv2
import numpy as np
import pytest

from projects.video_activity.footage.decoder import VideoError


def test_an_empty_file(decoder, tmp_path):
    path = tmp_path / "empty.mp4"
    path.touch()

    with pytest.raises(VideoError, match=r"empty\.mp4: the file is empty"):
        list(decoder.frames(path))


def test_text_named_mp4(decoder, tmp_path):
    path = tmp_path / "text.mp4"
    path.write_text("Grüße, this is no video\n" * 500)

    with pytest.raises(VideoError, match="text, whatever its name says"):
        list(decoder.frames(path))


def test_a_folder_a_missing_file_and_a_pipe(decoder, tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    for name, reason in {
        "": "it is a folder",
        "none.mp4": "No such file",
        "pipe.mp4": "no plain file",
    }.items():
        with pytest.raises(VideoError, match=reason):
            decoder.probe(tmp_path / name)


def test_an_mp4_without_its_index(decoder, write_video):
    path = write_video("a.mp4")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"moov") - 4])

    with pytest.raises(VideoError, match="cut off before its index"):
        list(decoder.frames(path))


@pytest.mark.parametrize("name", ["a.avi", "a.mkv"])
def test_half_a_file_gives_its_half(decoder, write_video, lossless_noise, name):
    path = write_video(name, lossless_noise(60), rate=10.0)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])

    frames = list(decoder.frames(path))

    assert 8 <= len(frames) <= 18
    (note,) = decoder.notes
    assert note.startswith("It should have 6.0 s, but ends at ")


def test_half_a_real_mp4_gives_its_half(decoder, mirror, tmp_path):
    clip = mirror / "video" / "normal" / "intel__one-by-one-person-detection.mp4"
    data = clip.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat") or pytest.skip("index at the end")
    path = tmp_path / "half.mp4"
    path.write_bytes(data[: len(data) // 8])

    frames = list(decoder.frames(path))

    assert 5 < frames[-1].time < 60
    assert "It should have 139.4 s" in decoder.notes[0]


def test_sound_only(decoder, tmp_path):
    for name in ("sound.wav", "sound.mp4"):
        with wave.open(str(tmp_path / name), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(b"\0\1" * 8000)
        with pytest.raises(VideoError, match="it is a sound file"):
            list(decoder.frames(tmp_path / name))


def test_an_mp4_with_sound_only(decoder, write_video):
    path = write_video("a.mp4")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"vide", b"soun").replace(b"vmhd", b"smhd"))

    with pytest.raises(VideoError, match="no pictures in it can be decoded"):
        list(decoder.frames(path))


def test_a_gif_is_a_video(decoder, gif):
    frames = list(decoder.frames(gif))

    assert [frame.time for frame in frames] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])


def test_one_frame_and_a_tenth_of_a_second(
    decoder, write_video, numbered_images, numbers
):
    one = write_video("one.mp4", numbered_images(1))
    tenth = write_video("tenth.mp4", numbered_images(3), rate=30.0)

    assert numbers(decoder.frames(one)) == [0]
    assert numbers(decoder.frames(tenth)) == [0]


def test_a_phone_held_upright(decoder, write_video):
    """The rotation that the file asks for (90 degrees clockwise) is carried out."""
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, :32] = 220  # the left becomes the top
    path = write_video("a.mp4", [image] * 10)
    data = bytearray(path.read_bytes())
    place = data.index(b"tkhd") + 44
    assert struct.unpack(">9i", data[place : place + 36])[0] == 1 << 16
    matrix = (0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    data[place : place + 36] = struct.pack(">9i", *matrix)
    path.write_bytes(data)

    probe, frame = decoder.probe(path), next(decoder.frames(path))

    assert (probe.width, probe.height) == (48, 64)
    assert frame.image.shape == (64, 48, 3)
    assert frame.image[:28].mean() > 180 and frame.image[36:].mean() < 40


def test_an_8k_header_is_refused_before_decoding(decoder, write_video, patch_avi):
    path = write_video("a.avi", codec="FFV1")
    patch_avi(path, b"strf", 4, 8192, 8192)

    with pytest.raises(VideoError, match="its pictures are 8192 x 8192; at most"):
        list(decoder.frames(path))


@pytest.mark.parametrize("rate", [(1, 1000), (10**6, 1), (1, 10**6)])
def test_an_absurd_rate_is_taken_as_25(
    decoder, write_video, numbered_images, numbers, patch_avi, rate
):
    path = patch_avi(write_video("a.avi", numbered_images(50)), b"strh", 20, *rate)

    frames = list(decoder.frames(path))

    assert numbers(frames) == list(range(0, 50, 5))
    assert frames[-1].time == pytest.approx(1.8)
    assert decoder.notes[0].endswith("25 is assumed.")


@pytest.mark.parametrize("rate", [(0, 0), (1, 0), (0, 10)])
def test_a_rate_of_nothing_is_survived(
    decoder, write_video, numbered_images, numbers, patch_avi, rate
):
    path = patch_avi(write_video("a.avi", numbered_images(20)), b"strh", 20, *rate)

    assert numbers(decoder.frames(path)) == list(range(0, 20, 2))


def test_a_length_that_lies(decoder, write_video, patch_avi):
    path = write_video("a.avi")
    patch_avi(path, b"avih", 16, 20000)
    patch_avi(path, b"strh", 32, 20000)

    assert len(list(decoder.frames(path))) == 20
    assert decoder.notes == ["It should have 2000.0 s, but ends at 4.0 s."]
    assert decoder.probe(path).duration == 2000.0


def test_time_stamps_that_jump_back(decoder, write_video, numbered_images, numbers):
    images = numbered_images(40)
    first = write_video("a.ts", images[:20], codec="mp4v")
    second = write_video("b.ts", images[20:], codec="mp4v")
    first.write_bytes(first.read_bytes() + second.read_bytes())

    frames = list(decoder.frames(first))

    assert numbers(frames) == list(range(0, 40, 2))
    assert [frame.time for frame in frames] == pytest.approx(
        np.arange(20) * 0.2, abs=0.11
    )
    assert decoder.notes[0].startswith("From 2.0 s on, time stamps jump")


@pytest.mark.parametrize("suffix", [".mjpeg", ".ts"])
def test_a_size_that_changes_inside(
    decoder, write_video, walking_images, tmp_path, suffix
):
    small, large = walking_images(20), walking_images(20, 128, 96)
    path = tmp_path / f"change{suffix}"
    if suffix == ".ts":
        parts = [write_video("a.ts", small, codec="mp4v").read_bytes()]
        parts += [write_video("b.ts", large, codec="mp4v").read_bytes()]
    else:
        parts = [cv2.imencode(".jpg", image)[1].tobytes() for image in small + large]
    path.write_bytes(b"".join(parts))

    shapes = [frame.image.shape for frame in decoder.frames(path)]

    assert set(shapes) == {(48, 64, 3)} and len(shapes) in (8, 20)


@pytest.mark.parametrize(
    "name", ["%02d.mp4", "-i.mp4", "a:b.mp4", "concat:x|y.mp4", "<b>'\"é視.mp4"]
)
def test_odd_names_are_names(decoder, write_video, name):
    path = write_video("plain.mp4")
    path = path.rename(path.with_name(name))

    assert len(list(decoder.frames(path))) == 20


def test_a_name_that_is_no_utf8(decoder, write_video):
    path = write_video("plain.mp4")
    path = path.rename(path.with_name("caf\udce9.mp4"))

    assert len(list(decoder.frames(path))) == 20


@pytest.mark.parametrize(
    "text",
    [
        "ffconcat version 1.0\nfile plain.mp4\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nplain.mp4\n#EXT-X-ENDLIST\n",
        '<?xml version="1.0"?><MPD><Period><AdaptationSet/></Period></MPD>',
    ],
)
def test_lists_of_other_files_are_not_followed(decoder, write_video, text):
    path = write_video("plain.mp4").with_name("list.mp4")
    path.write_text(text)

    with pytest.raises(VideoError, match="it is text"):
        list(decoder.frames(path))
