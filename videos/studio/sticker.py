"""Animated stickers: the pet alone on a transparent background, as messengers want them."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from videos.studio.dance import Dance
from videos.studio.dancer.camera import Bounds, shots
from videos.studio.dancer.performer import DancerFrame
from videos.studio.encoding.webp import animated_webp
from videos.studio.raster.picture import Picture, to_yuv
from videos.studio.render import Performer, Scene
from videos.subject import Subject

# The size that WhatsApp and Telegram require, in pixels.
SIDE = 512
FPS = 15
EDGE = 10  # In pixels: the soft edge at the top and the sides.
# A sticker holds as many whole bars as fit into this time, but at least one.
MAX_SECONDS = 3.2


def sticker(
    subject: Subject,
    *,
    dance: Dance,
    seed: int,
    limit: int,
    packet: bytes,
    report: Callable[[], None] = lambda: None,
) -> bytes:
    """Return a few bars of ``dance`` as an animated WebP of at most ``limit`` bytes, with an XMP ``packet``.

    ``report`` is called for each frame, and may raise. The rest is as in ``render``. Raises InvalidImage and TooLarge.
    """
    # Twice the size: the planes of colour then have the sticker's own.
    scene = Scene(subject, dance=dance, width=2 * SIDE, height=2 * SIDE, seed=seed)
    beats = bars_of(dance) * dance.metre
    seconds = beats * 60 / dance.bpm
    frames = []
    for rgba in alone(scene, beats, round(seconds * FPS), FPS):
        report()
        frames.append(rgba)
    return animated_webp(frames, seconds, limit=limit, packet=packet, report=report)


def bars_of(dance: Dance) -> int:
    return max(1, math.floor(MAX_SECONDS * dance.bpm / 60 / dance.metre))


def alone(scene: Scene, beats: int, frames: int, fps: float) -> Iterator[np.ndarray]:
    """Yield the scene's performer without its stage and its shadow, in ``frames`` pictures (RGBA) that repeat.

    The scene is a square of twice ``SIDE``.
    """
    low, high = _empty(), _empty()
    edge = _soft_edge()
    poses = [time.pose for time in scene.frame_times(frames, beats)]
    for pose in seen_whole(poses, np.arange(frames) * beats / frames, fps, beats):
        rgba = _cut_out(scene.performer, pose, low, high)
        if not isinstance(pose, DancerFrame):
            rgba[..., 3] = (rgba[..., 3] * edge).astype(np.uint8)
        yield rgba


def seen_whole(poses: list[Any], beats: np.ndarray, fps: float, total: int) -> list[Any]:
    """Return the poses of a dancer as a camera sees them that shows all of it, and neither moves nor cuts."""
    if not isinstance(poses[0], DancerFrame):
        return poses
    left, right, bottom, top, crown, bust = zip(*(pose.laid.bounds for pose in poses), strict=True)
    everything = Bounds(min(left), max(right), min(bottom), max(top), max(crown), min(bust))
    still = shots([everything] * len(poses), beats.tolist(), 2 * SIDE, 2 * SIDE, fps, cycle=float(total))
    return [replace(pose, shot=shot) for pose, shot in zip(poses, still, strict=True)]


def _soft_edge() -> np.ndarray:
    """Return the share of the alpha that is kept: a whole pet that leans out of the picture ends softly."""
    inner = np.clip(np.arange(SIDE) / EDGE, 0, 1)
    across = np.minimum(inner, inner[::-1])
    kept: np.ndarray = inner[:, None] * across[None]
    return kept


def _empty() -> Picture:
    """Return a picture in memory of its own."""
    return Picture(*(np.empty((side, side), np.uint8) for side in (2 * SIDE, SIDE, SIDE)))


def _cut_out(performer: Performer, pose: Any, low: Picture, high: Picture) -> np.ndarray:
    """Return the performer as RGBA uint8. It is drawn twice, over the lowest and the highest values.

    What differs is the background. Shadows darken only the luma, so they are not seen in the chroma, and on black they
    are not seen in the luma.
    """
    for picture, value in ((low, 0), (high, 255)):
        picture.y.fill(0)
        picture.u.fill(value)
        picture.v.fill(value)
        performer.draw(picture, pose)
    through = cv2.subtract(high.u, low.u).astype(np.float32) / 255
    alpha = 1 - through
    luma = cv2.resize(low.y, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    planes = np.dstack([luma, low.u, low.v]).astype(np.float32)
    black = to_yuv(np.zeros((1, 1, 3), np.float32))[0, 0]
    bgr = (planes - alpha[..., None] * black) @ _TO_BGR
    rgb = bgr[..., ::-1] / np.maximum(alpha, 1 / 255)[..., None]
    rgba = np.dstack([rgb * (alpha > 0)[..., None], 255 * alpha])
    return np.clip(rgba + 0.5, 0, 255).astype(np.uint8)


def _from_yuv() -> np.ndarray:
    """Return the matrix from Y, U and V, less those of black, to B, G and R, for rows of pixels."""
    black, *rest = to_yuv(np.array([[(0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)]], np.float32))[0]
    return np.linalg.inv((np.stack(rest) - black) / 255).astype(np.float32)


_TO_BGR = _from_yuv()
