"""A hat on a skull: its size, its place, and the ears before it."""

import cv2
import numpy as np

from videos.studio.puppet.hats import Hat, Pen
from videos.studio.puppet.skull import Skull, ears_of
from videos.studio.raster.canvas import Canvas

HAT_WIDTH = 1.12  # The width of a hat, in widths of the skull.
SEAT = 0.03  # A hat is pulled down by this share of the skull's width.
TOUCH = 0.06  # Its lower edge is below the crown by at least this share of the skull's width.
OVERHANG = 0.015  # A band is wider than the head by this share of the skull's width on either side.


def beyond_pet(hat: Hat, skull: Skull, shape: tuple[int, ...]) -> tuple[float, float, float]:
    """Return how far the hat extends beyond the pet's picture to the left, above and to the right, in its pixels."""
    if hat.front is None and hat.back is None:
        return 0.0, 0.0, 0.0
    unit = HAT_WIDTH / hat.width
    sides = [unit * (hat.aside + hat.reach * side) for side in (-1, 1)]
    corners = [skull.at(x, y) for x in sides for y in (_seat(hat, skull) - unit * hat.headroom, 0.3)]
    x, y = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return max(0.0, -min(x)), max(0.0, -min(y)), max(0.0, max(x) - shape[1])


def draw_hat(flat: np.ndarray, cover: np.ndarray, hat: Hat, skull: Skull) -> tuple[Canvas | None, Canvas | None]:
    """Return the parts of the hat behind and before the pet (BGR float32, alpha 0 to 1); None if there is none."""
    unit, tilt = HAT_WIDTH / hat.width * skull.width, hat.tilt + skull.tilt
    x, y = skull.at(HAT_WIDTH / hat.width * hat.aside, _seat(hat, skull))
    behind = front = None
    head = cover
    if hat.back is not None:
        behind = Canvas(np.clip(flat, 0, 255).astype(np.uint8))
        hat.back(Pen(behind, x, y, unit, tilt))
        flat = behind.colour * (1 - cover[..., None]) + flat * cover[..., None]
        cover = np.maximum(cover, behind.alpha.astype(np.float32) / 255)
    if hat.front is not None:
        front = Canvas(np.clip(flat * cover[..., None] + 255 * (1 - cover[..., None]), 0, 255).astype(np.uint8))
        hat.front(Pen(front, x, y, unit, tilt))
        if hat.fits:
            _end_with(head, front, OVERHANG * skull.width)
    return behind, front


def _seat(hat: Hat, skull: Skull) -> float:
    """Return how far below the crown the hat sits, in skull widths: higher where it would come near the eyes."""
    if skull.eyes <= 0:
        return SEAT
    lowest = max(TOUCH, hat.lowest * skull.eyes / skull.width)
    return min(SEAT, lowest - HAT_WIDTH / hat.width * hat.drop)


def _end_with(cover: np.ndarray, band: Canvas, overhang: float) -> None:
    """Cut a band that is longer than the head is wide to the head and a little more."""
    size = 2 * max(1, round(overhang)) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    inside = cv2.blur(cv2.dilate((cover > 0.5).astype(np.uint8) * 255, disc), (3, 3))
    cv2.multiply(band.alpha, inside, dst=band.alpha, scale=1 / 255)


def ears_before(cover: np.ndarray, hat: Hat, skull: Skull) -> np.ndarray:
    """Return the ears that stay before the hat (float32, (h, w), 0 to 1)."""
    # A band ends at low ears as well. A hat hides them.
    return np.zeros_like(cover) if hat.over_ears else ears_of(cover, skull, low=hat.fits)


def end_at_ears(band: Canvas, ears: np.ndarray) -> None:
    """Remove what is left of a band beyond the ears that stay before it (float32, (h, w), 0 to 1)."""
    seen = ((band.alpha > 127) & (ears < 0.5)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(seen, connectivity=8)
    if count > 2:
        largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
        around = cv2.dilate((labels == largest).astype(np.uint8), np.ones((5, 5), np.uint8))
        band.alpha[around == 0] = 0


def add_hat(
    flat: np.ndarray, cover: np.ndarray, hat: Hat, skull: Skull, *, ears: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pet (BGR float32, alpha 0 to 1) with its hat: the part behind the head, the pet, the part in front.

    ``ears`` leaves the pet's ears before the hat.
    """
    kept = ears_before(cover, hat, skull) if ears else np.zeros_like(cover)
    behind, front = draw_hat(flat, cover, hat, skull)
    if front is not None and hat.fits:
        end_at_ears(front, kept)
    pet = flat
    if behind is not None:
        flat = behind.colour * (1 - cover[..., None]) + flat * cover[..., None]
        cover = np.maximum(cover, behind.alpha.astype(np.float32) / 255)
    if front is None:
        return flat, cover
    drawn = front.alpha.astype(np.float32) / 255
    flat = front.colour * drawn[..., None] + flat * (1 - drawn[..., None])
    flat = pet * kept[..., None] + flat * (1 - kept[..., None])
    return flat, np.maximum(cover, drawn)
