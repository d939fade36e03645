"""What a file is said to be."""

import struct

import pytest

from projects.video_activity.footage.sniffing import UNKNOWN, describe_file


def _box(name: bytes, size: int = 8, body: bytes = b"") -> bytes:
    return struct.pack(">I", size) + name + body


_FTYP = _box(b"ftyp", 16, b"isom\0\0\2\0")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"RIFF\0\0\0\0WAVEfmt ", "a sound file"),
        (b"ID3\4\0", "a sound file"),
        (b"\x89PNG\r\n", "a still picture"),
        (b"PK\3\4", "an archive"),
        ("視频列表,標籤\n".encode() * 1000, "text"),
        (b"\0\1\2\3" * 50, UNKNOWN),
        (b"\xff" * 9, UNKNOWN),
        (_FTYP, "cut off"),
        (_FTYP + _box(b"mdat", 10**6), "cut off"),
        (
            _FTYP + _box(b"mdat", 1, struct.pack(">Q", 16)) + _box(b"moov"),
            "no pictures",
        ),
        (_FTYP + _box(b"free", 0) + _box(b"moov"), "cut off"),
        (_FTYP + _box(b"free", 3) * 5000, "cut off"),
    ],
)
def test_what_a_file_is(tmp_path, data, said):
    path = tmp_path / "a.mp4"
    path.write_bytes(data)

    assert said in describe_file(path)
