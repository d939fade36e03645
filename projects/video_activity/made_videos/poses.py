"""How a figure stands, walks, runs, talks, stoops, strikes and falls: its joints.

Lengths are in meters. A joint is (forward, side, up), from the ground below the
figure; the figure is 1.75 tall.
"""

from dataclasses import dataclass

import numpy as np

_THIGH = _SHIN = 0.46
_UPPER_ARM, _FOREARM = 0.31, 0.29
_TORSO, _NECK = 0.52, 0.2
_HIP = 0.9  # height of the hips of one who stands
_HIP_SIDE, _SHOULDER_SIDE = 0.09, 0.19
RUNNING = 2.2  # meters per second; who is faster runs
FALLEN = 1.45  # radians that one who lies is turned by

_ROUND = 2 * np.pi
_BLOWS = 2.1  # per second


@dataclass(frozen=True)
class Pose:
    """What a figure does at a moment.

    Attributes:
        action: "go", "sneak", "talk", "look", "stoop", "strike", "kick", "reel",
            "fall" or "rise"; who goes without speed stands.
        speed: Meters per second.
        phase: Of the gait, radians; one round is two steps.
        time: Seconds, for what swings.
        progress: 0 at the beginning of the action, 1 at its end.
    """

    action: str
    speed: float = 0.0
    phase: float = 0.0
    time: float = 0.0
    progress: float = 0.0


def find_joints(pose: Pose) -> dict[str, np.ndarray]:
    """Return the joints of a pose, float64 `(3,)` each.

    Returns:
        "head", "neck", "hip", and with " left" or " right" behind them "shoulder",
        "elbow", "hand", "hip", "knee", "foot".
    """
    bend, lean = _bend(pose), _lean(pose)
    moving = min(pose.speed, 1.0)
    bounce = 0.03 * moving * abs(np.sin(pose.phase))
    hip = np.array([_lunge(pose), 0.0, _HIP * (1 - 0.4 * bend) + bounce])
    spine = np.array([np.sin(lean), 0.0, np.cos(lean)])
    neck = hip + _TORSO * spine
    joints = {"hip": hip, "neck": neck, "head": neck + _NECK * spine}
    for name, sign in (("left", 1), ("right", -1)):
        side = np.array([0.0, sign, 0.0])
        foot = _foot(pose, sign) + _HIP_SIDE * side
        leg = hip + _HIP_SIDE * side
        joints[f"hip {name}"] = leg
        joints[f"knee {name}"] = _middle(leg, foot, _THIGH, _SHIN, 1)
        joints[f"foot {name}"] = foot
        shoulder = neck - 0.05 * spine + _SHOULDER_SIDE * side
        hand = shoulder + _hand(pose, sign)
        joints[f"shoulder {name}"] = shoulder
        joints[f"elbow {name}"] = _middle(shoulder, hand, _UPPER_ARM, _FOREARM, -1)
        joints[f"hand {name}"] = hand
    return _tip_over(joints, _fall(pose))


def _bend(pose: Pose) -> float:
    """Return how far the knees give: 0 upright, 1 squatting."""
    if pose.action == "stoop":
        return float(np.clip(4 * min(pose.progress, 1 - pose.progress), 0.3, 1))
    return {"sneak": 0.45, "strike": 0.2, "kick": 0.15, "reel": 0.25}.get(
        pose.action, 0.0
    )


def _lean(pose: Pose) -> float:
    """Return how far the back leans forward, radians."""
    if pose.action == "go" and pose.speed > RUNNING:
        return 0.28
    swing = _blow(pose.time)
    moving = {"strike": 0.15 + 0.3 * swing, "reel": 0.15 - 0.55 * swing}
    still = {"sneak": 0.5, "stoop": 0.65, "kick": -0.2, "talk": 0.03}
    return (moving | still).get(pose.action, 0.04)


def _lunge(pose: Pose) -> float:
    """Return how far the hips go before the feet, meters."""
    reach = {"strike": 0.3, "kick": 0.1, "reel": -0.3}.get(pose.action, 0.0)
    return reach * _blow(pose.time)


def _fall(pose: Pose) -> float:
    """Return by what angle the whole figure has fallen on its back, radians."""
    if pose.action == "fall":  # down in the first quarter, then it lies
        return FALLEN * min(1.0, 4 * pose.progress) ** 2
    return FALLEN * (1 - pose.progress) if pose.action == "rise" else 0.0


def _foot(pose: Pose, sign: int) -> np.ndarray:
    if pose.action == "kick" and sign > 0:
        swing = _blow(pose.time)
        return np.array([-0.2 + 0.9 * swing, 0.0, 0.05 + 0.35 * swing])
    if pose.action in ("strike", "reel"):
        return np.array([0.25 * sign, 0.0, 0.0])
    if pose.action == "fall":  # one who lies kicks about
        return np.array([0.15 * np.sin(7 * pose.time + sign), 0.0, 0.1 + 0.1 * sign])
    if pose.speed < 0.1 or pose.action == "rise":
        return np.array([0.05 * sign, 0.0, 0.0])
    # Half of the round on the ground, half in the air.
    step = min(0.18 + 0.16 * pose.speed, 0.55)
    phase = pose.phase + (np.pi if sign < 0 else 0.0)
    lift = (0.07 + 0.06 * pose.speed) * max(0.0, -np.sin(phase))
    return np.array([step * np.cos(phase), 0.0, lift])


def _hand(pose: Pose, sign: int) -> np.ndarray:
    """Return where a hand is, seen from its shoulder."""
    swing = _blow(pose.time)
    if pose.action == "strike":  # left and right in turns
        turn = np.floor(_BLOWS * pose.time) % 2 == (sign > 0)
        return np.array([0.25 + (0.4 * swing if turn else 0.0), 0.0, 0.02])
    if pose.action == "reel":
        return np.array([0.28, 0.0, 0.12 + 0.12 * swing])
    if pose.action in ("fall", "rise", "kick"):
        return np.array([0.3, 0.0, -0.15 + 0.2 * np.sin(6 * pose.time + sign)])
    if pose.action == "stoop":
        return np.array([0.42, 0.0, -0.2 + 0.08 * np.sin(9 * pose.time + sign)])
    if pose.action == "talk":
        beat = np.sin(_ROUND * 0.6 * pose.time + sign)
        return np.array([0.25, 0.0, -0.35 + 0.12 * max(0.0, beat)])
    if pose.speed > RUNNING:
        bent = 0.35 * sign * np.sin(pose.phase + np.pi / 2)
        return np.array([0.1 - bent, 0.0, -0.22])
    arc = 0.22 * min(pose.speed, 1.5) * sign * np.cos(pose.phase)
    return np.array([-arc, 0.0, -0.55])


def _blow(time: float) -> float:
    """Return how far a blow has got: quickly out, slowly back."""
    return float(max(0.0, np.sin(_ROUND * _BLOWS * time)) ** 0.7)


def _middle(
    root: np.ndarray, end: np.ndarray, upper: float, lower: float, way: int
) -> np.ndarray:
    """Return the knee or elbow between two ends, bent forward (1) or back (-1)."""
    reach = end - root
    length = np.clip(np.linalg.norm(reach), 0.05, upper + lower - 1e-3)
    along = (upper**2 - lower**2 + length**2) / (2 * length)
    out = np.sqrt(max(upper**2 - along**2, 0.0))
    unit = reach / max(np.linalg.norm(reach), 1e-6)
    across = np.array([-unit[2], 0.0, unit[0]]) * way
    return root + along * unit + out * across


def _tip_over(joints: dict[str, np.ndarray], angle: float) -> dict[str, np.ndarray]:
    if not angle:
        return joints
    sin, cos = np.sin(angle), np.cos(angle)
    turn = np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]])
    lift = np.array([0, 0, 0.12 * sin])  # a body has some thickness
    return {name: turn @ joint + lift for name, joint in joints.items()}
