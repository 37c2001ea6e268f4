"""The sticker puppet: the pet as a texture with its hat and a white outline, ready to be bent."""

from dataclasses import dataclass

import cv2
import numpy as np

from videos.studio.puppet.hats import BARE, Hat, Pen
from videos.studio.raster.canvas import Canvas
from videos.studio.raster.layer import Layer, make_layer
from videos.studio.raster.mattes import extend_colours, grow_outline, refine_mask
from videos.studio.raster.picture import MASK_SIDE, brighten, limit_size
from videos.studio.segmentation.cutout import Mode
from videos.studio.segmentation.outline import Head, find_head

# For each mode, as shares of the frame's height H and width W: the height and width limits, and where the feet are.
HEIGHT = {Mode.FULL: 0.70, Mode.BUST: 0.86, Mode.PRINT: 0.70}
WIDTH = {Mode.FULL: 0.66, Mode.BUST: 0.94, Mode.PRINT: 0.64}
FLOOR = {Mode.FULL: 0.905, Mode.BUST: 1.03, Mode.PRINT: 0.905}
# The height limit for a pet with its hat on.
TALLEST = {Mode.FULL: 0.87, Mode.BUST: 0.98, Mode.PRINT: 0.88}
WIDEST = 0.86  # A share of W, for a pet twice as long as high: its steps are small compared to its length.
OUTLINE = 0.009
SKIRT = 0.13


@dataclass(frozen=True, slots=True)
class Puppet:
    """A texture at the size it has in the frame.

    ``foot`` is the point (x, y) in texture pixels that it stands on, and ``stand`` the same point in the frame.
    ``height`` and ``width`` are those of the pet in pixels, without its hat. ``sole`` is the width of the part that
    touches the floor. ``head`` is in texture pixels too.
    """

    mode: Mode
    texture: Layer
    foot: tuple[float, float]
    stand: tuple[float, float]
    height: float
    width: float
    sole: float
    head: Head

    @property
    def length(self) -> float:
        """0 for a pet that sits or stands up, 1 for one that is twice as long as high."""
        return _length(self.width, self.height)

    @property
    def faces_left(self) -> bool:
        """Whether the head is clearly left of the middle of the feet.

        Most pets that look at the camera face neither way.
        """
        return self.head.x - self.foot[0] < -0.1 * self.width


def soft_mask(frame: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the mask's alpha (float32, 0 to 1, at most 640 px) with its edges aligned to the frame's."""
    small = limit_size(frame, MASK_SIDE)
    return refine_mask(cv2.resize(mask, (small.shape[1], small.shape[0])), small)


def cut_puppet(
    frame: np.ndarray,
    alpha: np.ndarray,
    mode: Mode,
    hat: Hat,
    stage: tuple[int, int] | None = None,
    fit: float = 1.0,
) -> Puppet:
    """Return the pet of the picture ``frame`` (BGR) under ``alpha`` (from ``soft_mask``) as a puppet for a video.

    ``stage`` is the video's height and width, by default the picture's own. ``fit`` scales the puppet down from the
    largest possible size.
    """
    height, width = stage or frame.shape[:2]
    box = _bounds(alpha)
    part = alpha[box[1] : box[3], box[0] : box[2]]
    head = find_head(part > 0.5, cut_off=mode is Mode.BUST)
    hat = hat if head.is_distinct else BARE
    rise = max(0.0, hat.headroom * head.width - head.seat) / part.shape[0]
    tall = min(HEIGHT[mode], TALLEST[mode] / (1 + rise))
    ratio = frame.shape[1] / alpha.shape[1]
    wide = WIDTH[mode] + (WIDEST - WIDTH[mode]) * _length(part.shape[1], part.shape[0]) * (mode is Mode.FULL)
    scale = fit * min(tall * height / part.shape[0], wide * width / part.shape[1])
    size = (max(4, round(part.shape[1] * scale)), max(4, round(part.shape[0] * scale)))
    rim = max(2.0, OUTLINE * min(width, height))
    margins = _margins(head, hat, part.shape, scale, int(np.ceil(rim * 2.5)) + 4)
    bgr, cover = _scaled(frame, alpha, box, size, margins, ratio)
    left, above, _, below = margins
    if mode is Mode.BUST:
        bgr, cover = _with_skirt(bgr, cover, below, round(SKIRT * height))
    solid = (cover > 0.97).astype(np.float32)
    inside = np.where(solid[..., None] > 0, bgr, extend_colours(bgr.astype(np.float32), solid))
    head = head.scaled(scale, left, above)
    foot_x, sole = _sole(cover[: above + size[1]])
    flat, cover = add_hat(brighten(inside, cover), cover, hat, head)
    edge = np.maximum(grow_outline(cover, rim), cover)
    flat = flat * cover[..., None] + 255.0 * (1 - cover[..., None])
    return assemble_puppet(mode, flat, edge, (foot_x, float(above + size[1])), size, sole, head, (height, width))


def _margins(head: Head, hat: Hat, shape: tuple[int, ...], scale: float, rim: int) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom margins in pixels, for the outline and the parts of the hat beyond the pet."""
    reach = hat.reach * head.width
    middle = head.x + hat.aside * head.width
    beyond = (reach - middle, hat.headroom * head.width - head.seat, middle + reach - shape[1], 0.0)
    left, top, right, bottom = (round(max(0.0, length) * scale) + rim for length in beyond)
    return left, top, right, bottom


def add_hat(flat: np.ndarray, cover: np.ndarray, hat: Hat, head: Head) -> tuple[np.ndarray, np.ndarray]:
    """Return the pet (BGR float32, alpha 0 to 1) with its hat: the part behind the head, the pet, the part in front."""
    x, y = head.x + hat.aside * head.width, head.seat
    if hat.back is not None:
        behind = Canvas(np.clip(flat, 0, 255).astype(np.uint8))
        hat.back(Pen(behind, x, y, head.width, hat.tilt))
        flat = behind.colour * (1 - cover[..., None]) + flat * cover[..., None]
        cover = np.maximum(cover, behind.alpha.astype(np.float32) / 255)
    if hat.front is None:
        return flat, cover
    front = Canvas(np.clip(flat * cover[..., None] + 255 * (1 - cover[..., None]), 0, 255).astype(np.uint8))
    hat.front(Pen(front, x, y, head.width, hat.tilt))
    drawn = front.alpha.astype(np.float32) / 255
    flat = front.colour * np.maximum(drawn, 0)[..., None] + flat * (1 - drawn[..., None])
    return flat, np.maximum(cover, drawn)


def assemble_puppet(
    mode: Mode,
    flat: np.ndarray,
    alpha: np.ndarray,
    foot: tuple[float, float],
    size: tuple[int, int],
    sole: float,
    head: Head,
    shape: tuple[int, int],
) -> Puppet:
    """Return the puppet of a BGR picture and its alpha.

    ``head`` and ``foot`` are in its pixels. ``shape`` is the frame's height and width.
    """
    return Puppet(
        mode=mode,
        texture=make_layer(flat, alpha),
        foot=foot,
        stand=(shape[1] / 2, FLOOR[mode] * shape[0]),
        height=float(size[1]),
        width=float(size[0]),
        sole=sole,
        head=head,
    )


def _length(width: float, height: float) -> float:
    return min(max((width / height - 1.2) / 0.8, 0.0), 1.0)


def _bounds(alpha: np.ndarray) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of the pet in the mask's pixels."""
    rows, columns = np.flatnonzero((alpha > 0.5).any(axis=1)), np.flatnonzero((alpha > 0.5).any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _scaled(
    frame: np.ndarray,
    alpha: np.ndarray,
    box: tuple[int, int, int, int],
    size: tuple[int, int],
    margins: tuple[int, int, int, int],
    ratio: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the box of the frame and of alpha at ``size`` with margins, in which alpha is 0.

    The frame is ``ratio`` times as large as alpha.
    """
    zoom_x, zoom_y = size[0] / (box[2] - box[0]), size[1] / (box[3] - box[1])
    left, top, right, bottom = margins
    whole = (size[0] + left + right, size[1] + top + bottom)

    def placed(picture: np.ndarray, factor: float, border: int) -> np.ndarray:
        wide, high = zoom_x / factor, zoom_y / factor
        source = picture
        if max(wide, high) < 0.7:
            source = cv2.resize(picture, None, fx=wide, fy=high, interpolation=cv2.INTER_AREA)
            wide = high = 1.0
        move = np.array([[wide, 0, left - box[0] * zoom_x], [0, high, top - box[1] * zoom_y]])
        way = cv2.INTER_CUBIC if max(wide, high) > 1 else cv2.INTER_LINEAR
        return cv2.warpAffine(source, move, whole, flags=way, borderMode=border)

    cover = np.clip(placed(alpha, 1.0, cv2.BORDER_CONSTANT), 0, 1)
    return placed(frame, ratio, cv2.BORDER_REPLICATE), cover


def _with_skirt(bgr: np.ndarray, cover: np.ndarray, margin: int, skirt: int) -> tuple[np.ndarray, np.ndarray]:
    """Mirror a bust's lower part below its edge, so that no gap opens when it hops or leans."""
    keep = bgr.shape[0] - margin - 3
    below = min(skirt, keep - 2) + margin + 3
    return tuple(  # type: ignore[return-value]
        cv2.copyMakeBorder(part[:keep], 0, below, 0, 0, cv2.BORDER_REFLECT_101) for part in (bgr, cover)
    )


def _sole(cover: np.ndarray) -> tuple[float, float]:
    """Return the middle and the width of the lowest eighth of the pet."""
    pet = cover > 0.5
    rows = np.flatnonzero(pet.any(axis=1))
    low = pet[rows[-1] - max(1, (rows[-1] - rows[0]) // 8) : rows[-1] + 1]
    columns = np.flatnonzero(low.any(axis=0))
    return float(columns[0] + columns[-1]) / 2, float(columns[-1] - columns[0] + 1)
