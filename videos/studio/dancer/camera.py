"""The camera: how large the dancer is in each frame and where it stands, so that nothing of it is ever cut."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from videos.studio.dance.camera import CameraPlan
from videos.studio.scene.floor import Ground

STILL = CameraPlan(push_in=0)
# Shares of the frame's height: of a standing dancer, and where its floor is, in a tall frame and in others.
TALL, TALL_FLOOR = 0.71, 0.93
OTHER, OTHER_FLOOR = 0.85, 0.96
HIGHEST_FLOOR = 0.85
# What is kept free at the sides, as a share of the width, and above and below, as shares of the height.
ASIDE, ABOVE, BELOW = 0.006, 0.008, 0.008
NARROWEST = 3  # pixels; the soft edge of the rim reaches a little further than the rim.
# The share of frames in which the crown is lower than that of a standing dancer.
UPRIGHT = 0.8
# A close shot is at most this many times as large as the widest one.
CLOSEST = 1.45
# How long the camera takes to follow, in seconds: across, and up and down. It is the first of these with which the size
# changes slowly enough, by at most this share a second.
ACROSS, ACROSS_FASTEST = (0.45, 0.6, 0.8, 1.1), 0.3
UPWARDS, UPWARDS_FASTEST = (0.3, 0.45, 0.6, 0.8), 0.4
# How long it looks for the dancer to stand up again before it moves in on a low figure, in seconds.
LOW = 0.8
# The camera follows across only if the figure grows by more than this.
NEARLY = 0.985
# The moves of the camera are rounded over this time, in seconds.
ROUNDED = 0.15
# How long it takes to move to a close-up and back, in seconds.
CUT = 0.3
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
    punch = 1 + PUNCH * _punches(at, plan.kicks, cycle)
    zoom = 1 + plan.push_in * _push(at, cycle)
    room = _room(boxes, width, height)
    largest_punch = 1 + (PUNCH if plan.kicks else 0)
    middle, views = _followed(boxes, room, zoom * largest_punch, fps)
    scale, floor = zoom * punch / views, room.floor
    share = _close_up_share(at, plan.close_ups, cycle, step * CUT * fps)
    if share.max() == 0:
        return [Shot(float(s), float(x), floor) for s, x in zip(scale, middle, strict=True)]
    close, row = _close_up(boxes, middle, scale, floor, (width, height), share > 0)
    if np.median((close / scale)[share > 0]) < LEAST_CLOSE_UP:
        share = np.zeros(frames)
    # The figure grows evenly for the eye if the logarithm of its size does.
    scale, row = scale * (close / scale) ** share, floor + (row - floor) * share
    return [Shot(float(s), float(x), float(y)) for s, x, y in zip(scale, middle, row, strict=True)]


def grounds(shown: Sequence[Shot]) -> list[Ground]:
    """Return how the camera sees the floor in each shot, so that a foot that stands still does so on its tile.

    The tiles have their own size and place in a usual shot.
    """
    scale, x = np.median([(shot.scale, shot.x) for shot in shown], axis=0).tolist()
    floor = min(shot.floor for shot in shown)
    return [Ground(shot.scale / scale, (shot.x - x) * shot.scale, floor) for shot in shown]


class _Room(NamedTuple):
    """The room of a frame in pixels: its width, what is above the floor and below it, and the floor's row.

    ``figure`` is how high a standing dancer should be.
    """

    width: float
    above: float
    below: float
    floor: float
    figure: float


def _room(boxes: np.ndarray, width: int, height: int) -> _Room:
    """Return the room of a frame. The floor is higher for a dancer that reaches below it, as the paws of one do."""
    tall = height > width
    figure = (TALL if tall else OTHER) * height
    size = figure / float(np.quantile(boxes[:, 4], UPRIGHT))
    aside, above, below = (max(share, NARROWEST) for share in (ASIDE * width, ABOVE * height, BELOW * height))
    lowest = height - below + size * min(float(boxes[:, 2].min()), 0.0)
    floor = max(min((TALL_FLOOR if tall else OTHER_FLOOR) * height, lowest), HIGHEST_FLOOR * height)
    return _Room(width - 2 * aside, floor - above, height - below - floor, floor, figure)


def _followed(boxes: np.ndarray, room: _Room, zoom: np.ndarray, fps: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the picture's centre and what a pixel covers in U by frame, before the ``zoom`` that follows.

    The camera stands still if the figure fits, and otherwise follows it only as far as needed.
    """
    standing = np.quantile(boxes[:, 4], UPRIGHT)
    wanted = np.minimum(_above(boxes[:, 4], (LOW,), 0, fps), standing) / room.figure
    upright = np.maximum(
        _above(boxes[:, 3], UPWARDS, UPWARDS_FASTEST * standing, fps) / room.above,
        _above(-boxes[:, 2], UPWARDS, UPWARDS_FASTEST * room.below / room.above * standing, fps) / max(room.below, 1),
    )
    left, right = _sides(boxes, fps)
    still = (boxes[:, 0].min() + boxes[:, 1].max()) / 2
    paths = [still + share * ((left + right) / 2 - still) for share in np.linspace(0, 1, 5)]
    views = [
        _views(np.maximum(2 * np.maximum(right - path, path - left) / room.width, upright), wanted, zoom, fps)
        for path in paths
    ]
    sizes = np.array([np.median(1 / view) for view in views])
    best = int(np.argmax(sizes > NEARLY * sizes.max()))
    return paths[best], views[best]


def _sides(boxes: np.ndarray, fps: float) -> tuple[np.ndarray, np.ndarray]:
    """Return smooth lines by frame to the left and the right of the figure.

    They move with the figure, so that a walk does not widen it.
    """
    walk = _smooth((boxes[:, 0] + boxes[:, 1]) / 2, _window(ACROSS[0] * fps, len(boxes)))
    left, right = walk - boxes[:, 0], boxes[:, 1] - walk
    fastest = ACROSS_FASTEST * float(np.median(left + right))
    return walk - _above(left, ACROSS, fastest, fps), walk + _above(right, ACROSS, fastest, fps)


def _above(values: np.ndarray, follow: Sequence[float], fastest: float, fps: float) -> np.ndarray:
    """Return a smooth line by frame that is nowhere below ``values``.

    It is the first with one of these windows, in seconds, that changes by at most ``fastest`` a second.
    """
    line = values
    for seconds in follow:
        window = _window(seconds * fps, len(values))
        line = _smooth(_most(values, window), window)
        if np.abs(line - np.roll(line, 1)).max() * fps <= fastest:
            break
    return line


def _views(least: np.ndarray, wanted: np.ndarray, zoom: np.ndarray, fps: float) -> np.ndarray:
    """Return what a pixel covers in U by frame: what is wanted, but never less than ``least`` after the zoom."""
    views = np.maximum(wanted, least * zoom)
    views = np.maximum(views, views.max() / CLOSEST)
    window = _window(ROUNDED * fps, len(views))
    return _smooth(_most(views, window), window)


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


def _most(values: np.ndarray, window: int) -> np.ndarray:
    """Return the largest value around each frame. The frames repeat."""
    return np.max([np.roll(values, shift) for shift in range(-window, window + 1)], axis=0)


def _smooth(values: np.ndarray, window: int) -> np.ndarray:
    """Return the weighted mean around each frame (Hann's window). The frames repeat.

    It is nowhere below a limit from which ``values`` were taken by ``_most`` with the same window.
    """
    shifts = range(-window, window + 1)
    weights = np.array([0.5 + 0.5 * math.cos(math.pi * shift / (window + 1)) for shift in shifts])
    turned = np.stack([np.roll(values, shift) for shift in shifts])
    return weights @ turned / weights.sum()
