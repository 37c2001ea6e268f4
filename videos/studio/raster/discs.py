"""Masks that a disc grows, and what is left of them where a disc fits."""

import cv2
import numpy as np

LARGE = 7  # In pixels. From this radius, a map of distances is faster than a disc.


def grown(mask: np.ndarray, radius: float) -> np.ndarray:
    """Return a bool mask grown by ``radius``, and by at least a pixel."""
    reach = max(1, round(radius))
    if not mask.any():
        return mask
    if reach >= LARGE:
        # Between the disc's outermost pixels and the next ones.
        return cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5) < reach + 0.3
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return cv2.dilate(mask.astype(np.uint8), disc) > 0


def shrunk(mask: np.ndarray, radius: float) -> np.ndarray:
    """Return a bool mask shrunk by ``radius``, and by at least a pixel. It goes on beyond the picture."""
    return ~grown(~mask, radius)


def opened(mask: np.ndarray, radius: float) -> np.ndarray:
    """Return what of a bool mask a disc covers that moves within it."""
    return grown(shrunk(mask, radius), radius)


def closed(mask: np.ndarray, radius: float) -> np.ndarray:
    """Return a bool mask with everything into which no disc fits beside it."""
    return shrunk(grown(mask, radius), radius)
