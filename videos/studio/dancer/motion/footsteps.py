"""What is heard of the dancer: the moments at which feet land, tap, slide and stomp, and paws clap."""

from collections.abc import Iterator

import numpy as np

from videos.studio.audio.hits import Hit
from videos.studio.dance.score import Step
from videos.studio.dancer.motion.rig import Pose, Rig

PER_BEAT = 24  # moments that are examined
LANDED = 0.02  # U; a foot that was higher and is not any more has landed
HEAVY = 0.16  # U; a foot that comes from this height stomps
HEEL_UP, HEEL_DOWN = 25.0, 10.0  # degrees; a heel that drops on the floor taps
GLIDE = 0.03  # U within one of the examined moments: the foot slides
SHORTEST_SLIDE = 0.2  # U
CLAP = 0.34  # U between two wrists whose paws meet


def hits(rig: Rig, kinds: tuple[Step, ...]) -> list[Hit]:
    """Return the hits of these kinds in the rig's beats, in order."""
    if not kinds:
        return []
    poses = rig.poses(np.arange(rig.beats * PER_BEAT) / PER_BEAT)
    found = [*_claps(poses), *(hit for side in "lr" for hit in _foot(poses, side))]
    return sorted((hit for hit in found if hit.kind in kinds), key=lambda hit: (hit.beat, hit.kind))


def _foot(poses: list[Pose], side: str) -> Iterator[Hit]:
    """Yield what one foot does. The poses repeat."""
    heights = np.array([pose.feet[side].height for pose in poses])
    pitches = np.array([pose.feet[side].pitch for pose in poses])
    balls = np.array([pose.joints[f"ball_{side}"][[0, 2]] for pose in poses])
    on_floor = heights <= LANDED
    for at in np.flatnonzero(on_floor & ~np.roll(on_floor, 1)):
        peak = float(heights[_run_before(~on_floor, at)].max())
        level = min(1.0, 0.45 + 2 * peak)
        yield Hit(at / PER_BEAT, "tap", level)
        yield Hit(at / PER_BEAT, "step", level)
        if peak > HEAVY:
            yield Hit(at / PER_BEAT, "stomp", level)
    for at in np.flatnonzero(on_floor & (pitches < HEEL_DOWN) & (np.roll(pitches, 1) >= HEEL_DOWN)):
        if pitches[_run_before(pitches >= HEEL_DOWN, at)].max() > HEEL_UP:
            yield Hit(at / PER_BEAT, "tap", 0.6)
    steps = np.hypot(*(balls - np.roll(balls, 1, axis=0)).T)
    sliding = on_floor & (steps > GLIDE)
    for end in np.flatnonzero(~sliding & np.roll(sliding, 1)):
        run = _run_before(sliding, end)
        if steps[run].sum() > SHORTEST_SLIDE:
            yield Hit(int(run[-1]) / PER_BEAT, "slide", 0.7)


def _claps(poses: list[Pose]) -> Iterator[Hit]:
    apart = np.array([np.linalg.norm(pose.joints["hand_l"] - pose.joints["hand_r"]) for pose in poses])
    for at in np.flatnonzero((apart < CLAP) & (np.roll(apart, 1) >= CLAP)):
        yield Hit(at / PER_BEAT, "clap")


def _run_before(flags: np.ndarray, at: np.intp) -> np.ndarray:
    """Return the indices of the run of True that ends before ``at``, the latest first. The flags repeat."""
    back = (at - 1 - np.arange(len(flags))) % len(flags)
    gaps = np.flatnonzero(~flags[back])
    run: np.ndarray = back[: gaps[0] if len(gaps) else len(back)]
    return run
