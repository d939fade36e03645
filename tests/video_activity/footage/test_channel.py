"""Messages between processes, and nonsense in their place."""

import socket
import struct
import threading

import numpy as np
import pytest

from projects.video_activity.footage.channel import Channel, ChannelClosed


@pytest.fixture
def ends():
    """Yield two connected channels and the raw socket of the second."""
    ours, theirs = socket.socketpair()
    channels = Channel(ours, largest=10**7), Channel(theirs)
    yield *channels, theirs
    for channel in channels:
        channel.close()


def test_a_message_arrives_whole(ends):
    image = np.random.default_rng(0).integers(0, 255, (900, 1200, 3), np.uint8)
    sender = threading.Thread(target=ends[1].send, args=({"kind": "é"}, image))
    sender.start()
    head, received = ends[0].receive(10)
    sender.join()

    assert head == {"kind": "é", "shape": [900, 1200, 3]}
    np.testing.assert_array_equal(received, image)


def test_a_message_without_image(ends):
    ends[0].send({"do": "stop"})

    assert ends[1].receive(1) == ({"do": "stop"}, None)


def test_silence_is_a_timeout(ends):
    with pytest.raises(TimeoutError):
        ends[0].receive(0.01)


@pytest.mark.parametrize(
    "nonsense",
    [
        struct.pack("!I", 1 << 30),
        struct.pack("!I", 4) + b"{{{{",
        struct.pack("!I", 2) + b"\xff\xff",
        struct.pack("!I", 20) + b'{"shape": [9999,9999]}'[:20],
        struct.pack("!I", 22) + b'{"shape": [9999,9999]}',
        struct.pack("!I", 17) + b'{"shape": [-1,5]}',
        struct.pack("!I", 15) + b'{"shape": "ab"}',
    ],
)
def test_nonsense_closes(ends, nonsense):
    ends[2].sendall(nonsense)

    with pytest.raises(ChannelClosed):
        ends[0].receive(1)


def test_the_other_side_is_gone(ends):
    ends[1].close()

    with pytest.raises(ChannelClosed):
        ends[0].receive(1)
    with pytest.raises(ChannelClosed):
        ends[0].send({}, np.zeros((1000, 1000), np.uint8))


def test_hanging_up_ends_a_wait_in_another_thread(ends):
    threading.Timer(0.05, ends[0].hang_up).start()

    with pytest.raises(ChannelClosed):
        ends[0].receive(10)
