"""The dancer as a black figure: a strip of moments, or frames, to judge a choreography by its outline alone."""

import math
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from videos.studio.dancer.motion.kinematics import project, turn_in_picture
from videos.studio.dancer.motion.rig import Pose, Rig
from videos.studio.dancer.motion.skeleton import Skeleton

# What is seen of the world, in U: left, right, bottom, top.
VIEW = (-1.65, 1.65, -0.18, 3.55)
SHARPNESS = 2  # The figure is drawn this many times larger and reduced.
SHIFT = 4
PAPER, FLOOR, BLACK, LINE = 255, 205, 0, 150
ROUND = np.stack([np.cos(np.arange(24) * np.pi / 12), np.sin(np.arange(24) * np.pi / 12)], 1)

Discs = Sequence[tuple[np.ndarray, float]]


def strip(rig: Rig, beats: Sequence[float], *, unit: int = 60, columns: int = 8, lines: bool = False) -> np.ndarray:
    """Return the figure at ``beats``, ``columns`` in a row, as a grey picture (uint8); U has ``unit`` pixels.

    ``lines`` draws the outlines of the limbs.
    """
    cells = [draw(pose, rig.skeleton, unit=unit, lines=lines) for pose in rig.poses(np.array(beats))]
    for cell in cells:
        cell[:, -1] = cell[-1] = 225
    while len(cells) % columns:
        cells.append(np.full_like(cells[0], PAPER))
    return np.vstack([np.hstack(cells[at : at + columns]) for at in range(0, len(cells), columns)])


def draw(pose: Pose, skeleton: Skeleton, *, unit: int = 60, lines: bool = False) -> np.ndarray:
    """Return one moment as a grey picture (uint8)."""
    scale = unit * SHARPNESS
    left, right, bottom, top = VIEW
    image = np.full((round((top - bottom) * scale), round((right - left) * scale)), PAPER, np.uint8)
    cv2.line(image, (0, round(top * scale)), (image.shape[1], round(top * scale)), FLOOR, SHARPNESS)
    shapes = [*_body(pose), *_limbs(pose, skeleton), *_tail(pose, skeleton), *_head(pose)]
    for _, points in sorted(shapes, key=lambda shape: shape[0]):
        placed = np.stack([points[:, 0] - left, top - points[:, 1]], 1) * scale
        fixed = [np.round(placed * (1 << SHIFT)).astype(np.int32)]
        cv2.fillPoly(image, fixed, BLACK, cv2.LINE_AA, SHIFT)
        if lines:
            cv2.polylines(image, fixed, True, LINE, SHARPNESS, cv2.LINE_AA, SHIFT)
    size = (image.shape[1] // SHARPNESS, image.shape[0] // SHARPNESS)
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def _hull(discs: Discs) -> np.ndarray:
    """Return the outline around discs (centre, radius)."""
    points = np.concatenate([centre + radius * ROUND for centre, radius in discs])
    return cv2.convexHull(points.astype(np.float32))[:, 0]


def _body(pose: Pose) -> list[tuple[float, np.ndarray]]:
    at = {name: project(joint) for name, joint in pose.joints.items()}
    depth = float(pose.joints["hip"][2])
    belly = project(pose.joints["hip"] - pose.forward * 0.06)
    breast = project(pose.joints["chest"] + pose.forward * 0.05)
    between = [(0.8 * at[f"hip_{side}"] + 0.2 * at["hip"], 0.115) for side in "lr"]
    between += [(0.8 * at[f"shoulder_{side}"] + 0.2 * at["chest"], 0.09) for side in "lr"]
    return [
        (depth, _hull([(at["hip_l"], 0.135), (at["hip_r"], 0.135), (belly, 0.14)])),
        (depth + 0.001, _hull([*between, (breast, 0.13)])),
        (depth - 0.01, _hull([(at["chest"], 0.12), (at["neck"], 0.10), (at["head"], 0.10)])),
    ]


def _limbs(pose: Pose, skeleton: Skeleton) -> list[tuple[float, np.ndarray]]:
    shapes = []
    for side in "lr":
        joint = {name: pose.joints[f"{name}_{side}"] for name in ("hip", "knee", "ankle", "heel", "toe")}
        at = {name: project(point) for name, point in joint.items()}
        depth = float(joint["knee"][2] + joint["hip"][2]) / 2
        if not skeleton.sits:
            shapes.append((depth, _hull([(at["hip"], 0.135), (at["knee"], 0.105)])))
            shapes.append((depth, _hull([(at["knee"], 0.105), (at["ankle"], 0.075)])))
        sole = [(at["heel"] + (0, 0.045), 0.06), (at["ankle"], 0.07), (at["toe"] + (0, 0.05), 0.065)]
        shapes.append((depth + 0.01, _hull(sole)))
        shoulder, elbow, hand = (pose.joints[f"{name}_{side}"] for name in ("shoulder", "elbow", "hand"))
        depth = float(elbow[2] + hand[2]) / 2
        depth += 0.2 if depth > pose.joints["chest"][2] - 0.05 else -0.2
        along = hand - elbow
        along = project(along / max(float(np.linalg.norm(along)), 1e-6))
        shapes.append((depth, _hull([(project(shoulder), 0.095), (project(elbow), 0.08)])))
        shapes.append((depth, _hull([(project(elbow), 0.08), (project(hand), 0.07)])))
        shapes.append((depth + 0.02, _hull([(project(hand), 0.12), (project(hand) + along * 0.09, 0.115)])))
    return shapes


def _tail(pose: Pose, skeleton: Skeleton) -> list[tuple[float, np.ndarray]]:
    points = tail_points(pose, skeleton)
    depth = float(points[0][2]) - (0.3 if pose.forward[2] > 0 else -0.3)
    return [
        (depth, _hull([(project(start), 0.085 - 0.006 * number), (project(end), 0.08 - 0.006 * number)]))
        for number, (start, end) in enumerate(pairwise(points))
    ]


def tail_points(pose: Pose, skeleton: Skeleton) -> list[np.ndarray]:
    """Return the five joints (x, y, z) of the tail, from its root."""
    swing, lift = (math.radians(angle) for angle in pose.tail)
    points = [pose.joints["hip"] - pose.forward * 0.10]
    for _ in range(4):
        level = pose.right * math.sin(swing) - pose.forward * math.cos(swing)
        points.append(points[-1] + (level * math.cos(lift) + pose.up * math.sin(lift)) * skeleton.tail)
        lift, swing = lift + 0.3, swing * 1.1
    return points


def _head(pose: Pose) -> list[tuple[float, np.ndarray]]:
    """Return a round head with two ears, and a muzzle if it is seen from the side."""
    middle, depth = project(pose.joints["head"]), float(pose.joints["head"][2]) + 0.05
    sin, cos = math.sin(math.radians(pose.head_turn)), math.cos(math.radians(pose.head_turn))

    def placed(points: Sequence[tuple[float, float]] | np.ndarray) -> np.ndarray:
        return np.array([middle + turn_in_picture(np.array([x, y, 0.0]), pose.head_tilt)[:2] for x, y in points])

    angles = np.arange(48) * np.pi / 24
    skull = np.stack([0.5 * (0.93 + 0.07 * abs(cos)) * np.cos(angles), 0.46 * np.sin(angles)], 1)
    shapes = [(depth, placed(skull))]
    for side in (-1, 1):
        x, tip = side * 0.31 * cos - 0.12 * sin, side * 0.12 * cos - 0.05 * sin
        shapes.append((depth + 0.001, placed([(x - 0.17, 0.28), (x + tip, 0.74), (x + 0.17, 0.28)])))
    if abs(sin) > 0.25:
        nose = placed([(0.2 * sin, -0.12), (0.43 * sin, -0.13), (0.56 * sin, -0.11)])
        shapes.append((depth + 0.002, _hull(list(zip(nose, (0.24, 0.15, 0.10), strict=True)))))
    return shapes
