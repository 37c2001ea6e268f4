"""Edges of the photo that cut a pet off at its sides or above, and how they are hidden."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

RIM = 0.012  # A pet this close to the edge is cut off by it, as a share of the picture's longer side.
ROUNDED = 0.06  # A straight edge shorter than this share of the pet's height or width is not noticed.
# From this share of its height (of its upper half for a bust), a pet that is cut off at one side stands at that side.
ASIDE = 0.3
DEPTH, BULGE = 0.3, 0.1  # A rounded edge loses this much at its ends, in shares of its length and of the pet's size.

type Run = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edges:
    """The rows or columns, first and last + 1, along which a pet is cut off at the left, at the right and above.

    ``side`` is -1 for a pet that stands at the left side of the frame, 1 at the right, and 0 elsewhere.
    """

    left: Run | None = None
    right: Run | None = None
    top: Run | None = None
    side: int = 0

    @classmethod
    def of(cls, pet: np.ndarray, *, bust: bool) -> Self:
        """Return the edges of the pet in the bool mask ``pet``, whose picture ends where the photo ends.

        ``bust`` says that the pet is cut off below. Such a pet may touch the sides with its shoulders.
        """
        rows, columns = np.flatnonzero(pet.any(axis=1)), np.flatnonzero(pet.any(axis=0))
        high, wide = len(rows), len(columns)
        rim = max(1, round(RIM * max(pet.shape)))
        left, right = _run(pet[:, :rim].any(axis=1), high), _run(pet[:, -rim:].any(axis=1), high)
        top = _run(pet[:rim].any(axis=0), wide)
        upper = int(rows[0]) + high // 2 if bust else pet.shape[0]
        shares = [
            pet[:upper, part].any(axis=1).sum() / (upper - int(rows[0])) for part in (slice(rim), slice(-rim, None))
        ]
        side = 0
        if max(shares) > ASIDE and min(shares) <= ROUNDED:
            side = -1 if shares[0] > shares[1] else 1
        return cls(left, right, top, side)


def round_edges(alpha: np.ndarray, edges: Edges, *, bust: bool) -> np.ndarray:
    """Return ``alpha`` (float32, 0 to 1) with its straight edges bulging instead, except where the pet stands aside.

    ``bust`` says that the lower edge is hidden below the frame.
    """
    rows, columns = np.flatnonzero((alpha > 0.5).any(axis=1)), np.flatnonzero((alpha > 0.5).any(axis=0))
    if edges.left and edges.side >= 0:
        alpha = _rounded_left(alpha, edges.left, int(columns[0]), len(columns), bust)
    if edges.right and edges.side <= 0:
        alpha = cv2.flip(
            _rounded_left(cv2.flip(alpha, 1), edges.right, alpha.shape[1] - 1 - int(columns[-1]), len(columns), bust), 1
        )
    if edges.top:
        alpha = np.ascontiguousarray(
            _rounded_left(np.ascontiguousarray(alpha.T), edges.top, int(rows[0]), len(rows), False).T
        )
    return alpha


def extend_below(bgr: np.ndarray, cover: np.ndarray, margin: int, skirt: int) -> tuple[np.ndarray, np.ndarray]:
    """Mirror a bust's lower part below its edge, so that no gap opens when it hops or leans."""
    keep = bgr.shape[0] - margin - 3
    below = min(skirt, keep - 2) + margin + 3
    return tuple(  # type: ignore[return-value]
        cv2.copyMakeBorder(part[:keep], 0, below, 0, 0, cv2.BORDER_REFLECT_101) for part in (bgr, cover)
    )


def extend_aside(
    bgr: np.ndarray, cover: np.ndarray, side: int, margin: int, skirt: int
) -> tuple[np.ndarray, np.ndarray, int]:
    """Mirror a pet beyond the left (``side`` -1) or right edge that cuts it off, so that no gap opens when it leans.

    Also returns by how many pixels, which is less than ``skirt`` for a very narrow pet.
    """
    keep = margin + 3
    added = min(skirt + keep, bgr.shape[1] - keep - 1)
    left, right = (added, 0) if side < 0 else (0, added)
    kept = slice(keep, None) if side < 0 else slice(None, -keep)
    bgr, cover = (cv2.copyMakeBorder(part[:, kept], 0, 0, left, right, cv2.BORDER_REFLECT_101) for part in (bgr, cover))
    return bgr, cover, added - keep


def _rounded_left(alpha: np.ndarray, run: Run, start: int, size: int, bust: bool) -> np.ndarray:
    """Return ``alpha`` with a bulge instead of the edge at column ``start``, which is ``run`` long."""
    first, last = run
    if bust and last >= len(alpha) - 2:
        # The lower end of the edge is out of sight.
        last += last - first
    half = max((last - first) / 2, 1.0)
    depth = min(DEPTH * half, BULGE * size)
    away = np.abs(np.arange(len(alpha), dtype=np.float32) + 0.5 - (first + last) / 2) / half
    inset = depth * np.where(away < 1, away**2.5, np.clip(1 - (away - 1) / 0.3, 0, 1))
    x = np.arange(alpha.shape[1], dtype=np.float32)[None] + 0.5 - start
    rounded: np.ndarray = (alpha * np.clip(x - inset[:, None] + 0.5, 0, 1)).astype(np.float32)
    return rounded


def _run(touching: np.ndarray, size: int) -> Run | None:
    """Return the first and last + 1 place where the pet touches the edge, or None if it is too little to notice."""
    places = np.flatnonzero(touching)
    if len(places) <= ROUNDED * size:
        return None
    return int(places[0]), int(places[-1]) + 1
