"""What lies before what in each frame, decided over the whole clip, so that no part jumps between two depths."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from videos.studio.dancer.drawing.foreshortening import steadied
from videos.studio.dancer.motion.kinematics import TILT, project
from videos.studio.dancer.motion.rig import Pose

SIDES = (("l", -1), ("r", 1))
# Degrees of yaw. Beyond the first number the body is seen from the side or from behind, until it is below the second.
SIDE_FROM, SIDE_UNTIL = 62, 48
BACK_FROM, BACK_UNTIL = 120, 100
HEAD_BACK_FROM, HEAD_BACK_UNTIL = 115, 105
# 0.6 of a quarter turn. The head in the photo looks at the viewer and is mirrored for the other side only beyond that.
MIRROR_FROM, MIRROR_UNTIL = 54, 40
# In seconds. A back or a mirrored head that is shown for less is taken for a flash.
BACK_SECONDS, MIRROR_SECONDS = 0.2, 0.5
# Degrees of pitch of a foot. Beyond the first, a shoe that is drawn with its toes level would look like a box.
POINTED_FROM, POINTED_UNTIL = 18, 12
# U above the shoulder.
RAISED_FROM, RAISED_UNTIL = 0.1, -0.05
# Half of the torso's width and the length over which an arm leaves it, in U.
TORSO, EDGE = 0.26, 0.12
HEAD_RADIUS = 0.8  # U; a hand nearer to the middle of the head overlaps it
UPSIDE_DOWN = 0.34  # The torso's up points down or is level if its height is below this (70 degrees of lean).
# Costs: of a frame in the wrong depth, of a change in free space and over the body, and of another view of a foot.
CHANGE, OVERLAP, JUMP, FOOT_CHANGE = 0.05, 0.3, 1000.0, 1.2
LEGS_APART, ARMS_APART = 0.34, 0.4  # U; nearer limbs cover each other


class View(IntEnum):
    """What is seen of the body or of a foot."""

    FRONT = 0
    SIDE = 1
    BACK = 2


class Depth(IntEnum):
    """Where an arm lies: behind the torso, between torso and head, or before the head."""

    BEHIND = 0
    BEFORE = 1
    OVER = 2


@dataclass(frozen=True, slots=True)
class Look:
    """How one frame is layered.

    ``arms``, ``raised`` and ``feet`` are by side, "l" and "r". ``raised`` hands are above their shoulder, and
    ``pointed`` feet have their toes down. ``legs`` and ``arm_order`` are the sides from back to front. ``mirrored`` is
    a head that looks to the left of the picture. ``turns`` are the degrees by which limbs that point at the viewer are
    drawn turned, by "forearm_l" and so on.
    """

    body: View
    arms: dict[str, Depth]
    arm_order: tuple[str, str]
    raised: dict[str, bool]
    legs: tuple[str, str]
    feet: dict[str, View]
    pointed: dict[str, bool]
    head_back: bool
    mirrored: bool
    turns: dict[str, float]


def looks(poses: Sequence[Pose], fps: float = 30) -> list[Look]:
    """Return how each frame of a clip is layered. The clip repeats: the last frame comes before the first."""
    yaws = np.array([_wrapped(pose.yaw) for pose in poses])
    turns = np.array([_wrapped(pose.head_turn) for pose in poses])
    behind = _steady(with_hysteresis(np.abs(yaws), BACK_FROM, BACK_UNTIL), BACK_SECONDS * fps)
    aside = with_hysteresis(np.abs(yaws), SIDE_FROM, SIDE_UNTIL)
    bodies = [
        View.BACK if back else View.SIDE if side else View.FRONT for back, side in zip(behind, aside, strict=True)
    ]
    away = with_hysteresis(np.abs(turns), HEAD_BACK_FROM, HEAD_BACK_UNTIL)
    # The head in the photo looks at the viewer: on a back it would be an owl's.
    head_back = _steady([back or turned for back, turned in zip(behind, away, strict=True)], BACK_SECONDS * fps)
    left = with_hysteresis(-turns, MIRROR_FROM, MIRROR_UNTIL)
    # A head is not mirrored for the frames of a back that is not shown.
    mirrored = [
        aside and body is not View.FRONT and not back for aside, body, back in zip(left, bodies, head_back, strict=True)
    ]
    mirrored = without_short(mirrored, MIRROR_SECONDS * fps)
    arms = {name: _arm(poses, name) for name, _ in SIDES}
    feet = {name: _foot(poses, name, sign) for name, sign in SIDES}
    raised = {name: with_hysteresis(_rise(poses, name), RAISED_FROM, RAISED_UNTIL) for name, _ in SIDES}
    pointed = {name: with_hysteresis(_pitch(poses, name), POINTED_FROM, POINTED_UNTIL) for name, _ in SIDES}
    legs = _order(poses, ("knee", "ankle"), LEGS_APART, _leg_depth)
    steady = steadied(poses, fps)
    arm_order = _order(poses, ("elbow", "hand"), ARMS_APART, _arm_depth)
    return [
        Look(
            bodies[i],
            {name: Depth(arms[name][i]) for name in arms},
            arm_order[i],
            {name: raised[name][i] for name in raised},
            legs[i],
            {name: View(feet[name][i]) for name in feet},
            {name: pointed[name][i] for name in pointed},
            head_back[i],
            mirrored[i],
            steady[i],
        )
        for i in range(len(poses))
    ]


def with_hysteresis(values: np.ndarray, above: float, below: float) -> list[bool]:
    """Return what is True from ``above`` on until it is less than ``below``. The values repeat."""
    state = bool(values[0] > (above + below) / 2)
    result: list[bool] = []
    for value in [*values, *values]:
        state = value > above if not state else value >= below
        result.append(bool(state))
    return result[len(values) :]


def without_short(values: Sequence[bool], least: float) -> list[bool]:
    """Return ``values`` with every run of True that is shorter than ``least`` frames set to False. They repeat."""
    result = list(values)
    if all(result) or not any(result):
        return result
    first = result.index(False)  # No run goes on beyond it.
    start = first
    for at in range(first, first + len(result) + 1):
        if not values[at % len(result)]:
            if at - start - 1 < least - 0.5:  # rounded to whole frames
                for short in range(start + 1, at):
                    result[short % len(result)] = False
            start = at
    return result


def _steady(values: Sequence[bool], least: float) -> list[bool]:
    """Return ``values`` without runs of either kind that are shorter than ``least`` frames."""
    closed = [not value for value in without_short([not value for value in values], least)]
    return without_short(closed, least)


def steadiest(wrong: np.ndarray, change: np.ndarray) -> list[int]:
    """Return one state per frame with the least sum of costs (Viterbi's algorithm). The frames repeat.

    ``wrong`` (frames, states) is what a state costs in a frame. ``change`` (frames, states, states) is what a change
    from one state to another costs between the frame before and this one.
    """
    frames, states = wrong.shape
    each, costs, changes = range(states), wrong.tolist(), change.tolist()
    # The middle one of three turns neither begins nor ends, so that it meets itself.
    total, came = costs[0], [[0] * states]
    for at in range(1, 3 * frames):
        step = changes[at % frames]
        rows = [[total[i] + step[i][j] for i in each] for j in each]
        least = [min(row) for row in rows]
        came.append([row.index(low) for row, low in zip(rows, least, strict=True)])
        total = [low + cost for low, cost in zip(least, costs[at % frames], strict=True)]
    path = [total.index(min(total))]
    for at in range(3 * frames - 1, 0, -1):
        path.append(came[at][path[-1]])
    return path[::-1][frames : 2 * frames]


def _arm(poses: Sequence[Pose], name: str) -> list[int]:
    wrong, change = np.zeros((len(poses), 3)), np.zeros((len(poses), 3, 3))
    for at, pose in enumerate(poses):
        joints = pose.joints
        elbow, hand = joints[f"elbow_{name}"], joints[f"hand_{name}"]
        forward = float((elbow[2] + hand[2]) / 2 - joints["chest"][2]) + 0.05
        over = is_over_head(pose, name)
        wrong[at] = (10 * max(forward, 0), 10 * max(-forward, 0), 0 if over else 4)
        if over:
            wrong[at, :2] += 4
        on_torso, on_head = _over_torso(pose, elbow, hand), _near(hand, joints["head"], HEAD_RADIUS)
        behind, before = _cost(on_torso), _cost(on_head)
        change[at] = [[0, behind, behind + before], [behind, 0, before], [behind + before, before, 0]]
    return steadiest(wrong, np.maximum(change, np.roll(change, 1, axis=0)))


def _rise(poses: Sequence[Pose], name: str) -> np.ndarray:
    """Return how high a hand is above its shoulder in each frame."""
    return np.array([pose.joints[f"hand_{name}"][1] - pose.joints[f"shoulder_{name}"][1] for pose in poses])


def _pitch(poses: Sequence[Pose], name: str) -> np.ndarray:
    return np.array([pose.feet[name].pitch for pose in poses])


def is_over_head(pose: Pose, name: str) -> bool:
    """Whether a hand is before the head on purpose. Nobody hides its face upside down."""
    return pose.covers[name] and bool(pose.up[1] > UPSIDE_DOWN)


def _cost(overlap: float) -> float:
    return CHANGE + (JUMP if overlap > OVERLAP else 4 * overlap)


def _over_torso(pose: Pose, elbow: np.ndarray, hand: np.ndarray) -> float:
    """Return the share of the forearm (0 to 1) that lies on the torso."""
    hip, neck = project(pose.joints["hip"]), project(pose.joints["neck"])
    axis = neck - hip
    points = np.array([project(elbow), project((elbow + hand) / 2), project(hand)]) - hip
    along = np.clip(points @ axis / max(axis @ axis, 1e-6), 0, 1)
    away = np.hypot(*(points - along[:, None] * axis).T)
    return float(np.clip((TORSO + EDGE - away) / EDGE, 0, 1).mean())


def _near(one: np.ndarray, other: np.ndarray, radius: float) -> float:
    """Return 1 for two points that meet in the picture, and 0 from ``radius`` on."""
    x, y, z = (one - other).tolist()
    return max(0.0, 1 - math.hypot(x, y - TILT * z) / radius)


def _foot(poses: Sequence[Pose], name: str, sign: int) -> list[int]:
    wrong = np.zeros((len(poses), 3))
    for at, pose in enumerate(poses):
        turn = abs(_wrapped(pose.yaw + sign * pose.feet[name].turnout))
        wrong[at] = (max(0, turn - 45), max(0, 45 - turn, turn - 135), max(0, 135 - turn))
    change = np.broadcast_to(FOOT_CHANGE * (1 - np.eye(3)), (len(poses), 3, 3))
    return steadiest(wrong / 45, change)


def _order(
    poses: Sequence[Pose], joints: tuple[str, str], apart: float, depth: Callable[[Pose, str], float]
) -> list[tuple[str, str]]:
    """Return the sides from back to front by frame. Limbs whose joints are nearer than ``apart`` do not change."""
    wrong, change = np.zeros((len(poses), 2)), np.zeros((len(poses), 2, 2))
    for at, pose in enumerate(poses):
        ahead = depth(pose, "r") - depth(pose, "l")
        wrong[at] = (max(0, -ahead), max(0, ahead))
        ends = {side: [pose.joints[f"{joint}_{side}"] for joint in joints] for side in "lr"}
        close = max(_near(left, right, apart) for left in ends["l"] for right in ends["r"])
        change[at] = _cost(close) * (1 - np.eye(2))
    return [("l", "r") if state == 0 else ("r", "l") for state in steadiest(10 * wrong, change)]


def _leg_depth(pose: Pose, name: str) -> float:
    joints = pose.joints
    return float(joints[f"knee_{name}"][2] + 0.5 * joints[f"hip_{name}"][2] + 0.5 * joints[f"ankle_{name}"][2])


def _arm_depth(pose: Pose, name: str) -> float:
    return float(pose.joints[f"hand_{name}"][2])


def _wrapped(degrees: float) -> float:
    return (degrees + 180) % 360 - 180
