"""The position of a pet's head, derived from its outline alone.

The head carries the hat, tilts on the neck, and is not covered by the gloves.
"""

from dataclasses import dataclass

import cv2
import numpy as np

SIDE = 160  # The outline is examined with this longer side.
CORE = 0.2  # Ears and tails are thinner than this share of the pet's smaller side.
SEAT = 0.1  # A hat is pulled down by this share of the head's width.
FLAT = 1.05  # A top wider than this share of the pet's height is a back, not a head.


@dataclass(frozen=True, slots=True)
class Head:
    """The head's middle, the top of its skull without the ears, and its width, in pixels.

    ``is_distinct`` says whether the head stands out from the body. A hat on a back would be out of place.
    """

    x: float
    top: float
    width: float
    is_distinct: bool = True

    @property
    def seat(self) -> float:
        """The row of a hat's brim, which is pulled down over the head."""
        return self.top + SEAT * self.width

    def scaled(self, by: float, left: float, top: float) -> "Head":
        """Return the same head in a picture scaled by ``by`` and moved right and down."""
        return Head(self.x * by + left, self.top * by + top, self.width * by, self.is_distinct)


def find_head(pet: np.ndarray, cut_off: bool = False) -> Head:
    """Return the head of the pet in the bool mask ``pet``: the highest part without ears and tail.

    The head of a pet that is ``cut_off`` below always counts as distinct, because nobody frames a back that way.
    """
    by = min(1.0, SIDE / max(pet.shape))
    size = (max(4, round(pet.shape[1] * by)), max(4, round(pet.shape[0] * by)))
    small = cv2.resize(pet.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0
    body = _core(small)
    high, wide = body.shape
    top = int(np.flatnonzero(body.any(axis=1))[0])
    middle = _highest_column(body, top)
    depth = min(high - 1, top + round(0.16 * high))
    crown = _stretch_around(body[depth], middle)
    across = len(crown)
    is_distinct = cut_off or across < FLAT * high
    if cut_off or across < 0.75 * high:
        middle = round(float(crown[0] + crown[-1]) / 2)
    width = min(float(np.clip(across, 0.2 * high, 0.5 * high)), 1.05 * wide)
    # The skull begins lower between two ears than at either ear.
    near = body[:, max(0, middle - round(0.15 * width)) : middle + round(0.15 * width) + 1].any(axis=1)
    top = int(np.flatnonzero(near)[0]) if near.any() else top
    return Head((middle + 0.5) / wide * pet.shape[1], top / by, width / by, is_distinct)


def _core(pet: np.ndarray) -> np.ndarray:
    """Return the pet without the parts that are thinner than a disc, or the pet itself if nothing would remain."""
    across = max(3, round(CORE * min(pet.shape)) | 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across))
    # The area beyond the picture counts as empty; otherwise a bust's corners would be rounded away with its ears.
    core = cv2.morphologyEx(pet.astype(np.uint8), cv2.MORPH_OPEN, disc, borderValue=0) > 0
    return core if core.any() else pet


def _highest_column(body: np.ndarray, top: int) -> int:
    """Return the column of the highest rise, or of the widest if several are equally high."""
    cap = body[top : top + max(2, round(0.06 * body.shape[0]))].any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], cap.astype(np.int8), [0]])))
    start, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda rise: rise[1] - rise[0])
    return int(start + end - 1) // 2


def _stretch_around(row: np.ndarray, at: int) -> np.ndarray:
    """Return the columns of the unbroken run of ``row`` around ``at``."""
    gaps = np.flatnonzero(~row)
    left = min(int(gaps[gaps < at].max(initial=-1)) + 1, at)
    right = max(int(gaps[gaps > at].min(initial=len(row))), at + 1)
    return np.arange(left, right)
