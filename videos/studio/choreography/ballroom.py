"""Dances in triple time: ballet, waltz and slow sway."""

import numpy as np

from videos.studio.choreography.pose import Poses
from videos.studio.choreography.timing import Signal, bump, facing


def ballet(b: Signal, total: int) -> Poses:
    """Reach, leap with a soft landing, rise on tiptoe and turn a pirouette."""
    leap = bump(b, total, 1.0, 1.6)
    landing = bump(b, total, 2.45, 0.6)
    twirl = facing(b, total, total - 2.6, 2.5) if total > 3 else np.ones_like(b)
    rise = bump(b, total, total - 2.7, 2.7) if total > 3 else bump(b, total, 0, 3)
    reach = np.sin(2 * np.pi * b / total)
    return Poses.of(
        b,
        tx=0.085 * reach,
        ty=0.17 * leap,
        rot=3 * reach - 4 * leap,
        stretch=0.085 * rise + 0.05 * leap - 0.09 * landing,
        bend=0.07 * np.sin(2 * np.pi * b / 3) * (1 - rise),
        flip=twirl,
        head=-7 * np.sin(2 * np.pi * b / 3 + 0.6) * (1 - rise),
        turn=0.5 * reach,
        nod=0.35 * rise,
    )


def waltz(b: Signal, total: int) -> Poses:
    """Glide across and back, rise on two, sink on one, and turn once on the way."""
    glide = 2 * np.pi * b / total
    rise = 0.5 - 0.5 * np.cos(2 * np.pi * b / 3)
    turn = facing(b, total, 3, 3.5) if total >= 6 else np.ones_like(b)
    sway = np.sin(2 * np.pi * b / 3)
    return Poses.of(
        b,
        tx=0.15 * np.sin(glide),
        ty=0.03 * rise,
        rot=4.5 * sway,
        stretch=0.07 * rise - 0.03,
        bend=0.06 * sway,
        flip=turn,
        head=-6 * np.sin(2 * np.pi * b / 3 - 0.7),
        turn=0.6 * np.cos(glide),
    )


def slow_sway(b: Signal, total: int) -> Poses:
    """Sway to one side and back over a bar while breathing. The head follows late."""
    sway = np.sin(2 * np.pi * b / 3)
    return Poses.of(
        b,
        tx=0.025 * sway,
        rot=2.6 * sway,
        stretch=0.018 * np.sin(4 * np.pi * b / 3),
        bend=0.06 * sway,
        head=6 * np.sin(2 * np.pi * b / 3 - 0.8),
        turn=0.35 * np.sin(2 * np.pi * b / 3 - 0.4),
        nod=0.25 * np.sin(4 * np.pi * b / 3),
        zoom=0.025 * (0.5 - 0.5 * np.cos(2 * np.pi * b / total)),
    )
