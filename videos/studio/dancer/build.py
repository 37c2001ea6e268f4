"""The build of a dancer's body, chosen from the pet's own: small, round or slim."""

import cv2
import numpy as np

from videos.photos.head import Head
from videos.studio.segmentation.head_shape import Oval
from videos.styles import Body

# The mask is measured with its longer side at this many pixels.
SIDE = 240
# A pet that meets the photo's edge along more than this share of its head's width is not wholly in the picture.
CUT = 0.35
# The share of the area that a head with ears takes up, from which the body is small: toy breeds, kittens, rodents.
SMALL_FROM = 0.42
# The radius of the largest disc in the body against that of the head, from which the body is round.
ROUND_FROM = 1.54
# A head that takes up less or more than this is a mistake, or its body is hidden.
MIN_HEAD, MAX_HEAD = 0.05, 0.58


def build_of(head: Head, mask: np.ndarray | None) -> Body:
    """Return the build that suits a pet.

    ``mask`` is the pet's of the whole photo (float32, 0 to 1), and ``head`` is in that photo. A pet that is not wholly
    in the picture is slim, which suits every head. Birds and sitting bodies are the owner's choice.
    """
    if mask is None:
        return Body.SLIM
    measured = measures(head, mask)
    if measured is None:
        return Body.SLIM
    share, girth = measured
    if share >= SMALL_FROM:
        return Body.SMALL
    return Body.ROUND if girth >= ROUND_FROM else Body.SLIM


def measures(head: Head, mask: np.ndarray) -> tuple[float, float] | None:
    """Return the head's share of the pet's area and the body's girth against the head's, or None if it is not seen."""
    by = SIDE / max(mask.shape)
    small = cv2.resize(mask, (max(1, round(mask.shape[1] * by)), max(1, round(mask.shape[0] * by))))
    oval = Oval.of(head, small.shape[1], small.shape[0])
    pet = _pet_at(small > 0.5, oval)
    if pet is None:
        return None
    edges = (pet[0], pet[-1], pet[:, 0], pet[:, -1])
    if sum(int(edge.sum()) for edge in edges) > CUT * 2 * oval.rx:
        return None
    inside = oval.distance(pet.shape) < 1
    share = float((pet & inside).sum() / pet.sum())
    if not MIN_HEAD <= share <= MAX_HEAD:
        return None
    body = (pet & ~inside).astype(np.uint8)
    thick = cv2.distanceTransform(np.pad(body, 1), cv2.DIST_L2, 5).max()
    return share, float(thick / oval.radius)


def _pet_at(pet: np.ndarray, oval: Oval) -> np.ndarray | None:
    """Return the connected part of the mask that holds the middle of the head, if any does."""
    _, labels = cv2.connectedComponents(pet.astype(np.uint8), connectivity=8)
    row, column = (min(max(round(at), 0), size - 1) for at, size in zip((oval.y, oval.x), pet.shape, strict=True))
    label = labels[row, column]
    return labels == label if label else None
