"""The sticker puppet: the pet as a texture with its hat and a white outline, ready to be bent."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from videos.studio.puppet.edges import Edges, extend_aside, extend_below, round_edges
from videos.studio.puppet.hats import Hat
from videos.studio.puppet.skull import Skull, measure_skull
from videos.studio.puppet.wear import add_hat, beyond_pet
from videos.studio.raster.layer import Layer, make_layer
from videos.studio.raster.mattes import extend_colours, grow_outline, refine_mask
from videos.studio.raster.picture import MASK_SIDE, brighten, limit_size
from videos.studio.segmentation.cutout import Mode
from videos.studio.segmentation.head_shape import Oval
from videos.studio.segmentation.outline import Head, find_head

# For each mode, as shares of the frame's height H and width W: the height and width limits, and where the feet are.
HEIGHT = {Mode.FULL: 0.80, Mode.BUST: 0.88, Mode.PRINT: 0.70}
WIDTH = {Mode.FULL: 0.90, Mode.BUST: 0.96, Mode.PRINT: 0.64}
FLOOR = {Mode.FULL: 0.93, Mode.BUST: 1.03, Mode.PRINT: 0.905}
# The height limit for a pet with its hat on.
TALLEST = {Mode.FULL: 0.90, Mode.BUST: 0.98, Mode.PRINT: 0.88}
IN_TALL_FRAME = 0.9  # Both limits are this much lower in a frame that is higher than wide.
WIDEST = 0.95  # A share of W, for a pet twice as long as high: its steps are small compared to its length.
ASIDE = 0.96  # The same for a pet that stands at one side of the frame.
OUTLINE = 0.009
SKIRT = 0.13
# A pet lower than LOW of the frame's height is raised by half of what is missing, to at most MAX_RISE.
LOW, MAX_RISE = 0.62, 0.17


@dataclass(frozen=True, slots=True)
class Puppet:
    """A texture at the size it has in the frame.

    ``foot`` is the point (x, y) in texture pixels that it stands on, and ``stand`` the same point in the frame.
    ``height`` and ``width`` are those of the pet in pixels, without its hat. ``sole`` is the width of the part that
    touches the floor, and ``axis`` how far right of the foot the pet's middle is. ``head`` is in texture pixels too.
    ``side`` is -1 for a pet that is cut off at the left edge of
    its photo and stands at that side of the frame, 1 at the right, and 0 elsewhere; ``skirt`` is how many pixels of it
    then continue beyond the frame.
    """

    mode: Mode
    texture: Layer
    foot: tuple[float, float]
    stand: tuple[float, float]
    height: float
    width: float
    sole: float
    head: Head
    side: int = 0
    skirt: int = 0
    axis: float = 0.0

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
    head: Oval | None = None,
) -> Puppet:
    """Return the pet of the picture ``frame`` (BGR) under ``alpha`` (from ``soft_mask``) as a puppet for a video.

    ``stage`` is the video's height and width, by default the picture's own. ``fit`` scales the puppet down from the
    largest possible size. ``head`` is the known head in alpha's pixels. Without one the pet wears no hat.
    """
    height, width = stage or frame.shape[:2]
    edges = Edges.of(alpha > 0.5, bust=mode is Mode.BUST)
    alpha = round_edges(alpha, edges, bust=mode is Mode.BUST)
    box = _bounds(alpha)
    part = alpha[box[1] : box[3], box[0] : box[2]]
    oval = head.moved(-box[0], -box[1]) if head else None
    skull = measure_skull(part > 0.5, oval) if oval else None
    place = _place(part > 0.5, oval, skull, mode)
    beyond = beyond_pet(hat, skull, part) if skull else (0.0, 0.0, 0.0)
    scale = fit * _largest(mode, part.shape, beyond[1], edges.side, width, height)
    size = (max(4, round(part.shape[1] * scale)), max(4, round(part.shape[0] * scale)))
    rim = max(2.0, OUTLINE * min(width, height))
    margin = int(np.ceil(rim * 2.5)) + 4
    left, above, right = (round(length * scale) + margin for length in beyond)
    bgr, cover = _scaled(frame, alpha, box, size, (left, above, right, margin), frame.shape[1] / alpha.shape[1])
    foot_x, sole = _sole(cover[: above + size[1]])
    if mode is Mode.BUST:
        bgr, cover = extend_below(bgr, cover, margin, round(SKIRT * height))
    skirt = 0
    if edges.side:
        outer = left if edges.side < 0 else right
        bgr, cover, skirt = extend_aside(bgr, cover, edges.side, outer, round(SKIRT * size[1]))
    if edges.side < 0:
        left, foot_x = left + skirt, foot_x + skirt
    solid = (cover > 0.97).astype(np.float32)
    inside = np.where(solid[..., None] > 0, bgr, extend_colours(bgr.astype(np.float32), solid))
    flat = brighten(inside, cover)
    if skull:
        flat, cover = add_hat(flat, cover, hat, skull.scaled(scale, left, above), ears=True)
    edge = np.maximum(grow_outline(cover, rim), cover)
    flat = flat * cover[..., None] + 255.0 * (1 - cover[..., None])
    foot, place = (foot_x, float(above + size[1])), place.scaled(scale, left, above)
    puppet = assemble_puppet(mode, flat, edge, foot, size, sole, place, (height, width))
    axis, (x, y) = left + size[0] / 2 - foot_x, puppet.stand
    x = (foot_x - left, x - axis, width - (left + size[0] - foot_x))[edges.side + 1]
    if mode is Mode.FULL and height > width:
        y -= height * min(max(LOW - (size[1] + beyond[1] * scale) / height, 0.0) / 2, MAX_RISE)
    return replace(puppet, stand=(x, y), side=edges.side, skirt=skirt, axis=axis)


def _largest(mode: Mode, shape: tuple[int, ...], hat: float, side: int, width: int, height: int) -> float:
    """Return the largest scale at which a pet of ``shape`` fits into the frame with ``hat`` pixels above it."""
    tall = min(HEIGHT[mode], TALLEST[mode] / (1 + hat / shape[0])) * (IN_TALL_FRAME if height > width else 1)
    wide = WIDTH[mode] + (WIDEST - WIDTH[mode]) * _length(shape[1], shape[0]) * (mode is Mode.FULL)
    return min(tall * height / shape[0], (ASIDE if side else wide) * width / shape[1])


def _place(pet: np.ndarray, oval: Oval | None, skull: Skull | None, mode: Mode) -> Head:
    """Return the part that moves as the head: the known one, or what the outline suggests."""
    if oval is None:
        return find_head(pet, cut_off=mode is Mode.BUST)
    if skull is None:
        return Head(oval.x, oval.y - oval.ry, 1.6 * oval.rx)
    return Head(oval.x, skull.y, skull.width)


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


def _sole(cover: np.ndarray) -> tuple[float, float]:
    """Return the middle and the width of the lowest eighth of the pet."""
    pet = cover > 0.5
    rows = np.flatnonzero(pet.any(axis=1))
    low = pet[rows[-1] - max(1, (rows[-1] - rows[0]) // 8) : rows[-1] + 1]
    columns = np.flatnonzero(low.any(axis=0))
    return float(columns[0] + columns[-1]) / 2, float(columns[-1] - columns[0] + 1)
