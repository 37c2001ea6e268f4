"""The camera: how large the dancer is in each frame and where it stands, so that nothing of it is ever cut."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from videos.studio.dance.camera import CameraPlan

STILL = CameraPlan(push_in=0)
# Shares of the frame's height: of a standing dancer, and where its floor is, in a tall frame and in others.
TALL, TALL_FLOOR = 0.71, 0.925
OTHER, OTHER_FLOOR = 0.84, 0.95
# What is kept free at the sides, as a share of the width, and above and below, as shares of the height.
ASIDE, ABOVE, BELOW = 0.012, 0.015, 0.01
# The share of frames in which the crown is lower than that of a standing dancer.
UPRIGHT = 0.8
# A close shot is at most this many times as large as the widest one.
CLOSEST = 1.45
# How long the camera takes to follow, and to move to a close-up and back, in seconds.
FOLLOW, CUT = 0.45, 0.3
# A close-up shows at least this much below the chest in U, and the figure is at most this many times as large.
BELOW_CHEST, LARGEST_CLOSE_UP = 0.25, 1.7
# It is made only if the figure grows at least this much, and cuts the legs at this height in U, so not at the shoes.
LEAST_CLOSE_UP, KNEES = 1.15, 0.55
# A punch grows the figure by this share and fades with this time constant, in beats.
PUNCH, PUNCH_BEATS = 0.02, 0.35
# The share of a push-in that moves forward. The rest moves back, so that the clip loops.
FORWARD = 0.8


@dataclass(frozen=True, slots=True)
class Shot:
    """What the camera sees: ``scale`` is pixels to a U, ``x`` the picture's centre in U, ``floor`` the floor's row.

    Rows are continuous: the upper edge of the picture is 0.
    """

    scale: float
    x: float
    floor: float


class Bounds(NamedTuple):
    """What a figure covers in U, y up.

    ``crown`` is the upper edge of its head without hat and ears, and ``bust`` the lower edge of its head, shoulders and
    hands together.
    """

    left: float
    right: float
    bottom: float
    top: float
    crown: float
    bust: float


def shots(
    bounds: Sequence[Bounds],
    beats: Sequence[float],
    width: int,
    height: int,
    fps: float,
    plan: CameraPlan = STILL,
    cycle: float | None = None,
) -> list[Shot]:
    """Return the shot of each frame of a clip that repeats.

    ``bounds`` and ``beats`` are by frame. The plan repeats every ``cycle`` beats, by default with the clip.
    """
    boxes, frames = np.array(bounds, np.float64), len(bounds)
    at = np.array(beats, np.float64)
    step = at[1] - at[0] if frames > 1 else 1.0
    cycle = step * frames if cycle is None else cycle
    tall = height > width
    floor = (TALL_FLOOR if tall else OTHER_FLOOR) * height
    size = (TALL if tall else OTHER) * height / float(np.quantile(boxes[:, 4], UPRIGHT))
    punch = 1 + PUNCH * _punches(at, plan.kicks, cycle)
    zoom = 1 + plan.push_in * _push(at, cycle)
    window = _window(FOLLOW * fps, frames)
    room = (1 - 2 * ASIDE) * width, floor - ABOVE * height, (1 - BELOW) * height - floor
    middle = _followed(boxes, room, size * (1 + plan.push_in) * (1 + PUNCH), window)
    largest = _largest(boxes, middle, room) / (1 + (PUNCH if plan.kicks else 0))
    wanted = np.minimum(size, largest / zoom)
    wanted = np.minimum(wanted, CLOSEST * wanted.min())
    scale = _smooth(_least(wanted, window), window) * zoom * punch
    share = _close_up_share(at, plan.close_ups, cycle, step * CUT * fps)
    if share.max() == 0:
        return [Shot(float(s), float(x), floor) for s, x in zip(scale, middle, strict=True)]
    close, row = _close_up(boxes, middle, scale, floor, (width, height), share > 0)
    if np.median((close / scale)[share > 0]) < LEAST_CLOSE_UP:
        share = np.zeros(frames)
    # The figure grows evenly for the eye if the logarithm of its size does.
    scale, row = scale * (close / scale) ** share, floor + (row - floor) * share
    return [Shot(float(s), float(x), float(y)) for s, x, y in zip(scale, middle, row, strict=True)]


def _followed(boxes: np.ndarray, room: tuple[float, float, float], size: float, window: int) -> np.ndarray:
    """Return the picture's centre by frame: still if the figure fits, otherwise following it only as far as needed."""
    left, right = boxes[:, 0], boxes[:, 1]
    still = (left.min() + right.max()) / 2
    moving = _smooth((left + right) / 2, window)
    paths = [still + share * (moving - still) for share in np.linspace(0, 1, 5)]
    sizes = [float(np.minimum(_largest(boxes, path, room), size).min()) for path in paths]
    return paths[int(np.argmax(np.array(sizes) > 0.999 * max(sizes)))]


def _largest(boxes: np.ndarray, middle: np.ndarray, room: tuple[float, float, float]) -> np.ndarray:
    """Return the scale at which each frame just fits into the room across, above the floor and below it, in pixels."""
    half = np.maximum(boxes[:, 1] - middle, middle - boxes[:, 0])
    upright = np.minimum(room[1] / np.maximum(boxes[:, 3], 1e-3), room[2] / np.maximum(-boxes[:, 2], 1e-3))
    return np.minimum(room[0] / 2 / np.maximum(half, 1e-3), upright)


def _close_up(
    boxes: np.ndarray,
    middle: np.ndarray,
    scale: np.ndarray,
    floor: float,
    frame: tuple[int, int],
    shown: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the scale and the floor's row by frame of a view of head, shoulders and hands.

    ``shown`` are the frames that show something of it.
    """
    width, height = frame
    top, bust = boxes[:, 3], boxes[:, 5] - BELOW_CHEST
    half = np.maximum(boxes[:, 1] - middle, middle - boxes[:, 0])
    fits = np.minimum((1 - 2 * ASIDE) * width / 2 / half, (1 - 2 * ABOVE) * height / (top - bust))
    # One size for all frames: the camera does not breathe with the hands.
    close = np.clip(np.full(len(boxes), np.quantile(fits[shown], 0.1)), scale, LARGEST_CLOSE_UP * scale)
    close = np.minimum(close, np.maximum(fits, scale))
    above = (1 - (top - bust) * close / height).clip(ABOVE, 0.2) * height
    cut = min(KNEES, float(bust[shown].min()))
    return close, np.maximum.reduce([above + top * close, height + cut * close, np.full(len(boxes), floor)])


def _close_up_share(beats: np.ndarray, spans: Sequence[tuple[float, float]], cycle: float, move: float) -> np.ndarray:
    """Return how far the camera is in a close-up (0 to 1). It moves before and after the span."""
    share = np.zeros(len(beats))
    for start, end in spans:
        for turn in (-cycle, 0, cycle):
            into = np.mod(beats, cycle) + turn
            share = np.maximum(share, _ease((into - start + move) / move) * _ease((end - into + move) / move))
    return share


def _punches(beats: np.ndarray, kicks: Sequence[float], cycle: float) -> np.ndarray:
    """Return a curve that rises within a tenth of a beat at each kick and then fades."""
    punch = np.zeros(len(beats))
    for kick in kicks:
        since = np.mod(beats - kick + 0.1, cycle)
        punch = np.maximum(punch, np.where(since < 0.1, since / 0.1, np.exp(-(since - 0.1) / PUNCH_BEATS)))
    return punch


def _push(beats: np.ndarray, cycle: float) -> np.ndarray:
    """Return a curve from 0 to 1 and back that repeats."""
    into = np.mod(beats, cycle) / cycle
    return _ease(into / FORWARD) * _ease((1 - into) / (1 - FORWARD))


def _ease(share: np.ndarray) -> np.ndarray:
    share = np.clip(share, 0, 1)
    return share * share * (3 - 2 * share)


def _window(frames: float, of: int) -> int:
    """Return how many frames to each side are looked at."""
    return max(1, min(round(frames), (of - 1) // 2))


def _least(values: np.ndarray, window: int) -> np.ndarray:
    """Return the least value around each frame. The frames repeat."""
    return np.min([np.roll(values, shift) for shift in range(-window, window + 1)], axis=0)


def _smooth(values: np.ndarray, window: int) -> np.ndarray:
    """Return the weighted mean around each frame (Hann's window). The frames repeat.

    It is nowhere above a limit from which ``values`` were taken by ``_least`` with the same window.
    """
    shifts = range(-window, window + 1)
    weights = np.array([0.5 + 0.5 * math.cos(math.pi * shift / (window + 1)) for shift in shifts])
    turned = np.stack([np.roll(values, shift) for shift in shifts])
    return weights @ turned / weights.sum()
