"""Stage dances: moonwalk, tap and happy wiggle."""

import numpy as np

from videos.studio.choreography.pose import Poses
from videos.studio.choreography.timing import Signal, arc, bump, ease, pulse, snap, steps, window


def moonwalk(b: Signal, total: int) -> Poses:
    """Slide backwards without a hop, spin on the spot, and slide back."""
    half = total / 2
    there = ease(np.clip(np.mod(b, half) / (half - 1), 0, 1))
    flipped = np.mod(b, total) >= half
    slide = np.where(flipped, 1 - there, there) * 2 - 1
    spin = window(b, half, half - 1, 1)
    facing = np.where(flipped, -1.0, 1.0)
    step = np.sin(np.pi * b)
    return Poses.of(
        b,
        tx=-0.17 * slide,
        rot=(5 + 1.5 * step) * facing * np.cos(np.pi * spin),
        stretch=-0.015 + 0.015 * np.cos(2 * np.pi * b),
        bend=0.05 * facing * np.cos(np.pi * spin),
        hip=0.02 * step,
        flip=facing * np.cos(np.pi * spin),
        head=-4 * facing * np.cos(np.pi * spin) + 3 * step,
        nod=-0.3 * pulse(b),
        turn=0.4,
    )


def tap(b: Signal, total: int) -> Poses:
    """Patter with the paws in triplets, with a small proud step at the end."""
    patter = snap(np.sin(4 * np.pi * b))
    proud = bump(b, total, total - 2, 2)
    busy = 1 - proud
    return Poses.of(
        b,
        tx=0.06 * steps(b - 1, total, [1, 1, 1, 1, -1, -1, -1, -1] if total % 8 == 0 else [1, 1, 1, -1, -1, -1]),
        ty=0.007 * arc(2 * b) * busy + 0.03 * proud,
        rot=0.35 * patter * busy - 4 * proud,
        stretch=0.005 - 0.006 * pulse(2 * b) * busy + 0.06 * proud,
        hip=0.008 * patter * busy,
        head=4 * steps(b, total, [1, 1, -1, -1]) * busy - 5 * proud,
        turn=0.4 * steps(b, total, [1, -1], every=2),
        nod=0.5 * proud - 0.2 * pulse(b / 2) * busy,
    )


def happy_wiggle(b: Signal, total: int) -> Poses:
    """Wiggle from nose to tail, twice a beat, while the head tilts slowly from side to side."""
    wave = 2 * np.pi * b
    tilt = steps(b, total, [1, 1, -1, -1])
    return Poses.of(
        b,
        rot=1.2 * np.sin(wave),
        stretch=0.01 - 0.01 * pulse(b / 2),
        bend=0.025 * np.sin(wave + 1.2),
        snake=0.034 * np.sin(wave),
        hip=0.04 * np.sin(wave - 0.9),
        head=13 * tilt,
        turn=0.3 * tilt,
    )
