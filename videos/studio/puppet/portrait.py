"""The part of a photo that shows the pet whole, independent of the part that the video's frame keeps."""

from typing import NamedTuple

import numpy as np

from videos.photos.head import Head
from videos.studio.puppet.puppet import soft_mask
from videos.studio.raster.picture import decode, decode_mask, limit_size
from videos.studio.segmentation.cutout import Mode, mode_of
from videos.studio.segmentation.head_shape import Oval

MARGIN = 0.04


class Portrait(NamedTuple):
    """A pet cut out of its photo.

    ``picture`` is BGR, and ``alpha`` (float32, 0 to 1) is the pet in it. ``mode`` was decided on the whole photo.
    ``head`` is the known head in alpha's pixels.
    """

    picture: np.ndarray
    alpha: np.ndarray
    mode: Mode
    head: Oval | None = None


def portrait_from_photo(photo: bytes, mask: bytes, max_side: int, head: Head | None = None) -> Portrait | None:
    """Return the pet of a whole photo, at most ``max_side`` pixels long, or None if there is none.

    ``head`` is its known head. Raises InvalidImage.
    """
    soft = decode_mask(mask)
    mode = mode_of(soft, manual=True)
    if mode is Mode.PRINT:
        return None
    box = _box(soft)
    share = max((box[2] - box[0]) * soft.shape[1], (box[3] - box[1]) * soft.shape[0]) / max(soft.shape)
    picture = limit_size(_part(decode(photo, round(max_side / share)), box), max_side)
    return _portrait(picture, _part(soft, box), mode, head, box)


def portrait_from_frame(picture: np.ndarray, soft: np.ndarray, head: Head | None = None) -> Portrait | None:
    """Return the pet of a picture (BGR) and its mask that stand for the whole photo, or None if there is none."""
    mode = mode_of(soft, manual=True)
    return None if mode is Mode.PRINT else _portrait(picture, soft, mode, head, (0.0, 0.0, 1.0, 1.0))


def _portrait(
    picture: np.ndarray, soft: np.ndarray, mode: Mode, head: Head | None, box: tuple[float, float, float, float]
) -> Portrait | None:
    """Return the portrait of the part ``box`` (shares) of a photo, or None if it shows no pet."""
    alpha = soft_mask(picture, soft)
    if not (alpha > 0.5).any():
        return None
    if head is None:
        return Portrait(picture, alpha, mode)
    width, height = alpha.shape[1] / (box[2] - box[0]), alpha.shape[0] / (box[3] - box[1])
    return Portrait(picture, alpha, mode, Oval.of(head, width, height).moved(-box[0] * width, -box[1] * height))


def _box(soft: np.ndarray) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the pet with a margin, as shares of the mask."""
    height, width = soft.shape
    rows, columns = np.flatnonzero((soft > 0.1).any(axis=1)), np.flatnonzero((soft > 0.1).any(axis=0))
    edge = round(MARGIN * max(height, width))
    return (
        max(0, int(columns[0]) - edge) / width,
        max(0, int(rows[0]) - edge) / height,
        min(width, int(columns[-1]) + 1 + edge) / width,
        min(height, int(rows[-1]) + 1 + edge) / height,
    )


def _part(pixels: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    height, width = pixels.shape[:2]
    left, top, right, bottom = (
        round(box[0] * width),
        round(box[1] * height),
        round(box[2] * width),
        round(box[3] * height),
    )
    return pixels[top : max(bottom, top + 1), left : max(right, left + 1)]
