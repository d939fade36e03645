"""Pictures are found by time, and forgotten when they are old."""

import cv2
import numpy as np

from projects.video_activity.web.frame_store import FrameStore, encode_jpeg


def fill(store, seconds, step=0.2, begin=0.0):
    for number in range(int(seconds / step)):
        shade = int(begin / step + number) % 250
        image = np.full((12, 16, 3), shade, np.uint8)
        store.add(begin + number * step, image)


def shade(found):
    return cv2.imdecode(np.frombuffer(found[1], np.uint8), 0).mean()


def test_the_last_picture_up_to_a_time_is_found(tmp_path):
    store = FrameStore(tmp_path / "p")
    assert store.at(3.0) is None and store.at(None) is None
    fill(store, 40)
    expected = {0: 0, 0.19: 0, 0.2: 1, 9.99: 49, 10.0: 50, 33: 165}
    for time, number in expected.items():
        found = store.at(time)
        assert abs(found[0] - number * 0.2) < 1e-6 and abs(shade(found) - number) <= 1
    assert abs(shade(store.at(None)) - 199) <= 1
    assert store.at(1e9)[0] == store.at(None)[0]


def test_of_a_live_source_the_last_minutes_stay_and_what_is_pinned(tmp_path):
    store = FrameStore(tmp_path / "p", keep=30, keep_pinned=20)
    fill(store, 20)
    store.pin(3, 8)
    fill(store, 100, begin=20)
    assert store.at(5.0)[0] == 5.0  # pinned
    assert store.at(15.0)[0] < 10  # the last before that is left
    assert store.at(100.0)[0] == 100.0
    files = len(list((tmp_path / "p").iterdir()))
    assert files == 1 + 4  # the pinned one, and those since 80 s
    for begin in range(120, 300, 20):
        fill(store, 20, begin=begin)
        store.pin(begin, begin + 20)
    assert len(list((tmp_path / "p").iterdir())) <= 2 + 5
    assert store.at(5.0)[0] > 100


def test_nothing_is_left_and_nothing_comes_after_the_end(tmp_path):
    store = FrameStore(tmp_path / "p")
    fill(store, 1)
    store.close()
    fill(store, 1)
    assert not (tmp_path / "p").exists() and store.at(None) is None


def test_pictures_are_made_small_and_keep_their_colors():
    image = np.zeros((900, 1600, 3), np.uint8)
    image[..., 0] = 200
    small = cv2.imdecode(np.frombuffer(encode_jpeg(image), np.uint8), 1)
    assert small.shape == (270, 480, 3)
    assert np.allclose(small.mean((0, 1)), (0, 0, 200), atol=4)  # OpenCV: BGR


def test_what_a_full_disk_cut_off_harms_no_other_picture(tmp_path):
    store = FrameStore(tmp_path / "p")
    fill(store, 1)
    with open(tmp_path / "p" / "000000", "ab") as file:
        file.write(b"half a picture")
    fill(store, 1, begin=1.0)
    assert all(abs(shade(store.at(n / 5 + 0.01)) - n) < 2 for n in range(10))
