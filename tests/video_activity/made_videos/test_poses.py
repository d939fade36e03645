import numpy as np
import pytest

from projects.video_activity.made_videos.poses import Pose, find_joints

ACTIONS = "go sneak talk look stoop strike kick reel fall rise".split()
PHASES = np.linspace(0, 2 * np.pi, 9)


def _poses(action):
    for phase in PHASES:
        for speed in (0.0, 1.2, 3.0):
            yield Pose(action, speed, phase, time=phase, progress=phase / 7)


@pytest.mark.parametrize("action", ACTIONS)
def test_arms_and_legs_do_not_grow(action):
    for joints in map(find_joints, _poses(action)):
        for a, b, length in (("hip", "knee", 0.46), ("shoulder", "elbow", 0.31)):
            for side in ("left", "right"):
                limb = joints[f"{a} {side}"] - joints[f"{b} {side}"]
                assert np.linalg.norm(limb) == pytest.approx(length, abs=0.03)


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_sinks_into_the_ground(action):
    lowest = min(j[2] for pose in _poses(action) for j in find_joints(pose).values())
    assert lowest > -0.06


def test_one_foot_is_on_the_ground_in_every_phase_of_a_walk():
    for phase in PHASES:
        joints = find_joints(Pose("go", 1.2, phase))
        assert min(joints["foot left"][2], joints["foot right"][2]) == pytest.approx(0)


def test_a_head_is_high_up_lower_when_stooping_and_down_after_a_fall():
    heights = [
        find_joints(Pose(action, progress=0.5))["head"][2]
        for action in ("go", "sneak", "stoop", "fall")
    ]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] == pytest.approx(1.62, abs=0.02)
    assert heights[-1] < 0.4


def test_blows_come_from_both_hands_and_reach_out():
    times = np.linspace(0, 2, 81)
    reach = {
        side: [
            find_joints(Pose("strike", time=t))[f"hand {side}"][0]
            - find_joints(Pose("strike", time=t))["neck"][0]
            for t in times
        ]
        for side in ("left", "right")
    }
    for side in reach:
        assert max(reach[side]) - min(reach[side]) > 0.3


def test_legs_of_a_walk_swing_against_each_other():
    joints = find_joints(Pose("go", 1.2, phase=0.0))
    assert joints["foot left"][0] == pytest.approx(-joints["foot right"][0])
    assert joints["foot left"][0] > 0.2
