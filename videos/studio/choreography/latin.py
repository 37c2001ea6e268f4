"""Latin dances: macarena, salsa, tango, cha cha and conga."""

import numpy as np

from videos.studio.choreography.pose import Poses
from videos.studio.choreography.timing import Signal, arc, bump, pulse, snap, steps, window

# The places of a hand in the macarena: out, on the other arm, at the head, at the hip. Each as (out, up, turn).
_HAND_PLACES = np.array([(0.20, 0.56, 80), (-0.16, 0.48, -50), (-0.10, 0.92, -25), (0.02, 0.28, 150)])


def macarena(b: Signal, total: int) -> Poses:
    """Move the hands out, across, to the head and to the hips while the hips swing.

    The last beat is a hop with a quarter turn.
    """
    last = [] if total == 4 else [0.0]
    side = steps(b, total, [1, 1, -1, -1] * (total // 4) + last)
    sway = steps(b, total, [1, -1] * (total // 2) + last)
    up = bump(b, total, total - 1.2, 1.2)
    # Other movements are damped in the air, or the picture would flicker.
    calm = 1 - 0.9 * bump(b, total, total - 1.6, 2.0)
    order = [0, 1, 2, 3] if total == 4 else [0, 0, 1, 1, 2, 2, 3, 3, 3]
    right = [steps(b, total, _HAND_PLACES[order, axis].tolist(), lead=0.3) for axis in range(3)]
    left = [steps(b - 0.5, total, _HAND_PLACES[order, axis].tolist(), lead=0.3) for axis in range(3)]
    return Poses.of(
        b,
        ty=0.11 * up,
        rot=2.5 * side * calm,
        stretch=0.03 * sway * calm - 0.01 * pulse(b),
        bend=0.05 * side * calm,
        hip=0.07 * sway * calm,
        flip=1 - 0.7 * up,
        head=7 * side * calm,
        turn=0.6 * side * calm + 0.8 * up,
        lx=left[0],
        ly=left[1],
        la=left[2],
        rx=right[0],
        ry=right[1],
        ra=right[2],
    )


def salsa(b: Signal, total: int) -> Poses:
    """Take quick side steps with rolling hips, and turn at the end."""
    roll = snap(np.sin(np.pi * b / 2))
    spin = window(b, total, total - 6, 6)
    folded = bump(b, total, total - 6.6, 7.2)
    calm = 1 - 0.9 * folded
    return Poses.of(
        b,
        tx=0.075 * np.sin(2 * np.pi * b / 8),
        rot=2.5 * roll * calm,
        stretch=0.015 - 0.02 * pulse(b / 2) * calm,
        hip=0.085 * roll * calm,
        snake=-0.028 * roll * calm,
        flip=np.cos(2 * np.pi * spin),
        head=6 * np.sin(np.pi * b / 2 - 0.5),
        turn=0.5 * np.sin(2 * np.pi * b / 8 + 1),
        lx=0.07 + 0.06 * np.cos(np.pi * b / 2) * calm - 0.26 * folded,
        ly=0.52 + 0.12 * np.sin(np.pi * b / 2) * calm - 0.14 * folded,
        la=30 + 35 * np.sin(np.pi * b / 2) * calm - 60 * folded,
        rx=0.07 - 0.06 * np.cos(np.pi * b / 2) * calm - 0.26 * folded,
        ry=0.52 - 0.12 * np.sin(np.pi * b / 2) * calm - 0.14 * folded,
        ra=30 - 35 * np.sin(np.pi * b / 2) * calm - 60 * folded,
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
        lx=0.06 - 0.16 * stride,
        ly=0.58 + 0.08 * stride,
        la=50 - 25 * stride,
        rx=0.06 + 0.16 * stride,
        ry=0.58 - 0.08 * stride,
        ra=50 + 25 * stride,
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
        lx=0.08,
        ly=0.46 + 0.10 * way + 0.04 * patter,
        la=20 + 30 * patter,
        rx=0.08,
        ry=0.46 - 0.10 * way - 0.04 * patter,
        ra=20 - 30 * patter,
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
        lx=0.08 + 0.08 * kick,
        ly=0.50 + 0.14 * foot + 0.30 * kick,
        la=15 + 20 * kick + 20 * foot,
        rx=0.08 + 0.08 * kick,
        ry=0.50 - 0.14 * foot + 0.30 * kick,
        ra=15 + 20 * kick - 20 * foot,
    )
