"""Latin dances: macarena, salsa, tango, cha cha and conga."""

import numpy as np

from videos.studio.choreography.pose import Poses
from videos.studio.choreography.timing import Signal, arc, bump, facing, pulse, snap, steps


def macarena(b: Signal, total: int) -> Poses:
    """Swing the hips on each beat and the shoulders on every second one. The last beat is a hop to the side."""
    last = [] if total == 4 else [0.0]
    side = steps(b, total, [1, 1, -1, -1] * (total // 4) + last)
    sway = steps(b, total, [1, -1] * (total // 2) + last)
    up = bump(b, total, total - 1.2, 1.2)
    # Other movements are damped in the air, or the picture would flicker.
    calm = 1 - 0.9 * bump(b, total, total - 1.6, 2.0)
    return Poses.of(
        b,
        ty=0.11 * up,
        rot=2.5 * side * calm,
        stretch=0.03 * sway * calm - 0.01 * pulse(b),
        bend=0.05 * side * calm,
        hip=0.07 * sway * calm,
        head=7 * side * calm,
        turn=0.6 * side * calm + 0.8 * up,
    )


def salsa(b: Signal, total: int) -> Poses:
    """Take quick side steps with rolling hips, and turn at the end."""
    roll = snap(np.sin(np.pi * b / 2))
    spin = facing(b, total, total - 6, 6)
    folded = bump(b, total, total - 6.6, 7.2)
    calm = 1 - 0.9 * folded
    return Poses.of(
        b,
        tx=0.075 * np.sin(2 * np.pi * b / 8),
        rot=2.5 * roll * calm,
        stretch=0.015 - 0.02 * pulse(b / 2) * calm,
        hip=0.085 * roll * calm,
        snake=-0.028 * roll * calm,
        flip=spin,
        head=6 * np.sin(np.pi * b / 2 - 0.5),
        turn=0.5 * np.sin(2 * np.pi * b / 8 + 1),
    )


def tango(b: Signal, total: int) -> Poses:
    """Take long low strides to one side, stop, snap the head sharply, and go back."""
    stride = steps(b, total, [-1, -0.2, 0.6, 1, 1] if total % 5 == 0 else [-1, -0.3, 1, 1], lead=0.3)
    head = steps(b, total, [1, 1, 1, -1, -1] if total % 5 == 0 else [1, 1, -1, -1], lead=0.06)
    low = 0.06 * arc(b / 2)
    return Poses.of(
        b,
        tx=0.11 * stride,
        rot=-3.5 * stride,
        stretch=-0.03 - low,
        bend=-0.06 * stride,
        head=10 * head,
        turn=1.0 * head,
    )


def cha_cha(b: Signal, total: int) -> Poses:
    """Take two slow steps, then three quick ones, then the same the other way."""
    way = steps(b, total, [1, 1, -1, -1] * (total // 4) + [0, 0] * (total % 4 == 2), lead=0.25)
    quick = bump(b, 2, 1, 1.0)
    patter = snap(np.sin(4 * np.pi * b)) * quick
    return Poses.of(
        b,
        tx=0.07 * way,
        ty=0.012 * quick * arc(2 * b),
        rot=2 * way + patter,
        stretch=0.015 - 0.014 * pulse(b),
        hip=0.06 * steps(b, total, [1, -1]) + 0.015 * patter,
        bend=0.04 * way,
        head=-6 * way + 2 * patter,
        turn=0.7 * way,
    )


def conga(b: Signal, total: int) -> Poses:
    """March, march, march, kick."""
    foot = steps(b, total, [1, -1])
    kicks = [3] if total == 4 else [3, 7, 9]
    kick = sum(bump(b, total, at - 0.3, 1.1) for at in kicks)
    return Poses.of(
        b,
        tx=0.05 * np.sin(2 * np.pi * b / total),
        ty=0.05 * arc(b) + 0.05 * kick,
        rot=5.5 * foot - 13 * kick,
        stretch=0.03 - 0.06 * pulse(b),
        bend=0.05 * foot,
        hip=0.03 * foot + 0.07 * kick,
        head=7 * foot,
        turn=0.8 - 0.5 * kick,
    )
