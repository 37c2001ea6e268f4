"""Limbs that point at the viewer: their turn in the picture, which is unsure there, is made steady over the clip."""

from collections.abc import Sequence

import numpy as np

from videos.studio.dancer.motion.kinematics import project
from videos.studio.dancer.motion.rig import Pose

# A limb whose picture is longer than the second share of its bone turns as it is, and below the first it is steadied.
UNSURE, SURE = 0.25, 0.6
WINDOW = 0.13  # seconds before and after that are averaged
LIMBS = {
    "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "hand"),
    "thigh": ("hip", "knee"),
    "shin": ("knee", "ankle"),
}


def steadied(poses: Sequence[Pose], fps: float) -> list[dict[str, float]]:
    """Return by how many degrees (clockwise) each limb is drawn turned in each frame, by "forearm_l" and so on.

    Without it, a short stub spins when a limb swings past the viewer. The frames repeat.
    """
    turns = {
        f"{limb}_{side}": _turn(poses, f"{start}_{side}", f"{end}_{side}", round(WINDOW * fps))
        for limb, (start, end) in LIMBS.items()
        for side in "lr"
    }
    return [{limb: float(turn[at]) for limb, turn in turns.items()} for at in range(len(poses))]


def _turn(poses: Sequence[Pose], start: str, end: str, window: int) -> np.ndarray:
    bones = np.array([pose.joints[end] - pose.joints[start] for pose in poses])
    ways = np.array([project(bone) for bone in bones])
    seen = np.hypot(*ways.T) / np.maximum(np.linalg.norm(bones, axis=1), 1e-6)
    if seen.min() >= SURE:
        return np.zeros(len(poses))
    angles = np.arctan2(-ways[:, 0], -ways[:, 1])
    window = min(window, (len(poses) - 1) // 2)
    steps = np.angle(np.exp(1j * (np.roll(angles, -1) - angles)))  # To the next frame, the shorter way around.
    total, weight, away = np.zeros(len(poses)), np.zeros(len(poses)), np.zeros(len(poses))
    for direction in (1, -1):
        away[:] = 0
        for shift in range(window + 1):
            if shift:
                away += np.roll(steps, 1 - shift) if direction > 0 else -np.roll(steps, shift)
            share = (0.5 if shift == 0 else 1.0) * (1 + np.cos(np.pi * shift / (window + 1)))
            near = share * np.roll(np.maximum(seen, 0.02), -direction * shift)
            total, weight = total + near * away, weight + near
    unsure = np.clip((SURE - seen) / (SURE - UNSURE), 0, 1)
    return np.degrees(total / weight) * unsure * unsure * (3 - 2 * unsure)
