"""Transparent pictures in the encoder's colours: made once, warped each frame, laid over the planes."""

import cv2
import numpy as np

from videos.studio.frames import Picture, to_yuv

# What lies outside a layer: no colour, all of what is under it.
CLEAR = (0, 0, 0, 255)


def layered(bgr: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """A layer, uint8 (h, w, 4): Y, U and V times alpha, and 255 times what alpha lets through.

    ``bgr`` is in 0 to 255, ``alpha`` float32 (h, w) in 0 to 1.
    """
    yuv = to_yuv(bgr.astype(np.float32)) * alpha[..., None]
    return np.clip(np.dstack([yuv, 255 * (1 - alpha)]) + 0.5, 0, 255).astype(np.uint8)


def lay(layer: np.ndarray, picture: Picture, left: int, top: int) -> None:
    """Lay ``layer`` (of even height and width) over ``picture``, its corner at the even point (left, top)."""
    rows, columns = layer.shape[:2]
    y, u, v, through = cv2.split(layer)
    _over(y, through, picture.y[top : top + rows, left : left + columns])
    half = (columns // 2, rows // 2)
    box = (slice(top // 2, (top + rows) // 2), slice(left // 2, (left + columns) // 2))
    through = cv2.resize(through, half, interpolation=cv2.INTER_AREA)
    _over(cv2.resize(u, half, interpolation=cv2.INTER_AREA), through, picture.u[box])
    _over(cv2.resize(v, half, interpolation=cv2.INTER_AREA), through, picture.v[box])


def _over(colour: np.ndarray, through: np.ndarray, under: np.ndarray) -> None:
    cv2.multiply(under, through, dst=under, scale=1 / 255)
    cv2.add(under, colour, dst=under)
