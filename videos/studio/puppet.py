"""The sticker puppet: the pet as a texture with its hat and a white outline, ready to be bent."""

from dataclasses import dataclass

import cv2
import numpy as np

from videos.studio.canvas import Canvas
from videos.studio.cutout import Mode
from videos.studio.edges import filled, outlined, refined
from videos.studio.frames import MASK_SIDE, shrunk
from videos.studio.layer import Layer, layered
from videos.studio.wardrobe import Hat, Pen

# Where each mode stands, as shares of the frame's height H and width W: how high it may be, how wide, where its feet.
HEIGHT = {Mode.FULL: 0.70, Mode.BUST: 0.86, Mode.PRINT: 0.70}
WIDTH = {Mode.FULL: 0.66, Mode.BUST: 0.94, Mode.PRINT: 0.64}
FLOOR = {Mode.FULL: 0.905, Mode.BUST: 1.03, Mode.PRINT: 0.905}
# With its hat on, a pet may be this high.
TALLEST = {Mode.FULL: 0.87, Mode.BUST: 0.98, Mode.PRINT: 0.88}
OUTLINE = 0.009


@dataclass(frozen=True, slots=True)
class Puppet:
    """A texture at the size it has in the frame.

    ``foot`` is the point (x, y) in texture pixels it stands on and ``stand`` the same point in the frame; ``height``
    and ``width`` are the pet's own in pixels (without its hat), ``sole`` the width of what touches the floor, ``head``
    the head's distance right of the foot.
    """

    mode: Mode
    texture: Layer
    foot: tuple[float, float]
    stand: tuple[float, float]
    height: float
    width: float
    sole: float
    head: float


@dataclass(frozen=True, slots=True)
class Head:
    """Where a hat sits: the head's middle, its top and its width, in pixels."""

    x: float
    top: float
    width: float


def soft_mask(frame: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The mask's alpha (float32, 0 to 1, at most 640 px) with edges drawn to the frame's own."""
    small = shrunk(frame, MASK_SIDE)
    return refined(cv2.resize(mask, (small.shape[1], small.shape[0])), small)


def cut_puppet(frame: np.ndarray, alpha: np.ndarray, mode: Mode, hat: Hat) -> Puppet:
    """The pet under ``alpha`` (from ``soft_mask``) as a puppet for a frame (BGR) of its own size."""
    height, width = frame.shape[:2]
    box = _bounds(alpha)
    part = alpha[box[1] : box[3], box[0] : box[2]]
    head = _head(part > 0.5)
    rise = max(0.0, hat.headroom * head.width - head.top) / part.shape[0]
    tall = min(HEIGHT[mode], TALLEST[mode] / (1 + rise))
    ratio = width / alpha.shape[1]
    scale = min(tall * height / part.shape[0], WIDTH[mode] * width / part.shape[1])
    size = (max(4, round(part.shape[1] * scale)), max(4, round(part.shape[0] * scale)))
    rim = max(2.0, OUTLINE * min(width, height))
    margins = _margins(head, hat, part.shape, scale, int(np.ceil(rim * 2.5)) + 4)
    bgr, cover = _scaled(frame, alpha, box, size, margins, ratio)
    left, room, _, below = margins
    if mode is Mode.BUST:
        bgr, cover = _with_skirt(bgr, cover, below, round(0.06 * height))
    sure = (cover > 0.97).astype(np.float32)
    inside = np.where(sure[..., None] > 0, bgr, filled(bgr.astype(np.float32), sure))
    head = Head(head.x * scale + left, head.top * scale + room, head.width * scale)
    foot_x, sole = _sole(cover[: room + size[1]])
    flat, cover = dressed(_lifted(inside, cover), cover, hat, head)
    edge = np.maximum(outlined(cover, rim), cover)
    flat = flat * cover[..., None] + 255.0 * (1 - cover[..., None])
    return assembled(mode, flat, edge, (foot_x, float(room + size[1])), size, sole, head.x - foot_x, (height, width))


def _margins(head: Head, hat: Hat, shape: tuple[int, ...], scale: float, rim: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom: room for the outline and for what the hat needs beyond the pet, in pixels."""
    reach = hat.reach * head.width
    middle = head.x + hat.aside * head.width
    beyond = (reach - middle, hat.headroom * head.width - head.top, middle + reach - shape[1], 0.0)
    left, top, right, bottom = (round(max(0.0, length) * scale) + rim for length in beyond)
    return left, top, right, bottom


def dressed(flat: np.ndarray, cover: np.ndarray, hat: Hat, head: Head) -> tuple[np.ndarray, np.ndarray]:
    """The pet (BGR float32, alpha 0 to 1) with its hat: what lies behind the head, the pet, what lies before it."""
    x, y = head.x + hat.aside * head.width, head.top
    if hat.back is not None:
        behind = Canvas(np.clip(flat, 0, 255).astype(np.uint8))
        hat.back(Pen(behind, x, y, head.width, hat.tilt))
        flat = behind.colour * (1 - cover[..., None]) + flat * cover[..., None]
        cover = np.maximum(cover, behind.alpha.astype(np.float32) / 255)
    if hat.front is None:
        return flat, cover
    before = Canvas(np.clip(flat * cover[..., None] + 255 * (1 - cover[..., None]), 0, 255).astype(np.uint8))
    hat.front(Pen(before, x, y, head.width, hat.tilt))
    drawn = before.alpha.astype(np.float32) / 255
    flat = before.colour * np.maximum(drawn, 0)[..., None] + flat * (1 - drawn[..., None])
    return flat, np.maximum(cover, drawn)


def assembled(
    mode: Mode,
    flat: np.ndarray,
    alpha: np.ndarray,
    foot: tuple[float, float],
    size: tuple[int, int],
    sole: float,
    head: float,
    shape: tuple[int, int],
) -> Puppet:
    """A puppet of a BGR picture and its alpha; ``shape`` is the frame's height and width."""
    return Puppet(
        mode=mode,
        texture=layered(flat, alpha),
        foot=foot,
        stand=(shape[1] / 2, FLOOR[mode] * shape[0]),
        height=float(size[1]),
        width=float(size[0]),
        sole=sole,
        head=head,
    )


def _lifted(bgr: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """A pet from a dark photo brought into the light; others stay as they are."""
    grey = bgr @ np.array([0.114, 0.587, 0.299], np.float32)
    bright = float(np.percentile(grey[cover > 0.9], 90)) if (cover > 0.9).any() else 255.0
    if bright >= 120:
        return bgr
    gain = min(150 / max(bright, 12.0), 4.0)
    lifted = 255 * (np.clip(bgr * gain, 0, 255) / 255) ** 0.92
    return lifted.astype(np.float32)


def _bounds(alpha: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the pet in the mask's pixels."""
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
    """The box of alpha, and of the frame (``ratio`` times as large), at ``size`` with margins; alpha is 0 there."""
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
    """A bust's lower edge carried on, so that no gap opens under it when it hops."""
    keep = bgr.shape[0] - margin - 3
    bgr = cv2.copyMakeBorder(bgr[:keep], 0, skirt + margin + 3, 0, 0, cv2.BORDER_REPLICATE)
    cover = cv2.copyMakeBorder(cover[:keep], 0, skirt + margin + 3, 0, 0, cv2.BORDER_REPLICATE)
    return bgr, cover


def _sole(cover: np.ndarray) -> tuple[float, float]:
    """The middle and the width of the lowest eighth of the pet."""
    pet = cover > 0.5
    rows = np.flatnonzero(pet.any(axis=1))
    low = pet[rows[-1] - max(1, (rows[-1] - rows[0]) // 8) : rows[-1] + 1]
    columns = np.flatnonzero(low.any(axis=0))
    return float(columns[0] + columns[-1]) / 2, float(columns[-1] - columns[0] + 1)


def _head(pet: np.ndarray) -> Head:
    """The head of the pet that fills the mask ``pet`` (bool), taken to be what stands highest.

    Two ears are one head when they are near each other.
    """
    high, wide = pet.shape
    cap = pet[: max(2, round(0.12 * high))]
    columns = np.flatnonzero(cap.any(axis=0))
    if columns[-1] - columns[0] > 0.62 * wide:
        first = np.flatnonzero(cap[0])
        columns = _run(cap.any(axis=0), int(first[len(first) // 2])) if len(first) else columns
    middle = float(columns[0] + columns[-1]) / 2
    row = pet[min(round(0.2 * high), high - 1)]
    run = _run(row, round(middle)) if row[round(middle)] else columns
    across = float(run[-1] - run[0] + 1)
    if across < 0.62 * high:
        middle = 0.5 * middle + 0.25 * float(run[0] + run[-1])
    least = min(max(0.2 * high, float(columns[-1] - columns[0] + 1)), 0.5 * high)
    return Head(middle, 0.055 * high, min(float(np.clip(across, least, 0.5 * high)), 1.05 * wide))


def _run(row: np.ndarray, at: int) -> np.ndarray:
    """The columns of the unbroken stretch of ``row`` around ``at``."""
    gaps = np.flatnonzero(~row)
    left = gaps[gaps < at].max(initial=-1) + 1
    right = gaps[gaps > at].min(initial=len(row))
    return np.arange(left, right)
