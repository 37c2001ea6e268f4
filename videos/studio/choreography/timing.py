"""Signals over the beat. Every movement is built from them, so that all movements are in time.

They are pure functions of arrays. ``b`` is the time in beats, and ``total`` the beats after which the clip repeats.
Each signal is the same at ``b`` and at ``b + total``.
"""

from collections.abc import Sequence

import numpy as np

Signal = np.ndarray
OMEGA = 9.0
ZETA = 0.42
LEAD = 0.18


def pulse(b: Signal) -> Signal:
    """Return 1 on each beat and 0 between: the bounce."""
    return (0.5 + 0.5 * np.cos(2 * np.pi * b)) ** 1.6


def arc(b: Signal) -> Signal:
    """Return 0 on each beat and 1 between: the hop."""
    return np.abs(np.sin(np.pi * b))


def snap(x: Signal, sharp: float = 3.0) -> Signal:
    """Push a sine towards its extremes, so that it lingers there."""
    return np.tanh(sharp * x) / np.tanh(sharp)


def steps(b: Signal, total: float, targets: Sequence[float], *, every: float = 1.0, lead: float = LEAD) -> Signal:
    """Move from target to target with an overshoot; ``targets[k]`` is reached around beat ``k * every``.

    The targets repeat until ``total``. Each change starts ``lead`` beats early and is a damped spring, so that the
    poses land on the beat and shake out.
    """
    count = max(1, round(total / every))
    goals = [targets[k % len(targets)] for k in range(count)]
    result = np.full(b.shape, goals[-1], np.float64)
    b = np.mod(b, total)
    tail = int(np.ceil(2.0 / every))
    # Springs that still swing at the end of the loop go on at its beginning.
    for k in range(-tail, count + 1):
        delta = goals[k % count] - goals[(k - 1) % count]
        result += delta * (_spring(b - k * every + lead) - (1.0 if k < 0 else 0.0))
    return result


def window(b: Signal, total: float, start: float, length: float) -> Signal:
    """Return the eased progress (0 to 1) through ``length`` beats from ``start``; 0 before and after."""
    t = np.mod(b - start, total) / length
    return np.where(t < 1, ease(t), 0.0)


def facing(b: Signal, total: float, start: float, length: float) -> Signal:
    """Return 1 (to the front), but -1 (mirrored) in the middle of the ``length`` beats from ``start``.

    Each change takes two fifths of them.
    """
    t = np.mod(b - start, total) / length
    return np.cos(np.pi * np.clip(np.minimum(t, 1 - t) / 0.4, 0, 1))


def bump(b: Signal, total: float, start: float, length: float) -> Signal:
    """Return a smooth hill over ``length`` beats from ``start``; 0 elsewhere."""
    t = np.mod(b - start, total) / length
    return np.where(t < 1, np.sin(np.pi * np.clip(t, 0, 1)) ** 2, 0.0)


def ease(t: Signal) -> Signal:
    """Map 0 to 1 onto 0 to 1 with a soft start and end."""
    t = np.clip(t, 0, 1)
    return t * t * t * (t * (6 * t - 15) + 10)


def _spring(t: Signal) -> Signal:
    """Return the path of a damped spring from 0 to 1 that starts at t = 0 (beats)."""
    t = np.maximum(t, 0)
    damped = OMEGA * np.sqrt(1 - ZETA**2)
    swing = np.cos(damped * t) + ZETA * OMEGA / damped * np.sin(damped * t)
    return 1 - np.exp(-ZETA * OMEGA * t) * swing
