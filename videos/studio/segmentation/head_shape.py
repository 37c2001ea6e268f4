"""The shape of a head in its pet's mask: the oval and the ears that stick out of it, but nothing behind them.

The head is upright here, in a small picture, so that the cost does not depend on the photo.
"""

from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np

from videos.photos.head import Head
from videos.studio.raster.discs import closed, grown, opened
from videos.studio.raster.mattes import smoothstep

# Lengths are shares of the oval's mean radius.
MARGIN = 1.03  # The oval is widened by this factor.
NECK_POWER = 2.4  # Its lower half is a superellipse of this power, slightly squarer than an ellipse, to keep jowls.
EARS_ASIDE, EARS_UP = 0.9, 2.2  # Ears reach beyond the oval by at most this.
THICK = 0.29  # A body, a paw or a second pet is thicker than twice this. What sticks out of an ear is thinner.
EYES, JAW = -0.15, 0.55  # The heights of the eyes and of the jaw, in the oval from -1 to 1.
CHEEK = 0.45  # A band of cheek beside an oval that is too small is thinner than this.
# The heights at which something narrower holds an ear that points aside: narrower than this share of its width, and of
# the radius.
OVERHANGS, OVERHANG, LINK = (-0.05, 0.05, 0.15), 0.7, 0.6
WIDEST_EAR = 0.42  # Half the thickness of an ear that stands free of everything else.
NAPE = 0.4  # The radius of a ball that does not fit into the corner between the head and a body behind it.
SLIVER = 0.08  # A tail that rises behind the head is thinner than twice this.
SPIKE = 0.12  # What is left between an ear and a body is thinner than twice this.
LOWEST = 0.1  # What is lower than this, in the oval from -1 to 1, is decided by the contour, if there is one.
THREAD = 0.07  # What is thinner than twice this is a whisker, or a link to something else.
TIP, SEAM = 0.3, 0.03  # The tips of ears are thin for this length, and nothing else for more than the second.
ENDS = 0.15  # An ear that goes on in the mask beyond its reach, over this length, is none.
LYING = 0.5  # An ear has at most this share of its free edge along other parts of the mask.
# Colours that are that surely those of the body are no ear's, unless it ends in the background all around, not farther
# than this beyond the oval, and not on a longer foot on the oval.
UNLIKE, EAR_END, FOOT = -0.5, 1.1, 1.0
# A back behind the head ends in the background too, but has a longer foot, is thicker than twice this, and has no like
# on the other side: all else has less than this share of its area.
BACK, ONE_SIDED = 0.28, 0.3
BRIDGE = 0.08  # A paw or a toy that is linked to the head by less than twice this is not part of it.


@dataclass(frozen=True, slots=True)
class Oval:
    """An oval in pixels: its middle, its radii across and along the face, and its clockwise tilt in degrees."""

    x: float
    y: float
    rx: float
    ry: float
    tilt: float = 0.0

    @classmethod
    def of(cls, head: Head, width: float, height: float) -> Self:
        """Return the head in a whole photo of ``width`` by ``height`` pixels."""
        side = max(width, height)
        return cls(head.x * width, head.y * height, head.rx * side, head.ry * side, head.tilt)

    @property
    def radius(self) -> float:
        """The radius of a circle of the same area."""
        return float(np.sqrt(self.rx * self.ry))

    @property
    def reach(self) -> tuple[float, float]:
        """How far from the centre ears can reach: aside and up, in pixels."""
        return self.rx + EARS_ASIDE * self.radius, self.ry + EARS_UP * self.radius

    def scaled(self, by: float) -> Self:
        return replace(self, x=self.x * by, y=self.y * by, rx=self.rx * by, ry=self.ry * by)

    def moved(self, right: float, down: float) -> Self:
        return replace(self, x=self.x + right, y=self.y + down)

    def grid(self, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Return where each pixel is across and along the face: -1 to 1 in the oval.

        For an upright oval these are one row (1, w) and one column (h, 1).
        """
        x = np.arange(shape[1], dtype=np.float32)[None] - self.x
        y = np.arange(shape[0], dtype=np.float32)[:, None] - self.y
        if self.tilt == 0:
            return x / self.rx, y / self.ry
        cos, sin = float(np.cos(np.radians(self.tilt))), float(np.sin(np.radians(self.tilt)))
        return (x * cos + y * sin) / self.rx, (y * cos - x * sin) / self.ry

    def distance(self, shape: tuple[int, ...], neck_power: float = 2.0) -> np.ndarray:
        """Return how far each pixel is from the centre, as a share of the way to the oval (float32, (h, w)).

        ``neck_power`` makes the lower half a superellipse.
        """
        u, v = self.grid(shape)
        ellipse = np.sqrt(u * u + v * v)
        if neck_power == 2:
            return ellipse
        return np.where(v < 0, ellipse, (np.abs(u) ** neck_power + np.abs(v) ** neck_power) ** (1 / neck_power))


def head_shape(
    pet: np.ndarray,
    oval: Oval,
    inside: np.ndarray | None = None,
    *,
    alike: np.ndarray | None = None,
    photo: np.ndarray | None = None,
) -> np.ndarray:
    """Return how much of each pixel of the mask can belong to the head (float32, (h, w), 0 to 1).

    ``pet`` is the mask (float32, (h, w), 0 to 1), which continues beyond the photo's edges. The shape follows the oval
    where a body, a tail or another pet goes on behind the head, and leaves room around ears. ``inside`` (bool) takes
    the place of the oval below the ears. ``alike`` says how sure a pixel has the head's colours and not the body's (-1
    to 1), and ``photo`` (bool) where the photo is.
    """
    solid, radius = pet > 0.5, oval.radius
    usual = oval.distance(pet.shape, NECK_POWER) <= MARGIN
    body, ears = _around(solid & ~usual, usual, oval)
    # Only a tail is as thin as this for a long way. The tip of an ear is not.
    ears &= grown(opened(ears | usual, SLIVER * radius), 0.1 * radius)
    outside = solid & ~usual if photo is None else solid & ~usual & photo
    ears = _lying_free(ears & ~usual, outside, oval, alike)
    if inside is None:
        inside = usual
    else:
        ears &= oval.grid(pet.shape)[1] < LOWEST
    keep = inside | (grown(ears, 0.14 * radius) & ~body & ~usual)
    keep &= ~_apart(keep & solid, oval)
    soft = cv2.GaussianBlur(keep.astype(np.float32), (0, 0), max(0.7, 0.05 * radius))
    return smoothstep(soft, 0.3, 0.7).astype(np.float32)


def without_threads(head: np.ndarray, oval: Oval) -> np.ndarray:
    """Return the head (bool (h, w)) without whiskers, and without what hangs on it by a thread."""
    thick = linked_part(opened(head, THREAD * oval.radius), oval)
    if not thick.any():
        return head
    _, v = oval.grid(head.shape)
    tips = head & grown(thick, TIP * oval.radius) & (v < LOWEST)
    return linked_part(thick | tips | (head & grown(thick, SEAM * oval.radius)), oval)


def linked_part(mask: np.ndarray, oval: Oval) -> np.ndarray:
    """Return the connected part of a bool mask that covers most of the oval's inner area, or no pixels."""
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    inner = labels[oval.distance(mask.shape) < 0.7].astype(np.int64)
    sizes = np.bincount(inner, minlength=count)
    sizes[0] = 0
    return (labels == sizes.argmax()) & mask


def _around(outside: np.ndarray, inside: np.ndarray, oval: Oval) -> tuple[np.ndarray, np.ndarray]:
    """Divide the mask outside the oval into what goes on behind the head, and what can be its ears."""
    radius = oval.radius
    u, v = oval.grid(outside.shape)
    risen = [part for part in _risen(outside, oval) if not opened(part, WIDEST_EAR * radius).any()]
    # No cheek rises into a tail.
    cheeks = _union(
        [_cheek(outside, part, oval) for part in risen if opened(part, 2 * SLIVER * radius).any()], outside.shape
    )
    ears = _union(risen, outside.shape) | cheeks
    aside, up = oval.reach
    ears &= np.hypot(u * oval.rx / aside, v * oval.ry / up) < 1
    outside = outside & ~ears
    body = opened(outside, THICK * radius)
    if body.any():
        # The corner between the head and the body is thin, but no ear.
        body = ((closed(body | inside, NAPE * radius) & ~inside) | grown(body, 0.1 * radius)) & ~cheeks
    near_body, near_head = grown(body, 1), grown(inside, 1)
    distance = oval.distance(outside.shape)
    for part in _parts(outside & ~body):
        beside_body = int((part & near_body).sum())
        if beside_body > 0.5 * (part & near_head).sum():
            continue
        # Hanging ears end at the jaw, in a slope. Beside a body, only what rises above the eyes is an ear.
        lowest = -0.3 if beside_body else 0.75
        if beside_body:
            part &= grown(opened(part, SPIKE * radius), SPIKE * radius)
        ears |= part & (distance < MARGIN + np.clip(lowest - v, 0, 0.6))
    return body, ears


def _lying_free(ears: np.ndarray, outside: np.ndarray, oval: Oval, alike: np.ndarray | None) -> np.ndarray:
    """Return the parts of ``ears`` that end in the background. What goes on in the mask is part of something else."""
    aside, up = oval.reach
    u, v = oval.grid(ears.shape)
    limit = np.hypot(u * oval.rx / aside, v * oval.ry / up) >= 1
    distance = oval.distance(ears.shape)
    around = grown(distance < MARGIN, 1)
    kept = []
    for part in _parts(ears):
        ring = grown(part, 1) & ~part & ~grown(~outside & ~ears & (distance < MARGIN), 1)
        cut = ring & outside & ~ears
        if (cut & limit).sum() > ENDS * oval.radius or cut.sum() > LYING * (ring & ~outside).sum():
            continue
        long = (part & around).sum() > FOOT * oval.radius
        if long and part.sum() > ears.sum() / (1 + ONE_SIDED) and opened(part, BACK * oval.radius).any():
            continue
        free = not cut.any() and not long and distance[part].max() < 1 + EAR_END
        if alike is not None and alike[part].mean() < UNLIKE and not free:
            continue
        kept.append(part)
    return _union(kept, ears.shape)


def _risen(outside: np.ndarray, oval: Oval) -> list[np.ndarray]:
    """Return the parts of the mask outside the oval that rise above the eyes, and are linked to nothing else.

    An oval that is a little too small leaves a band of cheek between an ear and the body, which does not count.
    """
    _, v = oval.grid(outside.shape)
    above = outside & (v < EYES)
    risen = []
    for part in _parts(above):
        if _contact(part, v) > CHEEK * oval.radius:
            part = _overhanging(outside, part, oval)
        if part.any():
            risen.append(part)
    return risen


def _cheek(outside: np.ndarray, ear: np.ndarray, oval: Oval) -> np.ndarray:
    """Return the band of cheek below an ear that rises from it. It narrows to nothing at the jaw."""
    u, v = oval.grid(outside.shape)
    lowest = max(EYES, float(v[ear.any(axis=1)].max()))
    wide = _contact(ear, v, lowest) / oval.rx
    side = np.sign(float((u * ear).sum()))
    slope = np.clip((JAW - v) / (JAW - EYES), 0, 1)
    near = oval.distance(outside.shape) < MARGIN + wide * slope
    return outside & near & (v >= EYES) & (u * side > 0)


def _overhanging(outside: np.ndarray, ear: np.ndarray, oval: Oval) -> np.ndarray:
    """Return an ear that points aside, down to where what links it to the rest is narrow, or no pixels.

    A body behind the head becomes wider further down, but there is nothing below the tip of such an ear.
    """
    _, v = oval.grid(outside.shape)
    for level in OVERHANGS:
        _, labels = cv2.connectedComponents((outside & (v < level)).astype(np.uint8), connectivity=8)
        part = labels == labels[ear].max()
        if _contact(part, v, level) <= min(OVERHANG * _contact(ear, v), LINK * oval.radius):
            return part
    return np.zeros_like(ear)


def _contact(part: np.ndarray, v: np.ndarray, level: float = EYES) -> int:
    """Return how many columns of a part reach down to the height of the eyes, or another one."""
    return int((part & (v > level - 0.08)).any(axis=0).sum())


def _apart(head: np.ndarray, oval: Oval) -> np.ndarray:
    """Return what is linked to the head by a narrow bridge only."""
    thick = opened(head, BRIDGE * oval.radius)
    main = linked_part(thick, oval)
    return grown(thick & ~main, 0.15 * oval.radius) & ~grown(main, 0.1 * oval.radius)


def _parts(mask: np.ndarray) -> list[np.ndarray]:
    """Return the connected parts of a bool mask."""
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    return [labels == number for number in range(1, count)]


def _union(parts: list[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    return np.logical_or.reduce(parts) if parts else np.zeros(shape, bool)
