"""Filling shapes straight into the encoder's planes."""

from collections.abc import Sequence

import cv2
import numpy as np

from videos.studio.raster.canvas import SHIFT
from videos.studio.raster.picture import Picture


def fill(picture: Picture, outlines: Sequence[np.ndarray], yuv: tuple[int, int, int]) -> None:
    """Fill polygons with an equal number of points (in pixels, float) with one colour, given as Y, U and V."""
    if len(outlines):
        fill_fixed(picture, (np.stack(outlines) * (1 << SHIFT)).astype(np.int32), yuv)


def fill_fixed(picture: Picture, outlines: np.ndarray, yuv: tuple[int, int, int]) -> None:
    """Fill polygons given in fixed point: int32 (n, points, 2), with ``SHIFT`` bits of fraction."""
    half = list(outlines >> 1)
    cv2.fillPoly(picture.y, list(outlines), (yuv[0],), cv2.LINE_AA, SHIFT)
    cv2.fillPoly(picture.u, half, (yuv[1],), cv2.LINE_8, SHIFT)
    cv2.fillPoly(picture.v, half, (yuv[2],), cv2.LINE_8, SHIFT)
