"""The eyes and the nose of a head, if they are sure: a wrong blink is worse than none.

A face seen from the front is found by what both of its eyes share: they are darker than the fur around them, one looks
like the mirror image of the other, no other pair does so nearly as well, and a dark nose lies below their middle.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from videos.studio.puppet.skull import Skull
from videos.studio.segmentation.head_cutout import HeadCutout

# The head is examined upright, with a skull of this width, the crown at this point, in a picture of this size.
SKULL, CROWN, SIZE = 96.0, (75.0, 40.0), (150, 170)
EYE, AROUND = 3.0, 8.0  # An eye and what is around it, as deviations of Gaussians in pixels.
EYE_BAND = (0.15, 0.72)  # Eyes are here between crown and chin.
MAX_CANDIDATES = 14
REACH = 11  # Half the side of the picture of an eye that is compared, in pixels.
# In skull widths: how far eyes are apart, and how far their middle is from the head's.
APART, OFF_AXIS = (0.26, 0.62), 0.16
MAX_APART = 0.5  # Places farther apart are rivals of the eyes, but nostrils or ears themselves.
MIN_ASIDE = 0.33  # Beyond each eye the head goes on by this share of their distance. Nostrils are nearer to its edge.
MAX_ROLL = 14.0  # In degrees.
MIN_CONTRAST, MIN_CONTRAST_OF_TWINS = 11.0, 8.5  # The distance in Lab between an eye and what is around it.
MIN_ALIKE = 0.6  # The correlation of one eye with the mirror image of the other.
MIN_SAME = 0.6  # How equal the contrasts of both eyes are; 1 means the same.
TWINS = 0.75  # Both together, from where eyes are nearly identical, so that less contrast and a nearer nose will do.
MAX_RIVAL, MAX_RIVAL_OF_TWINS = 0.4, 0.5  # The score of the next pair of places, as a share of the best pair's.
# How far the nose is below the eyes and beside their axis, in distances of the eyes, and how much darker it is.
NOSE_BELOW, NOSE_BELOW_TWINS, NOSE_ASIDE, MIN_NOSE = (0.45, 1.1), (0.38, 1.1), 0.2, 8.0
# A mouth is open where more than this share of the muzzle is a tongue (red), a toy (any colour) or dark. In Lab.
MAX_OPEN, TONGUE, TOY, MAX_INSIDE = 0.06, 14.0, 48.0, 22.0
MIN_MUZZLE = 200  # In pixels. With less of the muzzle in the photo there is no jaw to move.
# An eye's radii, in distances of the eyes.
EYE_RX, EYE_RY = (0.15, 0.27), (0.12, 0.23)
MAX_UNEQUAL = 1.6  # How much larger the area of one eye is than that of the other.
MAX_HEIGHT = 1.25  # An eye is no taller than this share of its width.


@dataclass(frozen=True, slots=True)
class Eye:
    """An eye, with its middle and radii in pixels."""

    x: float
    y: float
    rx: float
    ry: float


@dataclass(frozen=True, slots=True)
class Face:
    """A face seen from the front, in the pixels of its picture.

    ``roll`` is the clockwise turn of the eyes in degrees. ``shut`` is whether the mouth is shut and holds nothing.
    """

    eyes: tuple[Eye, Eye]
    nose: tuple[float, float]
    roll: float
    shut: bool

    @property
    def apart(self) -> float:
        """The distance between the eyes."""
        left, right = self.eyes
        return float(np.hypot(right.x - left.x, right.y - left.y))

    def placed(self, by: float, left: float, top: float) -> "Face":
        """Return the face in a picture scaled by ``by`` and moved right and down."""
        one, other = (Eye(eye.x * by + left, eye.y * by + top, eye.rx * by, eye.ry * by) for eye in self.eyes)
        return Face((one, other), (self.nose[0] * by + left, self.nose[1] * by + top), self.roll, self.shut)


class _Pair(NamedTuple):
    """Two places that can be eyes, and what speaks for them."""

    left: tuple[int, int]
    right: tuple[int, int]
    contrast: float
    alike: float
    same: float

    @property
    def are_twins(self) -> bool:
        return self.alike > 0 and self.alike * self.same > TWINS

    @property
    def score(self) -> float:
        return self.contrast * max(self.alike, 0.0) * max(self.same, 0.0)


def find_face(head: HeadCutout, skull: Skull) -> Face | None:
    """Return the face of ``head`` if its eyes and nose are sure. ``skull`` is in the pixels of the head."""
    by = SKULL / skull.width
    move = np.array([[by, 0, CROWN[0] - skull.x * by], [0, by, CROWN[1] - skull.y * by]])
    soft = head.bgra if by > 0.6 else cv2.GaussianBlur(head.bgra, (0, 0), 0.45 / by)
    colours = cv2.warpAffine(soft[..., :3], move, SIZE, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpAffine(head.bgra[..., 3], move, SIZE)
    lab = cv2.GaussianBlur(cv2.cvtColor(colours.astype(np.float32) / 255, cv2.COLOR_BGR2LAB), (0, 0), 0.8)
    contrast = cv2.GaussianBlur(lab, (0, 0), EYE) - cv2.GaussianBlur(lab, (0, 0), AROUND)
    strength = np.linalg.norm(contrast, axis=2)
    chin = (head.oval.y + head.oval.ry) * by + move[1, 2]
    places = _candidates(strength, cover, chin)
    best = _best_pair(lab, contrast, strength, places)
    if best is None or not _is_inside(cover, best):
        return None
    nose = _nose(lab[..., 0], cover, best)
    if nose is None:
        return None
    eyes = [_eye(strength, place, best) for place in (best.left, best.right)]
    small, large = sorted(eye.rx * eye.ry for eye in eyes)
    if large > MAX_UNEQUAL * small or any(eye.ry > MAX_HEIGHT * eye.rx for eye in eyes):
        return None
    rx, ry = (float(np.mean([getattr(eye, name) for eye in eyes])) for name in ("rx", "ry"))
    eyes = [Eye(eye.x, eye.y, rx, ry) for eye in eyes]
    roll = float(np.degrees(np.arctan2(best.right[1] - best.left[1], best.right[0] - best.left[0])))
    return Face((eyes[0], eyes[1]), nose, roll, _is_shut(lab, cover, nose, best)).placed(
        1 / by, -move[0, 2] / by, -move[1, 2] / by
    )


def _candidates(strength: np.ndarray, cover: np.ndarray, chin: float) -> list[tuple[int, int]]:
    """Return the places (x, y) of the strongest contrasts where eyes can be, the strongest first."""
    rows = np.arange(SIZE[1])[:, None]
    height = chin - CROWN[1]
    inside = cv2.erode((cover > 200).astype(np.uint8), np.ones((11, 11), np.uint8)) > 0
    inside = inside & (rows > CROWN[1] + EYE_BAND[0] * height) & (rows < CROWN[1] + EYE_BAND[1] * height)
    near = cv2.dilate(strength, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15)))
    y, x = np.nonzero((strength >= near) & inside & (strength > 2))
    order = np.argsort(-strength[y, x], kind="stable")[:MAX_CANDIDATES]
    return [(int(x[i]), int(y[i])) for i in order]


def _best_pair(
    lab: np.ndarray, contrast: np.ndarray, strength: np.ndarray, places: list[tuple[int, int]]
) -> _Pair | None:
    """Return the two places that are eyes, or None unless that is sure."""
    pairs = []
    for left in places:
        for right in places:
            apart = float(np.hypot(right[0] - left[0], right[1] - left[1]))
            if right[0] <= left[0] or not APART[0] * SKULL < apart < APART[1] * SKULL:
                continue
            roll = abs(np.degrees(np.arctan2(right[1] - left[1], right[0] - left[0])))
            if roll > MAX_ROLL or abs((left[0] + right[0]) / 2 - CROWN[0]) > OFF_AXIS * SKULL:
                continue
            one, other = contrast[left[1], left[0]], contrast[right[1], right[0]]
            same = 1 - 2 * float(np.linalg.norm(one - other) / (np.linalg.norm(one) + np.linalg.norm(other)))
            if same <= 0:
                continue
            weaker = float(min(strength[left[1], left[0]], strength[right[1], right[0]]))
            pairs.append(_Pair(left, right, weaker, _alike(lab, left, right), same))
    if not pairs:
        return None
    best = max(pairs, key=lambda pair: pair.score)
    rival = max((pair.score for pair in pairs if {pair.left, pair.right} != {best.left, best.right}), default=0.0)
    dark = all(contrast[y, x, 0] < 0 for x, y in (best.left, best.right))
    least, most = (MIN_CONTRAST_OF_TWINS, MAX_RIVAL_OF_TWINS) if best.are_twins else (MIN_CONTRAST, MAX_RIVAL)
    sure = best.contrast > least and best.alike > MIN_ALIKE and best.same > MIN_SAME
    return best if sure and dark and rival <= most * best.score else None


def _is_inside(cover: np.ndarray, pair: _Pair) -> bool:
    """Whether the eyes are near enough to each other for the head to go on beyond both."""
    across = np.subtract(pair.right, pair.left)
    if np.hypot(*across) > MAX_APART * SKULL:
        return False
    places = np.round([pair.left - MIN_ASIDE * across, pair.right + MIN_ASIDE * across]).astype(int)
    return all(0 <= x < SIZE[0] and 0 <= y < SIZE[1] and cover[y, x] > 127 for x, y in places)


def _alike(lab: np.ndarray, left: tuple[int, int], right: tuple[int, int]) -> float:
    """Return how alike one place and the mirror image of the other are (-1 to 1), with both upright."""
    roll = float(np.degrees(np.arctan2(right[1] - left[1], right[0] - left[0])))
    side = 2 * REACH + 1
    patches = []
    for x, y in (left, right):
        turn = cv2.getRotationMatrix2D((x, y), roll, 1)
        turn[:, 2] += REACH - np.array([x, y])
        patches.append(cv2.warpAffine(lab, turn, (side, side), borderMode=cv2.BORDER_REPLICATE))
    one, other = (patch - patch.mean(axis=(0, 1)) for patch in (patches[0], patches[1][:, ::-1]))
    return float((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum() + 1e-6))


def _nose(light: np.ndarray, cover: np.ndarray, pair: _Pair) -> tuple[float, float] | None:
    """Return the middle of the nose, a dark spot below the middle of the eyes, or None."""
    across = np.subtract(pair.right, pair.left).astype(np.float32)
    down = np.array([-across[1], across[0]])
    middle = np.add(pair.left, pair.right) / 2
    below, aside = np.meshgrid(np.arange(0.4, 1.3, 0.05), np.arange(-NOSE_ASIDE, NOSE_ASIDE + 0.01, 0.05))
    at = middle + below[..., None] * down + aside[..., None] * across
    x, y = (np.clip(at[..., axis].astype(int), 0, SIZE[axis] - 1) for axis in (0, 1))
    dark = cv2.GaussianBlur(light, (0, 0), 9) - cv2.GaussianBlur(light, (0, 0), 4)
    found = np.where(cover[y, x] > 200, dark[y, x], 0)
    best = np.unravel_index(np.argmax(found), found.shape)
    nearest, farthest = NOSE_BELOW_TWINS if pair.are_twins else NOSE_BELOW
    if found[best] < MIN_NOSE or not nearest < below[best] < farthest:
        return None
    return float(x[best]), float(y[best])


def _is_shut(lab: np.ndarray, cover: np.ndarray, nose: tuple[float, float], pair: _Pair) -> bool:
    """Whether the muzzle below the nose shows no tongue, no dark inside and no toy."""
    apart = float(np.hypot(pair.right[0] - pair.left[0], pair.right[1] - pair.left[1]))
    rows, columns = (np.arange(size, dtype=np.float32) for size in (SIZE[1], SIZE[0]))
    muzzle = (np.abs(columns[None] - nose[0]) < 0.6 * apart) & (
        np.abs(rows[:, None] - nose[1] - 0.75 * apart) < 0.5 * apart
    )
    seen = muzzle & (cover > 200)
    if np.count_nonzero(seen) < MIN_MUZZLE:
        return False
    light, a, b = cv2.split(lab[seen][None])
    tongue = (a > TONGUE) & (a > 0.7 * b) & (light > 25)
    usual = float(np.median(np.hypot(lab[..., 1], lab[..., 2])[cover > 200]))
    toy = (np.hypot(a, b) > max(TOY, 1.35 * usual)) | (b < -12) | (a < -10)
    inside = light < min(MAX_INSIDE, 0.4 * float(np.median(light)))
    return float((tongue | toy | inside).mean()) < MAX_OPEN


def _eye(strength: np.ndarray, place: tuple[int, int], pair: _Pair) -> Eye:
    """Return the eye at ``place`` with its size."""
    apart = float(np.hypot(pair.right[0] - pair.left[0], pair.right[1] - pair.left[1]))
    x, y = place
    reach = round(0.4 * apart)
    top, left = max(0, y - reach), max(0, x - reach)
    window = strength[top : y + reach + 1, left : x + reach + 1] > 0.45 * strength[y, x]
    labels = cv2.connectedComponents(window.astype(np.uint8), connectivity=4)[1]
    rows, columns = np.nonzero(labels == labels[y - top, x - left])
    rx, ry = 2 * columns.std(), 2 * rows.std()
    return Eye(x, y, float(np.clip(rx, *np.multiply(EYE_RX, apart))), float(np.clip(ry, *np.multiply(EYE_RY, apart))))
