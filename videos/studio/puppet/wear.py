"""A hat on a skull: its size, its place, and the ears before it."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np

from videos.studio.puppet.hats import Hat, Pen
from videos.studio.puppet.skull import Skull, ears_of
from videos.studio.raster.canvas import Canvas, box, oval, rotate_points

HAT_WIDTH = 1.12  # The width of a hat, in widths of the skull.
SEAT = 0.03  # A hat is pulled down by at least this share of the skull's width.
TOUCH = 0.06  # Its lower edge is below the crown by at least this share of the skull's width.
OVERHANG = 0.015  # A band is wider than the head by this share of the skull's width on either side.
WALL = 0.88  # The head's outline under a hat is as wide as this share of its opening.
NARROWEST = 0.84  # A hat is drawn smaller by at most this factor where it would come near the eyes.
# The ends of a band are this far below the crown, and it is half as wide as this, in skull widths.
BAND, BAND_HALF = 0.18, (0.4, 0.53)
USUAL_EYES = 0.39  # How far eyes are below the crown if that is not known, in skull widths.
SLOPE, STEEPEST = 0.7, 14.0  # A hat follows the slope of the head by this share, and by at most this many degrees.
DETAIL = 64  # The outline is measured at this many pixels to the skull's width,
ASIDE, ABOVE, BELOW = 0.75, 0.3, 0.6  # and within so many skull widths of the crown.


@dataclass(frozen=True, slots=True)
class Worn:
    """The parts of a hat: behind the head and hands, inside the hat behind the head, and before the head."""

    hair: Canvas | None = None
    inside: Canvas | None = None
    before: Canvas | None = None


class _Place(NamedTuple):
    """Where a hat's origin is, how many pixels its unit has, and its clockwise tilt in degrees."""

    x: float
    y: float
    unit: float
    tilt: float


def beyond_pet(hat: Hat, skull: Skull, cover: np.ndarray) -> tuple[float, float, float]:
    """Return how far the hat extends beyond the pet's picture to the left, above and to the right, in its pixels."""
    places = [_seat(hat, skull, cover)] if hat.front is not None else []
    places += [_behind(hat, skull)] if hat.back is not None else []
    left, top, right = 0.0, 0.0, float(cover.shape[1])
    for x, y, unit, tilt in places:
        corners = box(-hat.reach, -hat.headroom, hat.reach, 0.3) * unit
        turned = rotate_points(corners, tilt - hat.tilt, x, y)
        left, right = min(left, float(turned[:, 0].min())), max(right, float(turned[:, 0].max()))
        top = min(top, float(turned[:, 1].min()))
    return -left, -top, right - cover.shape[1]


def draw_hat(flat: np.ndarray, cover: np.ndarray, hat: Hat, skull: Skull) -> Worn:
    """Return the parts of the hat on a pet (BGR float32, alpha 0 to 1)."""
    hair = inside = before = None
    head = cover
    if hat.back is not None:
        hair = Canvas(np.clip(flat, 0, 255).astype(np.uint8))
        hat.back(Pen(hair, *_behind(hat, skull)))
        flat = hair.colour * (1 - cover[..., None]) + flat * cover[..., None]
        cover = np.maximum(cover, hair.alpha.astype(np.float32) / 255)
    if hat.front is not None:
        place = _seat(hat, skull, head)
        ground = np.clip(flat * cover[..., None] + 255 * (1 - cover[..., None]), 0, 255).astype(np.uint8)
        if hat.inside is not None:
            inside = Canvas(ground)
            Pen(inside, *place).fill(oval(0, 0, 0.97 * hat.mouth / 2, hat.drop), hat.inside)
        before = Canvas(ground)
        hat.front(Pen(before, *place))
        if hat.fits:
            _end_with(head, before, OVERHANG * skull.width)
    return Worn(hair, inside, before)


def _behind(hat: Hat, skull: Skull) -> _Place:
    """Return the place of the part behind the head, which no outline moves."""
    return _Place(*skull.at(0, SEAT), HAT_WIDTH / hat.width * skull.width, hat.tilt + skull.tilt)


def _seat(hat: Hat, skull: Skull, cover: np.ndarray) -> _Place:
    """Return where the hat sits: the ends of its opening lie on the outline of the head, above the eyes."""
    unit = HAT_WIDTH / hat.width
    eyes = skull.eyes / skull.width if skull.eyes > 0 else USUAL_EYES
    lowest = max(TOUCH, hat.lowest * eyes)
    outline = _Outline.of(cover, skull)
    if hat.mouth == 0:
        aside = unit * hat.aside
        down = min(max(outline.down(aside), SEAT), lowest - unit * hat.drop)
        return _Place(*skull.at(aside, down), unit * skull.width, hat.tilt + skull.tilt)
    if hat.fits:
        half = float(np.clip(outline.half(BAND), *BAND_HALF)) + OVERHANG
        unit = 2 * half / hat.mouth
        down = min(BAND, lowest - unit * hat.drop)
    else:
        half = WALL * unit * hat.mouth / 2
        down, most = max(outline.middle(half), SEAT), lowest - unit * hat.drop
        if down > most > 0:
            smaller = max(NARROWEST, outline.half(most) / half)
            unit, half = unit * smaller, half * smaller
            most = lowest - unit * hat.drop
        down = min(down, most)
    # A head that is known to be turned has no slope of its own.
    tilt = hat.tilt + (skull.tilt or outline.slope(half))
    return _Place(*skull.at(unit * hat.aside, down), unit * skull.width, tilt)


@dataclass(frozen=True, slots=True)
class _Outline:
    """How far the outline of a head is below its crown, without its ears.

    ``x`` are places right of the crown and ``y`` the outline below it, both in skull widths.
    """

    x: np.ndarray
    y: np.ndarray

    @classmethod
    def of(cls, cover: np.ndarray, skull: Skull) -> "_Outline":
        """Measure the outline of a pet's alpha (float32, 0 to 1)."""
        size = (2 * round(ASIDE * DETAIL) + 1, round((ABOVE + BELOW) * DETAIL))
        small = Skull(size[0] / 2, ABOVE * DETAIL, DETAIL, 0)
        by = DETAIL / skull.width
        small = replace(small, ears=skull.ears * by, reach=skull.reach * by)
        corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]
        here = np.array([skull.at(*corner) for corner in corners], np.float32)
        there = np.array([small.at(*corner) for corner in corners], np.float32)
        head = cv2.warpAffine(cover.astype(np.float32), cv2.getAffineTransform(here, there), size)
        solid = (head > 0.5) & (ears_of(head, small, low=True) < 0.5)
        y = np.where(solid.any(axis=0), solid.argmax(axis=0), size[1]) / DETAIL - ABOVE
        return cls((np.arange(size[0]) + 0.5 - size[0] / 2) / DETAIL, cv2.blur(y[None], (5, 1))[0])

    def down(self, right: float) -> float:
        """Return how far below the crown the outline is at a place."""
        return float(np.interp(right, self.x, self.y))

    def middle(self, half: float) -> float:
        """Return how far below the crown the outline is at both sides on average."""
        return (self.down(-half) + self.down(half)) / 2

    def slope(self, half: float) -> float:
        """Return by how many degrees clockwise a hat follows the slope between both sides."""
        rise = (self.down(half) - self.down(-half)) / max(2 * half, 0.1)
        return float(np.clip(SLOPE * np.degrees(np.arctan(rise)), -STEEPEST, STEEPEST))

    def half(self, down: float) -> float:
        """Return half of the head's width at a height below the crown."""
        halves = np.linspace(0.1, 0.6, 51)
        reached = [half for half in halves if self.middle(half) <= down]
        return float(max(reached, default=halves[0]))


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
    worn = draw_hat(flat, cover, hat, skull)
    if worn.before is not None and hat.fits:
        end_at_ears(worn.before, kept)
    pet = flat
    for behind in (worn.inside, worn.hair):
        if behind is not None:
            flat = behind.colour * (1 - cover[..., None]) + flat * cover[..., None]
            cover = np.maximum(cover, behind.alpha.astype(np.float32) / 255)
    if worn.before is None:
        return flat, cover
    drawn = worn.before.alpha.astype(np.float32) / 255
    flat = worn.before.colour * drawn[..., None] + flat * (1 - drawn[..., None])
    flat = pet * kept[..., None] + flat * (1 - kept[..., None])
    return flat, np.maximum(cover, drawn)
