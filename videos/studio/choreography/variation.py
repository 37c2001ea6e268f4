"""The second phrase of a long clip: the same dance mirrored, with a hop at the end."""

from dataclasses import replace

import numpy as np

from videos.studio.choreography.pose import Poses

# The pet passes through the middle within this many beats before and after a change of sides.
CROSSOVER_BEATS = 0.5
MIRRORED_FIELDS = ("tx", "rot", "bend", "snake", "hip", "head", "turn")
HOP_HEIGHT = 0.12


def vary_phrases(poses: Poses, beats: np.ndarray, total: int, phrases: int) -> Poses:
    """Return ``poses`` at ``beats`` of a clip of ``phrases`` times ``total`` beats, with every second phrase mirrored.

    The sides change smoothly at each change of phrases, also from the last to the first. A single phrase is unchanged.
    """
    if phrases < 2:
        return poses
    side = phrase_sides(beats, total)
    whole = {name: getattr(poses, name) * side for name in MIRRORED_FIELDS}
    closing = np.mod(beats, phrases * total) - (phrases * total - 2)
    hop = np.where((closing > 0) & (closing < 1), np.sin(np.pi * np.clip(closing, 0, 1)) ** 2, 0.0)
    return replace(poses, **whole, whirl=poses.whirl * np.sign(side + 1e-9), ty=poses.ty + HOP_HEIGHT * hop)


def phrase_sides(beats: np.ndarray, total: int) -> np.ndarray:
    """Return 1 in unchanged phrases and -1 in mirrored ones, with smooth changes between them."""
    into = np.mod(beats, 2 * total)
    sign = np.where(into < total, 1.0, -1.0)
    near = np.clip(np.minimum(np.mod(into, total), total - np.mod(into, total)) / CROSSOVER_BEATS, 0, 1)
    return sign * near * near * (3 - 2 * near)
