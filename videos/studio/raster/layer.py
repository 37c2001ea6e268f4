"""Transparent pictures in the encoder's colours: made once, warped for each frame, and laid over the planes."""

from typing import NamedTuple

import cv2
import numpy as np

from videos.studio.raster.picture import Picture, to_yuv
from videos.studio.raster.scratch import Scratch

# The value outside a layer: white, fully transparent.
WHITE = 235
CLEAR = (128, 128, 0, 0)


class Layer(NamedTuple):
    """A transparent picture. ``luma`` is uint8 (h, w). ``chroma`` is uint8 (h/2, w/2, 4): U, V, alpha and alpha again.

    Colours are not multiplied by alpha. Alpha has only the chroma's resolution, which is invisible at its soft edges.
    The fourth channel lets OpenCV use its fastest path.
    """

    luma: np.ndarray
    chroma: np.ndarray


def make_layer(bgr: np.ndarray, alpha: np.ndarray) -> Layer:
    """Return a layer of ``bgr`` (0 to 255, white where nothing is seen) and ``alpha`` (float32 (h, w) in 0 to 1)."""
    rows, columns = alpha.shape
    padding = (0, rows % 2, 0, columns % 2, cv2.BORDER_REPLICATE)
    yuv = cv2.copyMakeBorder(np.dstack([to_yuv(bgr.astype(np.float32)), alpha * 255]), *padding)
    half = cv2.resize(yuv, (yuv.shape[1] // 2, yuv.shape[0] // 2), interpolation=cv2.INTER_AREA)
    chroma = np.dstack([half[..., 1:], half[..., 3]])
    return Layer(_bytes(yuv[..., 0]), _bytes(chroma))


def composite(layer: Layer, picture: Picture, left: int, top: int, scratch: Scratch) -> None:
    """Lay ``layer`` (of even height and width) over ``picture``, its corner at the even point (left, top)."""
    rows, columns = layer.luma.shape
    small = list(scratch.array("half", (3, rows // 2, columns // 2)))
    cv2.mixChannels([layer.chroma], small, [0, 0, 1, 1, 2, 2])
    u, v, alpha = small
    through = cv2.bitwise_not(alpha, dst=scratch.array("through", alpha.shape))
    box = (slice(top // 2, (top + rows) // 2), slice(left // 2, (left + columns) // 2))
    _blend(u, alpha, through, picture.u[box])
    _blend(v, alpha, through, picture.v[box])
    full = cv2.resize(alpha, (columns, rows), dst=scratch.array("alpha", (rows, columns)))
    through = cv2.bitwise_not(full, dst=scratch.array("through", (rows, columns)))
    _blend(layer.luma, full, through, picture.y[top : top + rows, left : left + columns])


def _blend(over: np.ndarray, alpha: np.ndarray, through: np.ndarray, under: np.ndarray) -> None:
    """Blend ``over`` by alpha into ``under``. Overwrites ``over``."""
    cv2.multiply(over, alpha, dst=over, scale=1 / 255)
    cv2.multiply(under, through, dst=under, scale=1 / 255)
    cv2.add(under, over, dst=under)


def _bytes(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.clip(values + 0.5, 0, 255).astype(np.uint8))
