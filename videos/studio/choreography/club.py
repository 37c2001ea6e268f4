"""Club dances: disco, hip hop, robot, breakdance and floss. Lengths are shares of the pet's height unless noted."""

import numpy as np

from videos.studio.choreography.pose import Poses
from videos.studio.choreography.timing import Signal, arc, bump, ease, facing, pulse, snap, steps


def disco(b: Signal, total: int) -> Poses:
    """Lean from side to side with bouncing hips, and turn over the last four beats."""
    side = steps(b, total, [1, -1])
    sway = steps(b, total, [1, 1, -1, -1])
    late = steps(b - 0.12, total, [1, 1, -1, -1])
    spin = facing(b, total, total - 4.4, 4.4) if total > 4 else np.ones_like(b)
    # Other movements are damped during a spin, or the picture would flicker.
    folded = np.minimum(1, 2 * bump(b, total, total - 5.4, 6.2)) if total > 4 else np.zeros_like(b)
    calm = 1 - 0.9 * folded
    return Poses.of(
        b,
        tx=0.04 * sway * calm,
        ty=0.03 * arc(b) * calm,
        rot=2.2 * sway * calm,
        stretch=0.02 - 0.04 * pulse(b) * calm,
        bend=0.07 * sway * calm,
        hip=-0.045 * side * calm,
        flip=spin,
        head=-6 * late * calm,
        turn=0.75 * sway * calm,
    )


def hip_hop(b: Signal, total: int) -> Poses:
    """Bend the knees deeply, nod, and change the lean every second beat."""
    lean = snap(np.sin(np.pi * b / 2))
    down = pulse(b)
    return Poses.of(
        b,
        tx=0.03 * lean,
        rot=4.5 * lean,
        stretch=0.02 - 0.125 * down,
        bend=0.075 * lean,
        hip=0.03 * snap(np.sin(np.pi * b / 2 + 0.7)),
        head=5 * steps(b, total, [1, 1, -1, -1]),
        turn=0.5 * lean,
        nod=-0.95 * down,
        zoom=0.03 * pulse(b / 2 + 0.5) ** 3,
    )


def robot(b: Signal, total: int) -> Poses:
    """Hold each pose still, then jerk into the next one."""

    def click(seq: list[float], every: float = 1.0) -> Signal:
        position = np.mod(b, total) / every
        here = np.floor(position).astype(int)
        goals = np.array(seq, float)
        now, before = goals[here % len(goals)], goals[(here - 1) % len(goals)]
        return before + (now - before) * ease((position - here) * every / 0.16)

    return Poses.of(
        b,
        tx=0.05 * click([0, 1, 1, 0, 0, -1, -1, 0]),
        rot=7 * click([0, 1, -1, 0, 0, -1, 1, 0]),
        stretch=0.02 * click([0, -2, 1, 0, -2, 1, -3, 0]),
        bend=0.05 * click([0, -1, 1, 0]),
        head=11 * click([1, 0, -1, 0], 0.5),
        turn=0.9 * click([1, 1, -1, -1, 0, 0, 1, -1], 0.5),
    )


def breakdance(b: Signal, total: int) -> Poses:
    """Drop low and rock, float once head over heels, and freeze in a lean."""
    rock = steps(b, total, [1, -1])
    # The turn is slow enough that no part of the frame flashes more than three times a second.
    through = np.clip((b - (total - 9.1)) / 6.7, 0, 1) if total > 4 else np.zeros_like(b)
    whirl = np.where(through < 1, 0.5 - 0.5 * np.cos(np.pi * through), 0)
    freeze = bump(b, total, total - 2.4, 2.4) if total > 4 else np.zeros_like(b)
    low = 1 - freeze
    # Other movements stop in the air, or the picture would flicker.
    ground = 1 - np.minimum(1, 4 * bump(b, total, total - 9.4, 7.3)) if total > 4 else np.ones_like(b)
    rock = rock * ground
    return Poses.of(
        b,
        tx=0.08 * steps(b, total, [1, 1, -1, -1]) * low * ground,
        ty=0.24 * np.tanh(3 * np.abs(np.sin(np.pi * whirl))) + 0.02 * arc(b) * low * ground,
        whirl=whirl,
        rot=10 * rock * low + 14 * freeze,
        stretch=-0.16 * low * (0.6 + 0.4 * pulse(b) * ground) + 0.06 * freeze,
        bend=0.10 * rock * low,
        hip=0.06 * -rock * low,
        head=-12 * freeze,
        turn=0.6 * rock * low,
    )


def floss(b: Signal, total: int) -> Poses:
    """Swing the hips one way and the shoulders the other, twice a beat, with a calm face."""
    swing = steps(b, total, [1, -1], every=0.5, lead=0.12)
    return Poses.of(
        b,
        stretch=0.01 - 0.015 * pulse(2 * b),
        rot=1.0 * swing,
        hip=0.095 * swing,
        snake=-0.03 * swing,
        bend=-0.04 * swing,
        head=3 * swing,
    )
