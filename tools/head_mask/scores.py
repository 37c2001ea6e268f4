"""How near a mask is to the real one: its overlap, and its edge."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from tools.head_mask.photos import BACKGROUND, PET

NEAR = 3  # Pixels of the crop within which an edge counts as found.
BAD = 0.85


@dataclass(frozen=True, slots=True)
class Score:
    """The intersection over the union, and the F measure of the edge; both 0 to 1."""

    overlap: float
    edge: float


def pet_of(trimap: np.ndarray) -> np.ndarray:
    """Return the pet as a bool mask. A pixel of the border belongs to the nearer side."""
    pet, ground = ((trimap != value).astype(np.uint8) for value in (PET, BACKGROUND))
    away = [cv2.distanceTransform(side, cv2.DIST_L2, 3) for side in (pet, ground)]
    return np.where(trimap == PET, True, np.where(trimap == BACKGROUND, False, away[0] <= away[1]))


def compare(mask: np.ndarray, trimap: np.ndarray, inside: np.ndarray) -> Score:
    """Compare a mask (0 to 1) with a trimap of the same shape, where the bool mask ``inside`` says so.

    The border of the trimap does not count for the overlap.
    """
    found = mask > 0.5
    sure = inside & ((trimap == PET) | (trimap == BACKGROUND))
    real = trimap == PET
    either = (found | real) & sure
    overlap = float((found & real & sure).sum() / max(int(either.sum()), 1))
    edges = [_edge(one) & inside for one in (found, pet_of(trimap))]
    near = [cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, 3) <= NEAR for edge in edges]
    precision, recall = (
        float((one & other).sum() / max(int(one.sum()), 1)) for one, other in zip(edges, reversed(near), strict=True)
    )
    return Score(overlap, 2 * precision * recall / max(precision + recall, 1e-6))


def row(name: str, scores: Sequence[Score]) -> str:
    """Return a line of the table."""
    overlaps, edges = ([getattr(score, part) for score in scores] for part in ("overlap", "edge"))
    bad = 100 * np.mean([overlap < BAD for overlap in overlaps])
    cells = (f"{np.mean(overlaps):.3f}", f"{np.median(overlaps):.3f}", f"{bad:.1f} %", f"{np.mean(edges):.3f}")
    return f"| {name} | {len(scores)} | " + " | ".join(cells) + " |"


HEADER = """\
| mask | heads | mean IoU | median IoU | IoU < 0.85 | edge F |
|---|---|---|---|---|---|"""


def _edge(mask: np.ndarray) -> np.ndarray:
    return mask & (cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1) == 0)
