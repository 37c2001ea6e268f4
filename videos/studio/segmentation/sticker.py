"""Stickers as WebP: the pet cut out with a white outline, or its photo as a small framed print."""

from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from videos.studio.raster.mattes import extend_colours, grow_outline
from videos.studio.raster.picture import brighten, limit_size

MAX_BYTES = 100_000
PRINT_SIDE = 480


def cut_sticker(bgr: np.ndarray, alpha: np.ndarray) -> bytes:
    """Return the pet under ``alpha`` (float32, (h, w), 0 to 1) with a white outline, trimmed to it."""
    return _webp(_cut(bgr, alpha))


def outline_width(shape: tuple[int, ...]) -> float:
    """Return the width in pixels of the white outline around a pet, in a picture of this shape."""
    return max(2.0, 0.012 * min(shape[:2]))


def print_sticker(bgr: np.ndarray) -> bytes:
    """Return the whole picture as a white-bordered card."""
    return _webp(_framed(brighten(limit_size(bgr, PRINT_SIDE).astype(np.float32)).astype(np.uint8)))


def _cut(bgr: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Return the pet with its outline as BGRA, trimmed to it."""
    rim = outline_width(bgr.shape)
    margin = round(rim * 2.5) + 2
    bgr = cv2.copyMakeBorder(bgr, margin, margin, margin, margin, cv2.BORDER_REPLICATE).astype(np.float32)
    alpha = cv2.copyMakeBorder(alpha, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)
    solid = (alpha > 0.97).astype(np.float32)
    inside = np.where(solid[..., None] > 0, bgr, extend_colours(bgr, solid))
    edge = np.maximum(grow_outline(alpha, rim), alpha)
    flat = brighten(inside, alpha) * alpha[..., None] + 255 * (1 - alpha[..., None])
    rows, columns = np.flatnonzero((edge > 0.02).any(axis=1)), np.flatnonzero((edge > 0.02).any(axis=0))
    whole = np.dstack([flat, edge * 255])
    return whole[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _framed(bgr: np.ndarray) -> np.ndarray:
    rim = max(4, round(0.035 * min(bgr.shape[:2])))
    card = cv2.copyMakeBorder(bgr, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    shape = np.zeros(card.shape[:2], np.float32)
    rows, columns = shape.shape
    cv2.rectangle(shape, (rim, rim), (columns - rim - 1, rows - rim - 1), 1.0, -1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * rim + 1, 2 * rim + 1))
    return np.dstack([card.astype(np.float32), cv2.GaussianBlur(cv2.dilate(shape, disc), (0, 0), 0.7) * 255])


def _webp(bgra: np.ndarray) -> bytes:
    pixels = np.clip(bgra + 0.5, 0, 255).astype(np.uint8)
    image = Image.fromarray(np.ascontiguousarray(pixels[..., [2, 1, 0, 3]]), "RGBA")
    for quality in (82, 70, 55, 40):
        file = BytesIO()
        image.save(file, "WEBP", quality=quality, alpha_quality=90, method=4)
        if file.tell() <= MAX_BYTES:
            return file.getvalue()
    return _webp(cv2.resize(bgra, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA))
