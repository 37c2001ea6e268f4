"""The pet's head alone."""

import cv2
import numpy as np

from videos.photos import Focus
from videos.photos.head import Head
from videos.studio.raster.picture import MASK_SIDE, decode, limit_size
from videos.studio.segmentation.cutout import Cutout
from videos.studio.segmentation.sticker import cut_sticker


def head_sticker(photo: bytes, cutout: Cutout, head: Head, focus: Focus) -> bytes:
    """Return the part of ``photo`` within the oval on a transparent ground, as a WebP. Raises InvalidImage."""
    bgr = limit_size(decode(photo), MASK_SIDE)
    rows, columns = bgr.shape[:2]
    longer = max(rows, columns)
    middle = (head.x * columns, head.y * rows)
    oval = (middle, (2 * head.rx * longer, 2 * head.ry * longer), head.tilt)
    alpha = np.zeros((rows, columns), np.float32)
    cv2.ellipse(alpha, oval, 1.0, -1, cv2.LINE_AA)
    return cut_sticker(bgr, alpha)
