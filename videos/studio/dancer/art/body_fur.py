"""White feet and a white chest, seen below a pet's head in its photo.

Nothing is guessed: without a mask, or where the photo shows no such part, there is no answer.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from videos.photos.head import Head
from videos.studio.segmentation.head_shape import Oval, linked_part

RADIUS = 24  # The head is examined at this radius in pixels.
# Around the head's oval, in its radii: what belongs to it, and where the chest and the feet are.
HEAD, CHEST_BELOW, CHEST_ASIDE = 1.12, (1.1, 2.3), 0.75
LEAST_BELOW, FEET_ASIDE = 2.2, 2.6
FEET = 0.14  # The feet are the lowest part of a pet, this share of its height.
SKIN = 2  # The outermost pixels of the pet show what is behind it.
MIN_PIXELS = 60
WHITE, NEUTRAL = 54.0, 17.0  # White fur is lighter than this, also in the shade, and has less chroma.
MIN_WHITE_CHEST, MIN_WHITE_FEET = 0.4, 0.5  # The shares of a part from which it is white.
CUT_OFF = 0.2  # Feet count only if at most this share of the pet's lowest rows touches the photo's lower edge.


@dataclass(frozen=True, slots=True)
class WhiteParts:
    """The colours (Lab) of a white chest and of white feet. None where there are none, or where they are not seen.

    ``feet_seen`` says whether the photo shows the feet.
    """

    chest: np.ndarray | None = None
    feet: np.ndarray | None = None
    feet_seen: bool = False


def white_parts(bgr: np.ndarray, mask: np.ndarray | None, head: Head) -> WhiteParts:
    """Return what is white below ``head`` in a photo (uint8, (h, w, 3)).

    ``mask`` is the pet's in the whole photo (float32, 0 to 1, of any size).
    """
    if mask is None:
        return WhiteParts()
    longer = max(bgr.shape[:2])
    by = min(1.0, RADIUS / max(np.sqrt(head.rx * head.ry) * longer, 1e-6))
    size = (max(2, round(bgr.shape[1] * by)), max(2, round(bgr.shape[0] * by)))
    small = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)
    oval = Oval.of(head, *size)
    pet = linked_part(cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR) > 0.6, oval)
    body = pet & (oval.distance(pet.shape) > HEAD)
    body = cv2.erode(body.astype(np.uint8), np.ones((2 * SKIN + 1, 2 * SKIN + 1), np.uint8), borderValue=1) > 0
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    feet = _feet(pet, body, oval)
    return WhiteParts(
        _white(lab, body & _chest(pet.shape, oval), MIN_WHITE_CHEST),
        _white(lab, feet, MIN_WHITE_FEET),
        bool(feet.any()),
    )


def _chest(shape: tuple[int, ...], oval: Oval) -> np.ndarray:
    x = np.abs(np.arange(shape[1])[None] - oval.x) / oval.rx
    y = (np.arange(shape[0])[:, None] - oval.y) / oval.ry
    chest: np.ndarray = (x < CHEST_ASIDE) & (y > CHEST_BELOW[0]) & (y < CHEST_BELOW[1])
    return chest


def _feet(pet: np.ndarray, body: np.ndarray, oval: Oval) -> np.ndarray:
    """Return the feet (bool, (h, w)): the lowest part of the pet, if the photo shows its end."""
    nothing = np.zeros_like(pet)
    rows = np.flatnonzero(pet.any(axis=1))
    if not rows.size or rows[-1] < oval.y + LEAST_BELOW * oval.ry:
        return nothing
    if rows[-1] >= len(pet) - 2 and pet[-2:].mean() > CUT_OFF * pet.any(axis=0).mean():
        return nothing
    y = np.arange(len(pet))[:, None]
    x = np.abs(np.arange(pet.shape[1])[None] - oval.x)
    feet: np.ndarray = body & (y > rows[-1] - FEET * (rows[-1] - rows[0])) & (x < FEET_ASIDE * oval.rx)
    return feet


def _white(lab: np.ndarray, part: np.ndarray, least: float) -> np.ndarray | None:
    """Return the colour of the white fur of a part, if enough of it is white."""
    pixels = lab[part]
    if len(pixels) < MIN_PIXELS:
        return None
    white = pixels[(pixels[:, 0] > WHITE) & (np.hypot(pixels[:, 1], pixels[:, 2]) < NEUTRAL)]
    if len(white) < least * len(pixels):
        return None
    colour: np.ndarray = np.median(white, axis=0)
    return colour
