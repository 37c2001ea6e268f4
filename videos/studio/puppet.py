"""The sticker puppet: the pet as a texture with its hat and a white outline, ready to be bent."""

from dataclasses import dataclass

import cv2
import numpy as np

from videos.studio.canvas import Canvas
from videos.studio.cutout import Mode
from videos.studio.edges import filled, outlined, refined
from videos.studio.frames import MASK_SIDE, Picture, shrunk, to_yuv
from videos.studio.wardrobe import Hat, Pen

# Where each mode stands, as shares of the frame's height H and width W: how high it may be, how wide, where its feet.
HEIGHT = {Mode.FULL: 0.70, Mode.BUST: 0.86, Mode.PRINT: 0.74}
WIDTH = {Mode.FULL: 0.66, Mode.BUST: 0.94, Mode.PRINT: 0.64}
FLOOR = {Mode.FULL: 0.905, Mode.BUST: 1.03, Mode.PRINT: 0.905}
OUTLINE = 0.009


@dataclass(frozen=True, slots=True)
class Puppet:
    """A texture at the size it has in the frame, premultiplied, in the encoder's colours.

    ``luma`` is (h, w, 2): Y times alpha, alpha. ``chroma`` is (h/2, w/2, 3): U and V times alpha, alpha. ``foot`` is
    the point (x, y) in texture pixels it stands on and ``stand`` the same point in the frame; ``height`` and ``width``
    are the pet's own in pixels (without its hat), ``sole`` the width of what touches the floor, ``head`` the head's
    distance right of the foot.
    """

    mode: Mode
    luma: np.ndarray
    chroma: np.ndarray
    foot: tuple[float, float]
    stand: tuple[float, float]
    height: float
    width: float
    sole: float
    head: float


@dataclass(frozen=True, slots=True)
class Head:
    """Where a hat sits: the head's middle, its top and its width, in texture pixels."""

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
    box = _bounds(alpha, width / alpha.shape[1])
    scale = min(HEIGHT[mode] * height / (box[3] - box[1]), WIDTH[mode] * width / (box[2] - box[0]))
    size = (max(4, round((box[2] - box[0]) * scale)), max(4, round((box[3] - box[1]) * scale)))
    rim = max(2.0, OUTLINE * min(width, height))
    side = int(np.ceil(rim * 2.5)) + 4
    room = side + round(0.42 * size[1] * min(hat.headroom, 0.8))
    bgr, cover = _scaled(frame, alpha, box, size, (side, room))
    if mode is Mode.BUST:
        bgr, cover = _with_skirt(bgr, cover, side, round(0.06 * height))
    sure = (cover > 0.97).astype(np.float32)
    inside = np.where(sure[..., None] > 0, bgr, filled(bgr.astype(np.float32), sure))
    head = _head(cover, room, size)
    flat, cover = dressed(_lifted(inside, cover), cover, hat, head)
    edge = np.maximum(outlined(cover, rim), cover)
    flat = flat * cover[..., None] + 255.0 * (1 - cover[..., None])
    foot_x, sole = _sole(cover[: room + size[1]])
    return assembled(mode, flat, edge, (foot_x, float(room + size[1])), size, sole, head.x - foot_x, (height, width))


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
    flat, alpha = _even(flat), _even(alpha)
    yuv = to_yuv(flat.astype(np.float32)) * alpha[..., None]
    luma = np.dstack([yuv[..., 0], alpha * 255])
    half = (flat.shape[1] // 2, flat.shape[0] // 2)
    chroma = cv2.resize(np.dstack([yuv[..., 1:], alpha * 255]), half, interpolation=cv2.INTER_AREA)
    return Puppet(
        mode=mode,
        luma=np.clip(luma + 0.5, 0, 255).astype(np.uint8),
        chroma=np.clip(chroma + 0.5, 0, 255).astype(np.uint8),
        foot=foot,
        stand=(shape[1] / 2, FLOOR[mode] * shape[0]),
        height=float(size[1]),
        width=float(size[0]),
        sole=sole,
        head=head,
    )


def lay(texture: np.ndarray, under: np.ndarray) -> None:
    """Lay a premultiplied texture (value, alpha; uint8) over a plane, in place."""
    rest = cv2.multiply(under, 255 - texture[..., 1], scale=1 / 255)
    under[:] = cv2.add(rest, np.ascontiguousarray(texture[..., 0]))


def lay_coloured(luma: np.ndarray, chroma: np.ndarray, picture: Picture, left: int, top: int) -> None:
    """Lay a warped ``luma`` and its half-size ``chroma`` over ``picture`` with their corner at the even (left, top)."""
    rows, columns = luma.shape[:2]
    lay(luma, picture.y[top : top + rows, left : left + columns])
    half = (slice(top // 2, (top + rows) // 2), slice(left // 2, (left + columns) // 2))
    lay(chroma[..., 0::2], picture.u[half])
    lay(chroma[..., 1:], picture.v[half])


def _lifted(bgr: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """A pet from a dark photo brought into the light; others stay as they are."""
    grey = bgr @ np.array([0.114, 0.587, 0.299], np.float32)
    bright = float(np.percentile(grey[cover > 0.9], 90)) if (cover > 0.9).any() else 255.0
    if bright >= 120:
        return bgr
    gain = min(150 / max(bright, 12.0), 4.0)
    lifted = 255 * (np.clip(bgr * gain, 0, 255) / 255) ** 0.92
    return lifted.astype(np.float32)


def _bounds(alpha: np.ndarray, scale: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the pet in frame pixels."""
    rows, columns = np.flatnonzero((alpha > 0.5).any(axis=1)), np.flatnonzero((alpha > 0.5).any(axis=0))
    return columns[0] * scale, rows[0] * scale, (columns[-1] + 1) * scale, (rows[-1] + 1) * scale


def _scaled(
    frame: np.ndarray,
    alpha: np.ndarray,
    box: tuple[float, float, float, float],
    size: tuple[int, int],
    margins: tuple[int, int],
) -> tuple[np.ndarray, np.ndarray]:
    """The box of frame and alpha at ``size``, with margins at the sides and below and above; alpha is 0 there."""
    zoom_x, zoom_y = size[0] / (box[2] - box[0]), size[1] / (box[3] - box[1])
    side, room = margins
    whole = (size[0] + 2 * side, size[1] + side + room)
    ratio = frame.shape[1] / alpha.shape[1]

    def placed(picture: np.ndarray, factor: float, border: int) -> np.ndarray:
        wide, high = zoom_x * factor, zoom_y * factor
        source = picture
        if max(wide, high) < 0.7:
            source = cv2.resize(picture, None, fx=wide, fy=high, interpolation=cv2.INTER_AREA)
            wide = high = 1.0
        move = np.array([[wide, 0, side - box[0] * zoom_x], [0, high, room - box[1] * zoom_y]])
        way = cv2.INTER_CUBIC if max(wide, high) > 1 else cv2.INTER_LINEAR
        return cv2.warpAffine(source, move, whole, flags=way, borderMode=border)

    cover = np.clip(placed(alpha, ratio, cv2.BORDER_CONSTANT), 0, 1)
    return placed(frame, 1.0, cv2.BORDER_REPLICATE), cover


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


def _head(cover: np.ndarray, room: int, size: tuple[int, int]) -> Head:
    """The head, taken to be what stands highest; two ears count as one head when they are near each other."""
    pet = cover > 0.5
    high = size[1]
    cap = pet[room : room + max(2, round(0.12 * high))]
    columns = np.flatnonzero(cap.any(axis=0))
    if len(columns) and columns[-1] - columns[0] > 0.62 * size[0]:
        first = np.flatnonzero(cap[np.flatnonzero(cap.any(axis=1))[0]])
        columns = _run(cap.any(axis=0), int(first[len(first) // 2]))
    if not len(columns):
        return Head(cover.shape[1] / 2, float(room), 0.4 * size[0])
    middle = float(columns[0] + columns[-1]) / 2
    row = pet[min(room + round(0.2 * high), pet.shape[0] - 1)]
    run = _run(row, round(middle)) if row[round(middle)] else columns
    wide = float(np.clip(run[-1] - run[0] + 1, max(0.2 * high, columns[-1] - columns[0] + 1), 0.62 * high))
    if run[-1] - run[0] < 0.62 * high:
        middle = 0.5 * middle + 0.25 * float(run[0] + run[-1])
    return Head(middle, room + 0.055 * high, min(wide, 1.05 * size[0]))


def _run(row: np.ndarray, at: int) -> np.ndarray:
    """The columns of the unbroken stretch of ``row`` around ``at``."""
    gaps = np.flatnonzero(~row)
    left = gaps[gaps < at].max(initial=-1) + 1
    right = gaps[gaps > at].min(initial=len(row))
    return np.arange(left, right)


def _even(picture: np.ndarray) -> np.ndarray:
    rows, columns = picture.shape[:2]
    return cv2.copyMakeBorder(picture, 0, rows % 2, 0, columns % 2, cv2.BORDER_CONSTANT, value=0)
