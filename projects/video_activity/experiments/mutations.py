"""Videos with something wrong in them."""

import struct
from collections.abc import Callable

import numpy as np

_EXTREMES = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 8192, 65536)
_HEAD = 6000  # bytes in which most headers are
_MARKS: tuple[bytes, ...] = (
    b"moov",
    b"trak",
    b"stsd",
    b"stsz",
    b"stts",
    b"stco",
    b"avcC",
    b"mvhd",
)
_MARKS += (b"avih", b"strh", b"strf", b"idx1", b"movi", b"\x1a\x45\xdf\xa3")

Damage = Callable[[bytearray, int, np.random.Generator], None]


def mutate(data: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    """Return a video with one to three damages, most of them in its headers.

    Args:
        data: A sound video.
        other: Another, parts of which may get into it.
        rng: Decides all.
    """
    changed = bytearray(data)
    for _ in range(rng.integers(1, 4)):
        if len(changed) < 64:
            break
        place = _place(changed, rng)
        if rng.random() < 0.1:
            start = int(rng.integers(len(other)))
            changed[place : place + 200] = other[start : start + 200]
        else:
            _DAMAGES[rng.integers(len(_DAMAGES))](changed, place, rng)
    return bytes(changed)


def _place(data: bytearray, rng: np.random.Generator) -> int:
    """Return where to strike: behind a header's mark, in the head, or anywhere."""
    chance = rng.random()
    if chance < 0.5:
        found = data.find(_MARKS[rng.integers(len(_MARKS))])
        if found >= 0:
            return min(len(data) - 1, found + int(rng.integers(-4, 120)))
    most = min(_HEAD, len(data)) if chance < 0.8 else len(data)
    return int(rng.integers(most))


def _flip(data: bytearray, place: int, rng: np.random.Generator) -> None:
    data[place] ^= 1 << int(rng.integers(8))


def _noise(data: bytearray, place: int, rng: np.random.Generator) -> None:
    count = min(int(rng.integers(1, 64)), len(data) - place)
    data[place : place + count] = rng.bytes(count)


def _extreme(data: bytearray, place: int, rng: np.random.Generator) -> None:
    value = _EXTREMES[rng.integers(len(_EXTREMES))]
    place = max(0, min(place // 2 * 2, len(data) - 4))
    order = "<I" if rng.random() < 0.5 else ">I"
    data[place : place + 4] = struct.pack(order, value)


def _cut_out(data: bytearray, place: int, rng: np.random.Generator) -> None:
    del data[place : place + int(rng.integers(1, 500))]


def _repeat(data: bytearray, place: int, rng: np.random.Generator) -> None:
    piece = data[place : place + int(rng.integers(1, 500))]
    data[place:place] = piece * int(rng.integers(1, 5))


def _cut_off(data: bytearray, place: int, rng: np.random.Generator) -> None:
    if rng.random() < 0.3:  # else there would be little left to damage
        del data[max(64, place) :]


def _blank(data: bytearray, place: int, rng: np.random.Generator) -> None:
    count = min(int(rng.integers(1, 300)), len(data) - place)
    data[place : place + count] = bytes(count)


_DAMAGES: tuple[Damage, ...] = (
    _flip,
    _noise,
    _extreme,
    _extreme,
    _cut_out,
    _repeat,
    _cut_off,
    _blank,
)
