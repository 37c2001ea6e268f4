"""Shoes and hands on the floor: how they are turned, and the limbs above them, so that none is below it or hovers."""

import math
from dataclasses import dataclass, replace

import numpy as np

from videos.studio.dancer.drawing.layering import View
from videos.studio.dancer.motion.kinematics import TILT, solve_limb
from videos.studio.dancer.motion.rig import Pose

# A foot at this height in U is free: it turns with its shin. The lower it is, the more it keeps to the floor.
FREE_FROM, FREE = 0.02, 0.17
# Degrees between sole and shin, seen from the side and from the front. A free foot bends as far, and less again as the
# shin points up: upside down not at all. On its toes it turns more with the shin the higher its heel is.
ANKLE_SIDE, ANKLE_FRONT = 45.0, 18.0
ON_TOES_FROM, ON_TOES = 20.0, 60.0  # degrees of pitch
# A shoe that is seen from the front is drawn longer by up to this factor, and narrower, while its toes point down.
POINTED, NARROW = 1.5, 0.12
POINTED_FROM = 8.0  # degrees of pitch
# The pitch at which pointed shoes are drawn from the side, in degrees, and how much shorter or longer they may be.
DRAWN_PITCH, POINTED_SCALE = 90.0, (0.6, 1.35)
SINK = 0.22  # U; a sole above the floor is lowered by at most this
LONGEST = 1.2  # A leg is stretched by at most this factor to reach the floor.
HAND_ON_FLOOR = 0.3  # U; a hand below this height leans on the floor.
# U; an elbow is at least this high. Its bend is turned upwards by at most this much for it.
ELBOW, STEEPEST = 0.1, 3.0
PALM = 0.04  # U; a hand that leans on the floor sinks in by this, because it is drawn round.


@dataclass(frozen=True, slots=True)
class Footing:
    """A leg and its shoe. ``knee`` and ``ankle`` are points in the world.

    ``angle`` is the shoe's turn in degrees clockwise. ``across`` and ``along`` scale the drawn shoe, and a negative
    ``across`` mirrors it.
    """

    knee: np.ndarray
    ankle: np.ndarray
    angle: float
    across: float
    along: float


def footing(pose: Pose, name: str, view: View, outline: np.ndarray, *, pointed: bool) -> Footing:
    """Return where a leg's knee, ankle and shoe are.

    ``outline`` (n, 2) is the shoe's, in U from its ankle, y down. A ``pointed`` shoe is drawn with its toes down.
    """
    joints, foot = pose.joints, pose.feet[name]
    sign = -1 if name == "l" else 1
    lowest = min(float(joints[f"{part}_{name}"][1]) for part in ("toe", "heel"))
    free = _share(lowest, FREE_FROM, FREE)
    yaw = math.radians(pose.yaw + sign * foot.turnout)
    depth, needed = float(outline[:, 1].max()), float(joints[f"ankle_{name}"][1]) - lowest
    along = min(max(needed / depth, POINTED_SCALE[0]), POINTED_SCALE[1]) if pointed else 1.0
    if view is View.SIDE:
        across = math.copysign(1, math.sin(yaw))
        flat = across * (foot.pitch - (DRAWN_PITCH if pointed else 0))
    else:
        across, flat = float(sign if view is View.FRONT else -sign), 0.0
        if not pointed and foot.pitch > POINTED_FROM:
            along = min(max(needed / depth, 1.0), POINTED)
            across *= 1 - NARROW * (along - 1) / (POINTED - 1)
    bend = ANKLE_SIDE if view is View.SIDE else ANKLE_FRONT
    loose = free if view is View.SIDE else max(free, _share(foot.pitch, ON_TOES_FROM, ON_TOES))
    angle = flat + loose * _wrapped(_with_shin(flat, _shin_angle(pose, name), bend) - flat)
    # A foot that leans on its toes turns around them, and not around its ankle.
    aside = 0.0 if view is View.SIDE else (1 - free) * depth * along * math.sin(math.radians(angle))
    knee, ankle = _on_floor(pose, name, _reach_down(outline, angle, across, along), lowest, free, aside)
    return Footing(knee, ankle, angle, across, along)


def lifted(pose: Pose, by: float) -> Pose:
    """Return the pose with its body ``by`` U higher. Feet and hands that are on the floor stay there."""
    up = np.array([0.0, by, 0.0])
    joints = {name: point + up for name, point in pose.joints.items()}
    for name in ("l", "r"):
        if pose.feet[name].is_grounded:
            joints |= {f"{part}_{name}": pose.joints[f"{part}_{name}"] for part in ("ball", "toe", "heel")}
            _reach(pose, joints, (f"hip_{name}", f"knee_{name}", f"ankle_{name}"))
        if pose.joints[f"hand_{name}"][1] < HAND_ON_FLOOR:
            _reach(pose, joints, (f"shoulder_{name}", f"elbow_{name}", f"hand_{name}"))
    return replace(pose, joints=joints)


def _reach(pose: Pose, joints: dict[str, np.ndarray], limb: tuple[str, str, str]) -> None:
    """Bend a limb whose start was moved so that its end is where the pose has it, as far as it reaches."""
    start, middle, end = (pose.joints[name] for name in limb)
    upper, lower = math.dist(middle, start), math.dist(end, middle)
    joints[limb[1]], joints[limb[2]], _ = solve_limb(joints[limb[0]], end, upper, lower, middle - start, LONGEST)


def grip(pose: Pose, name: str, outline: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where an arm's elbow and wrist are. ``outline`` (n, 2) is the hand's, in U from its wrist, y down."""
    shoulder, elbow, hand = (pose.joints[f"{joint}_{name}"] for joint in ("shoulder", "elbow", "hand"))
    most = float(np.hypot(outline[:, 0], outline[:, 1]).max())
    if hand[1] > most and elbow[1] > ELBOW:
        return elbow, hand
    upper, lower = math.dist(elbow, shoulder), math.dist(hand, elbow)
    # The hand turns with the forearm, which turns as the hand is raised.
    for _ in range(3):
        elbow = _raised_elbow(shoulder, elbow, hand, upper, lower)
        way = hand - elbow
        down = _reach_down(outline, math.degrees(math.atan2(-way[0], -way[1])), -1 if name == "l" else 1, 1)
        hand = hand + np.array([0.0, max(down - PALM - float(hand[1]), 0.0), 0.0])
    elbow, hand, _ = solve_limb(shoulder, hand, upper, lower, elbow - shoulder, 1.0)
    return elbow, hand


def _raised_elbow(shoulder: np.ndarray, elbow: np.ndarray, hand: np.ndarray, upper: float, lower: float) -> np.ndarray:
    """Return an elbow that bends up as far as it needs to stay above the floor."""
    least, most = 0.0, STEEPEST
    if elbow[1] >= ELBOW:
        return elbow
    pole = elbow - shoulder
    for _ in range(8):
        upwards = (least + most) / 2
        elbow = solve_limb(shoulder, hand, upper, lower, pole + np.array([0.0, upwards, 0.0]), 1.0)[0]
        least, most = (least, upwards) if elbow[1] > ELBOW else (upwards, most)
    return elbow


def _on_floor(
    pose: Pose, name: str, down: float, lowest: float, free: float, aside: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the knee and the ankle of a shoe that reaches ``down`` U below its ankle, moved ``aside`` by so much."""
    joints = pose.joints
    hip, knee, ankle = joints[f"hip_{name}"], joints[f"knee_{name}"], joints[f"ankle_{name}"]
    # The picture's row of the floor under the foot is that of its ball.
    gap = float(ankle[1] - TILT * (ankle[2] - joints[f"ball_{name}"][2])) - down
    wanted = min(max(gap, 0.0), max(lowest, 0.0) + free)
    shift = max(wanted - gap, -SINK)
    if abs(shift) + abs(aside) < 1e-4:
        return knee, ankle
    goal = ankle + np.array([aside, shift, 0.0])
    thigh, shin = math.dist(knee, hip), math.dist(ankle, knee)
    middle, end, _ = solve_limb(hip, goal, thigh, shin, knee - hip, LONGEST)
    return middle, end


def _shin_angle(pose: Pose, name: str) -> float:
    """Return how far a shin is turned from hanging down, in degrees clockwise."""
    way = pose.joints[f"ankle_{name}"] - pose.joints[f"knee_{name}"]
    return math.degrees(math.atan2(-way[0], -way[1]))


def _with_shin(flat: float, shin: float, most: float) -> float:
    """Return the angle of a free foot whose sole would be at ``flat`` on the floor and that bends by ``most``."""
    bend = _wrapped(flat - shin)
    if abs(bend) > most:
        bend = math.copysign(most * (180 - abs(bend)) / (180 - most), bend)
    return shin + bend


def _share(value: float, start: float, end: float) -> float:
    """Return 0 up to ``start``, 1 from ``end`` on, and a share between."""
    return min(max((value - start) / (end - start), 0.0), 1.0)


def _reach_down(outline: np.ndarray, angle: float, across: float, along: float) -> float:
    """Return how far below its ankle a turned shoe reaches, in U."""
    sin, cos = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    return float((outline[:, 0] * (across * sin) + outline[:, 1] * (along * cos)).max())


def _wrapped(degrees: float) -> float:
    return (degrees + 180) % 360 - 180
