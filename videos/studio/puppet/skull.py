"""The skull of a pet's known head: where a hat sits, how wide it is, and what of the ears stays before it."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from videos.studio.segmentation.head_shape import Oval
from videos.studio.segmentation.head_skull import crown_row, skull_width

MAX_TILT = 65.0  # In degrees. A hat on a head that lies on its side or hangs down would float beside the pet.
MIN_COVER = 0.4  # At least this share of the oval belongs to the pet, or the mask shows another animal.
DETAIL = 120  # The head is examined with this many pixels across the oval's longer radius.
COARSE = 0.3  # The width is measured at this share of that size.
SLACK = 0.12  # The oval may cut the tips of the ears by this share of the skull's width.
THIN = 0.09  # What is thinner than this share of the skull's width is no ear.
FEATHER = 0.015  # The soft edge of the ears, as a share of the skull's width.
RISE = 0.1  # An ear stays before a hat if it rises above the crown by this share of the skull's width.


@dataclass(frozen=True, slots=True)
class Skull:
    """The crown of a head (``x``, ``y``), the skull's ``width`` without its ears, and its clockwise ``tilt`` (degrees).

    ``ears`` is how far the oval reaches above the crown, and ``reach`` how far to either side. ``eyes`` is how far the
    line of the eyes is below the crown, or 0 if that is not known. All lengths are in pixels.
    """

    x: float
    y: float
    width: float
    tilt: float
    ears: float = 0.0
    reach: float = 0.0
    eyes: float = 0.0

    def scaled(self, by: float, left: float, top: float) -> "Skull":
        """Return the same skull in a picture scaled by ``by`` and moved right and down."""
        lengths = (length * by for length in (self.ears, self.reach, self.eyes))
        return Skull(self.x * by + left, self.y * by + top, self.width * by, self.tilt, *lengths)

    def at(self, right: float, down: float) -> tuple[float, float]:
        """Return the point that lies ``right`` and ``down`` of the crown, along the tilted head, in skull widths."""
        cos, sin = np.cos(np.radians(self.tilt)), np.sin(np.radians(self.tilt))
        across, along = right * self.width, down * self.width
        return float(self.x + across * cos - along * sin), float(self.y + across * sin + along * cos)


def measure_skull(pet: np.ndarray, oval: Oval) -> Skull | None:
    """Return the skull inside ``oval`` of the pet in the bool mask ``pet``.

    None if the head lies on its side, or is not part of the pet.
    """
    if abs(oval.tilt) > MAX_TILT:
        return None
    scale = DETAIL / max(oval.rx, oval.ry)
    rx, ry = oval.rx * scale, oval.ry * scale
    head = _upright(pet, oval, scale)
    half = len(head) // 2
    y, x = np.mgrid[: len(head), : len(head)] - half
    inside = (x / rx) ** 2 + (y / ry) ** 2 <= 1
    if head[inside].mean() < MIN_COVER or not head[half, half]:
        return None
    # A body behind the head counts no further than the oval.
    head &= np.abs(x) <= rx
    upright = Oval(half, half, rx, ry)
    crown = crown_row(head, upright)
    small = cv2.resize(head.astype(np.float32), None, fx=COARSE, fy=COARSE, interpolation=cv2.INTER_AREA)
    width = max(skull_width(small, upright.scaled(COARSE)) / COARSE, 0.5 * rx)
    skull = Skull(oval.x, oval.y, width / scale, oval.tilt)
    x_crown, y_crown = skull.at(0, (crown - half) / width)
    return replace(skull, x=x_crown, y=y_crown, ears=oval.ry - (half - crown) / scale, reach=oval.rx)


def ears_of(cover: np.ndarray, skull: Skull, *, low: bool = False) -> np.ndarray:
    """Return the part of the pet's alpha (float32, 0 to 1) above the round of its skull: ears that a hat leaves free.

    ``skull`` is in the alpha's pixels. Ears that do not rise above the crown count only if ``low``.
    """
    rows, columns = cover.shape
    middle_x, middle_y = skull.at(0, 0.5)
    x = np.arange(columns, dtype=np.float32)[None] + 0.5 - middle_x
    y = np.arange(rows, dtype=np.float32)[:, None] + 0.5 - middle_y
    cos, sin = np.cos(np.radians(skull.tilt)), np.sin(np.radians(skull.tilt))
    across, along = (x * cos + y * sin) / skull.width, (-x * sin + y * cos) / skull.width
    far = np.sqrt(across**2 + along**2)
    outside = np.clip((far - 0.5) / FEATHER, 0, 1) * np.clip((-0.05 - along) / FEATHER, 0, 1)
    aside, above = SLACK + skull.reach / skull.width, SLACK + 0.5 + skull.ears / skull.width
    inside = np.clip((aside - np.abs(across)) / FEATHER + 1, 0, 1) * np.clip((above + along) / FEATHER + 1, 0, 1)
    ears = (cover * outside * inside).astype(np.float32)
    # Where the head is a little wider than round, a sliver of it would lie across the hat.
    thin = max(3, round(THIN * skull.width) | 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thin, thin))
    wide = cv2.erode(ears, disc, borderValue=0)
    # The tips of the ears are thin as well, and near.
    near = ears * cv2.dilate(wide, np.ones((3 * thin, 3 * thin), np.uint8))
    return near if low else _high(near, along)


def _high(ears: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Return the ears (float32, 0 to 1) that rise above the crown. Of the others, only a sliver would be left.

    ``along`` is how far each pixel is below the middle of the skull, in its widths.
    """
    count, labels = cv2.connectedComponents((ears > 0.02).astype(np.uint8), connectivity=8)
    high = np.zeros(count, bool)
    high[np.unique(labels[(ears > 0.5) & (along < -0.5 - RISE)])] = True
    high[0] = False
    kept: np.ndarray = ears * high[labels]
    return kept


def _upright(pet: np.ndarray, oval: Oval, scale: float) -> np.ndarray:
    """Return the surroundings of the oval, upright and scaled, as a bool mask with the oval's middle in its middle."""
    half = round(1.3 * DETAIL)
    cos, sin = np.cos(np.radians(oval.tilt)) / scale, np.sin(np.radians(oval.tilt)) / scale
    back = np.array(
        [
            [cos, -sin, oval.x - half * cos + half * sin],
            [sin, cos, oval.y - half * sin - half * cos],
        ]
    )
    size = (2 * half + 1, 2 * half + 1)
    seen = cv2.warpAffine(pet.astype(np.uint8) * 255, back, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    upright: np.ndarray = seen > 127
    return upright
