"""Which part of a mask dances where it has several: the one its owner looks at, or the largest that is no person."""

from collections.abc import Sequence

import cv2
import numpy as np

from videos.photos import Focus
from videos.studio.segmentation.faces import Box


def large_parts(mask: np.ndarray) -> list[np.ndarray]:
    """The parts of ``mask`` (float32, (h, w), 0 to 1) as bool masks, the largest first; without crumbs.

    What is less than a quarter of the largest is a crumb.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats((mask > 0.5).astype(np.uint8), connectivity=8)
    if count < 2:
        return []
    areas = stats[1:, cv2.CC_STAT_AREA]
    order = np.argsort(-areas, kind="stable")
    return [labels == number + 1 for number in order if areas[number] >= 0.25 * areas.max()]


def choose_part(mask: np.ndarray, faces: Sequence[Box], focus: Focus) -> np.ndarray:
    """Only the part of ``mask`` that is to dance, with the soft rim around it; the mask itself when it has but one.

    A ``focus`` that the owner has moved chooses the part that it lies in or is nearest to. Otherwise the largest part
    without the face of a person dances, or simply the largest.
    """
    parts = large_parts(mask)
    if len(parts) < 2:
        return mask
    if focus != Focus():
        part = min(parts, key=lambda part: _distance(part, focus))
    else:
        part = next((part for part in parts if not any(_holds(part, face) for face in faces)), parts[0])
    rim = max(2, round(max(mask.shape) / 160))
    near = cv2.dilate(part.astype(np.uint8), np.ones((2 * rim + 1, 2 * rim + 1), np.uint8))
    return mask * near


def _distance(part: np.ndarray, focus: Focus) -> float:
    rows, columns = np.nonzero(part)
    height, width = part.shape
    return float(np.hypot(rows - focus.y * height, columns - focus.x * width).min())


def _holds(part: np.ndarray, face: Box) -> bool:
    """Whether a third of the face's box belongs to the part."""
    height, width = part.shape
    rows = slice(int(face[1] * height), max(int(face[3] * height), int(face[1] * height) + 1))
    columns = slice(int(face[0] * width), max(int(face[2] * width), int(face[0] * width) + 1))
    inside = part[rows, columns]
    return bool(inside.size and inside.mean() > 1 / 3)
