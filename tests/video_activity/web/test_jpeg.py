"""Pictures of browsers: looked at before they are decoded."""

import cv2
import numpy as np
import pytest

from common.errors import UserError
from projects.video_activity.web.jpeg import decode_jpeg, jpeg_size


def jpeg(width=64, height=48, *options):
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 2] = 200  # red, as OpenCV orders
    return cv2.imencode(".jpg", image, list(options))[1].tobytes()


def test_a_picture_is_decoded_as_rgb():
    data = jpeg(64, 48)
    assert jpeg_size(data) == (64, 48)
    image = decode_jpeg(data)
    assert image.shape == (48, 64, 3) and image.dtype == np.uint8
    assert np.allclose(image.mean((0, 1)), (200, 0, 0), atol=4)


def test_too_large_a_picture_is_refused_by_its_header_alone():
    data = bytearray(jpeg())
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = b"\xff\xff\xff\xff"
    assert jpeg_size(bytes(data)) == (65535, 65535)
    with pytest.raises(UserError, match="1280 x 1280.*65535 x 65535"):
        decode_jpeg(bytes(data))
    data[place + 5 : place + 9] = bytes(4)
    with pytest.raises(UserError, match="0 x 0"):
        decode_jpeg(bytes(data))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff",
        b"GIF89a" + bytes(50),
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"\xff\xd8" + b"\xff" * 5000,
        b"\xff\xd8" + b"\xff\xe0\x00\x00" * 100,
        b"\xff\xd8" + b"\xff\xe0\xff\xff" + bytes(100),
        b"\xff\xd8\xff\xda" + bytes(100),
        jpeg(64, 48, cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
    ],
    ids=lambda data: ascii(data[:9]),
)
def test_what_is_no_plain_jpeg_is_refused(data):
    with pytest.raises(UserError, match="baseline JPEG"):
        decode_jpeg(data)


def test_broken_pictures_are_refused_or_decoded_and_never_more():
    """Every byte of a small picture is changed once."""
    good, rng = jpeg(32, 24), np.random.default_rng(0)
    counts = {"decoded": 0, "refused": 0}
    for place in range(2, len(good), 3):
        data = bytearray(good)
        data[place] = rng.integers(256)
        try:
            cut = rng.integers(place, len(data) + 1)
            assert max(decode_jpeg(bytes(data[:cut])).shape) <= 1280
            counts["decoded"] += 1
        except UserError:
            counts["refused"] += 1
    assert min(counts.values()) > 0
