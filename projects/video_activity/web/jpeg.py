"""Pictures of a browser's camera, looked at before they are decoded."""

import struct

import cv2
import numpy as np

from common.errors import UserError

LONGEST_SIDE = 1280  # pixels
_STAND_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
_SIZES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # markers of a frame
_BASELINE = {0xC0, 0xC1}


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height out of the header of a JPEG.

    Raises:
        UserError: It is none, or one that is sent in many passes: of these a small
            file can take minutes.
    """
    place = 2
    while data[:2] == b"\xff\xd8" and place + 9 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF or marker in _STAND_ALONE:
            place += 1 if marker == 0xFF else 2
            continue
        if marker in _SIZES:
            if marker not in _BASELINE:
                break
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return width, height
        place += 2 + int.from_bytes(data[place + 2 : place + 4])
    raise UserError(
        f"Expected a baseline JPEG. Received: {len(data)} bytes of something else."
        " Send pictures as canvas.toBlob(..., 'image/jpeg') makes them."
    )


def decode_jpeg(data: bytes) -> np.ndarray:
    """Decode a picture that is not too large.

    Returns:
        uint8 `(height, width, 3)`, RGB.

    Raises:
        UserError: It is too large, or no whole JPEG.
    """
    width, height = jpeg_size(data)
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise UserError(
            f"Expected a picture of at most {LONGEST_SIDE} x {LONGEST_SIDE} pixels."
            f" Received: {width} x {height}. Make it smaller before it is sent."
        )
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    if image is None:
        raise UserError("Expected a whole JPEG. Received: a broken one. Send the next.")
    return image
