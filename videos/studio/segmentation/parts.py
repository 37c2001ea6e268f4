"""Choice of the part of a mask that dances, if it has several.

The head decides if it is known, then the owner's focus, otherwise the largest part that is not a person.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from videos.photos import Focus
from videos.photos.head import Head
from videos.studio.segmentation.faces import Box

# Smaller parts, as a share of the largest, are usually specks.
LARGE = 0.25


def large_parts(mask: np.ndarray, share: float = LARGE) -> list[np.ndarray]:
    """Return the parts of ``mask`` (float32, (h, w), 0 to 1) as bool masks, the largest first.

    Parts smaller than ``share`` of the largest are left out.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats((mask > 0.5).astype(np.uint8), connectivity=8)
    if count < 2:
        return []
    areas = stats[1:, cv2.CC_STAT_AREA]
    order = np.argsort(-areas, kind="stable")
    return [labels == number + 1 for number in order if areas[number] >= share * areas.max()]


def choose_part(mask: np.ndarray, faces: Sequence[Box], focus: Focus, head: Head | None = None) -> np.ndarray:
    """Return only the part of ``mask`` that dances, with the soft rim around it.

    A ``head`` that is known chooses the part that contains its middle or is nearest to it; without one, a ``focus``
    that the owner has moved does. Otherwise the largest part without a person's face dances, or simply the largest.
    A mask with a single part is returned unchanged.
    """
    parts = large_parts(mask)
    if len(parts) < 2:
        return mask
    if head or focus != Focus():
        at = head or focus
        part = min(parts, key=lambda part: _distance(part, at))
    else:
        part = next((part for part in parts if not any(_holds(part, face) for face in faces)), parts[0])
    rim = max(2, round(max(mask.shape) / 160))
    near = cv2.dilate(part.astype(np.uint8), np.ones((2 * rim + 1, 2 * rim + 1), np.uint8))
    return mask * near


def _distance(part: np.ndarray, at: Head | Focus) -> float:
    rows, columns = np.nonzero(part)
    height, width = part.shape
    return float(np.hypot(rows - at.y * height, columns - at.x * width).min())


def _holds(part: np.ndarray, face: Box) -> bool:
    """Return whether at least a third of the face's box belongs to the part."""
    height, width = part.shape
    rows = slice(int(face[1] * height), max(int(face[3] * height), int(face[1] * height) + 1))
    columns = slice(int(face[0] * width), max(int(face[2] * width), int(face[0] * width) + 1))
    inside = part[rows, columns]
    return bool(inside.size and inside.mean() > 1 / 3)
