"""The sticker puppet: the pet (or its photo as a print) as a texture with a white outline, ready to be bent."""

from dataclasses import dataclass

import cv2
import numpy as np

from videos.studio.cutout import Mode
from videos.studio.edges import filled, outlined, refined
from videos.studio.frames import MASK_SIDE, shrunk, to_yuv

# Where each mode stands, as shares of the frame's height H and width W: how high it may be, how wide, where its feet.
HEIGHT = {Mode.FULL: 0.74, Mode.BUST: 0.88, Mode.PRINT: 0.70}
WIDTH = {Mode.FULL: 0.66, Mode.BUST: 0.94, Mode.PRINT: 0.62}
FLOOR = {Mode.FULL: 0.905, Mode.BUST: 1.03, Mode.PRINT: 0.88}
OUTLINE = {Mode.FULL: 0.009, Mode.BUST: 0.009, Mode.PRINT: 0.02}


@dataclass(frozen=True, slots=True)
class Puppet:
    """A texture at the size it has in the frame, premultiplied, in the encoder's colours.

    ``luma`` is (h, w, 2): Y times alpha, alpha. ``chroma`` is (h/2, w/2, 3): U and V times alpha, alpha. ``foot`` is
    the point (x, y) in texture pixels it stands on and ``stand`` the same point in the frame; ``height`` and ``width``
    are the pet's own in pixels, ``sole`` the width of what touches the floor, ``head`` the head's distance right of
    the foot.
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


def soft_mask(frame: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The mask's alpha (float32, 0 to 1, at most 640 px) with edges drawn to the frame's own."""
    small = shrunk(frame, MASK_SIDE)
    return refined(cv2.resize(mask, (small.shape[1], small.shape[0])), small)


def cut_puppet(frame: np.ndarray, alpha: np.ndarray, mode: Mode) -> Puppet:
    """The pet under ``alpha`` (from ``soft_mask``) as a puppet for a frame (BGR) of its own size."""
    height, width = frame.shape[:2]
    box = _bounds(alpha, width / alpha.shape[1])
    scale = min(HEIGHT[mode] * height / (box[3] - box[1]), WIDTH[mode] * width / (box[2] - box[0]))
    if mode is Mode.BUST:
        scale = max(scale, min(0.6 * height / (box[3] - box[1]), 1.06 * width / (box[2] - box[0])))
    rim = max(2.0, OUTLINE[mode] * min(width, height))
    margin = int(np.ceil(rim * 2.5)) + 4
    size = (round((box[2] - box[0]) * scale), round((box[3] - box[1]) * scale))
    bgr, cover = _scaled(frame, alpha, box, size, margin)
    if mode is Mode.BUST:
        bgr, cover = _with_skirt(bgr, cover, margin, round(0.06 * height))
    edge = np.maximum(outlined(cover, rim), cover)
    if mode is Mode.BUST:
        edge[-2:] = edge[-3:-2]
    inside = filled(bgr.astype(np.float32), (cover > 0.97).astype(np.float32))
    inside = np.where((cover > 0.97)[..., None], bgr, inside)
    flat = inside * cover[..., None] + 255.0 * (1 - cover[..., None])
    foot_x, sole = _sole(cover)
    foot_y = margin + size[1]
    return _puppet(mode, flat, edge, (foot_x, foot_y), size, sole, _head(cover, margin, size[1]) - foot_x, frame.shape)


def print_puppet(frame: np.ndarray) -> Puppet:
    """The whole frame as a white-bordered card."""
    height, width = frame.shape[:2]
    scale = min(HEIGHT[Mode.PRINT], WIDTH[Mode.PRINT])
    rim = max(3, round(OUTLINE[Mode.PRINT] * min(width, height)))
    inner = (max(2, round(width * scale) - 2 * rim), max(2, round(height * scale) - 2 * rim))
    picture = cv2.resize(frame, inner, interpolation=cv2.INTER_AREA)
    card = cv2.copyMakeBorder(picture, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    size = (card.shape[1], card.shape[0])
    margin = 6
    flat = cv2.copyMakeBorder(card, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    edge = np.zeros(flat.shape[:2], np.float32)
    corner = rim
    inner_box = (margin + corner, margin + corner, margin + size[0] - corner, margin + size[1] - corner)
    cv2.rectangle(edge, inner_box[:2], inner_box[2:], 1.0, -1)
    edge = cv2.GaussianBlur(cv2.dilate(edge, _disc(corner)), (0, 0), 0.7)
    foot = (flat.shape[1] / 2, float(margin + size[1]))
    return _puppet(Mode.PRINT, flat.astype(np.float32), edge, foot, size, size[0] * 0.8, 0.0, frame.shape)


def _puppet(
    mode: Mode,
    flat: np.ndarray,
    alpha: np.ndarray,
    foot: tuple[float, float],
    size: tuple[int, int],
    sole: float,
    head: float,
    shape: tuple[int, ...],
) -> Puppet:
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


def _bounds(alpha: np.ndarray, scale: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the pet in frame pixels."""
    rows, columns = np.flatnonzero((alpha > 0.5).any(axis=1)), np.flatnonzero((alpha > 0.5).any(axis=0))
    return columns[0] * scale, rows[0] * scale, (columns[-1] + 1) * scale, (rows[-1] + 1) * scale


def _scaled(
    frame: np.ndarray, alpha: np.ndarray, box: tuple[float, float, float, float], size: tuple[int, int], margin: int
) -> tuple[np.ndarray, np.ndarray]:
    """The box of frame and alpha at ``size`` with ``margin`` pixels around; alpha is 0 outside the frame."""
    zoom_x, zoom_y = size[0] / (box[2] - box[0]), size[1] / (box[3] - box[1])
    whole = (size[0] + 2 * margin, size[1] + 2 * margin)
    ratio = frame.shape[1] / alpha.shape[1]

    def placed(picture: np.ndarray, factor: float, border: int) -> np.ndarray:
        zoom = zoom_x * factor
        source = picture
        if zoom < 0.7:
            source = cv2.resize(picture, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
            zoom = 1.0
        move = np.array([[zoom, 0, margin - box[0] * zoom_x], [0, zoom, margin - box[1] * zoom_y]])
        way = cv2.INTER_CUBIC if zoom > 1 else cv2.INTER_LINEAR
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


def _head(cover: np.ndarray, margin: int, height: int) -> float:
    """The middle of the upper quarter of the pet."""
    top = cover[margin : margin + max(2, height // 4)] > 0.5
    weight = top.sum(axis=0).astype(np.float64)
    return float((weight * np.arange(len(weight))).sum() / max(weight.sum(), 1))


def _disc(radius: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))


def _even(picture: np.ndarray) -> np.ndarray:
    rows, columns = picture.shape[:2]
    return cv2.copyMakeBorder(picture, 0, rows % 2, 0, columns % 2, cv2.BORDER_CONSTANT, value=0)
