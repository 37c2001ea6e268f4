"""The life of the dancer's head over a clip: it squashes on the beat, its ears lag, it sings and it blinks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from videos.studio.dancer.motion.rig import Pose

SQUASH = 0.5  # the squash on a beat, of at most 1
# The speed of the head in U a second, and of its tilt in degrees a second, at which the ears lag behind entirely.
FAST, FAST_TILT = 3.0, 360.0
SETTLE = 0.12  # seconds after which two thirds of a lag are gone
OPEN, CLOSE = 0.06, 0.16  # seconds that the mouth takes
BLINK = 0.17  # seconds
BLINKS_APART = (1.4, 3.2)  # seconds


@dataclass(frozen=True, slots=True)
class HeadMoment:
    """What the head does besides its place in the pose.

    ``squash`` goes from -1 (tall and narrow) to 1 (low and wide), and ``ear_lag`` from -1 (tips to the left of the
    picture) to 1. ``jaw`` and ``blink`` (0 to 1) open the mouth and close the eyes.
    """

    squash: float = 0.0
    ear_lag: float = 0.0
    jaw: float = 0.0
    blink: float = 0.0


def head_moments(
    poses: Sequence[Pose],
    beats: np.ndarray,
    fps: float,
    *,
    notes: Sequence[tuple[float, float]],
    bounce: float,
    seed: int,
) -> list[HeadMoment]:
    """Return a moment for each frame of a clip that repeats.

    ``poses`` and ``beats`` are by frame. ``notes`` are the beat and the length in beats of what the head sings.
    ``bounce`` (0 to 1) scales squash and lag.
    """
    step = float(beats[1] - beats[0]) if len(beats) > 1 else 1.0
    squash = bounce * SQUASH * (0.5 + 0.5 * np.cos(2 * np.pi * beats)) ** 3
    moments = zip(
        squash.tolist(),
        (bounce * _ear_lag(poses, fps)).tolist(),
        _sung(beats, notes, step * fps).tolist(),
        _blinks(len(poses), fps, seed).tolist(),
        strict=True,
    )
    return [HeadMoment(*moment) for moment in moments]


def _ear_lag(poses: Sequence[Pose], fps: float) -> np.ndarray:
    """Return how far the tips of the ears are behind the head (-1 to 1)."""
    x = np.array([pose.joints["head"][0] for pose in poses])
    tilt = np.unwrap(np.radians([pose.head_tilt for pose in poses]))
    speed = (x - np.roll(x, 1)) * fps / FAST + (np.degrees(tilt - np.roll(tilt, 1))) * fps / FAST_TILT
    # A body that turns upside down within a frame of the loop's seam is not a fast one.
    speed = np.clip(speed, -1, 1)
    frames = len(poses)
    decay = np.exp(-np.arange(frames) / (SETTLE * fps))
    lagged = np.fft.irfft(np.fft.rfft(speed) * np.fft.rfft(decay / decay.sum()), frames)
    return np.clip(-lagged, -1, 1)


def _sung(beats: np.ndarray, notes: Sequence[tuple[float, float]], a_second: float) -> np.ndarray:
    """Return how far the mouth is open (0 to 1). ``a_second`` is in beats."""
    cycle = float(beats[-1] + beats[1] - 2 * beats[0]) if len(beats) > 1 else 1.0
    jaw = np.zeros(len(beats))
    for start, length in notes:
        into = np.mod(beats - start + cycle / 2, cycle) - cycle / 2
        opening = np.clip(into / (OPEN * a_second) + 1, 0, 1)
        closing = np.clip((0.8 * length - into) / (CLOSE * a_second), 0, 1)
        jaw = np.maximum(jaw, np.minimum(opening, closing))
    return jaw


def _blinks(frames: int, fps: float, seed: int) -> np.ndarray:
    """Return how far the eyes are closed (0 to 1)."""
    random = np.random.default_rng([seed, 17])
    shut, time = np.zeros(frames), np.arange(frames) / fps
    at = random.uniform(0.5, BLINKS_APART[1])
    while at < frames / fps - BLINK:
        shut = np.maximum(shut, np.clip(1.6 - np.abs(time - at) / BLINK * 3.2, 0, 1))
        at += random.uniform(*BLINKS_APART)
    return shut
