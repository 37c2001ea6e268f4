"""Pictures in memory: the planes that the encoder takes, and the conversion between them and BGR."""

from io import BytesIO
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image

MASK_SIDE = 640  # a mask's longer side, in pixels
FAINT = 0.04  # An opacity below this counts as transparent.

# BT.709, limited range. The rows give Y, Cb (U) and Cr (V) from B, G, R in 0 to 255, with the offset last.
_TO_YUV = np.array(
    [
        [0.0722 * 219 / 255, 0.7152 * 219 / 255, 0.2126 * 219 / 255, 16.0],
        [0.5 * 224 / 255, -0.3854 * 224 / 255, -0.1146 * 224 / 255, 128.0],
        [-0.0458 * 224 / 255, -0.4542 * 224 / 255, 0.5 * 224 / 255, 128.0],
    ],
    np.float32,
)


class Picture(NamedTuple):
    """One yuv420p picture: ``y`` is (height, width), ``u`` and ``v`` half of that each way; all uint8."""

    y: np.ndarray
    u: np.ndarray
    v: np.ndarray


def to_yuv(bgr: np.ndarray) -> np.ndarray:
    """Convert BGR (h, w, 3) to Y, U, V of BT.709 in limited range.

    The input is uint8 or float32 in 0 to 255. The result has the same shape and type.
    """
    return cv2.transform(bgr, _TO_YUV)


def colour_of(bgr: tuple[float, float, float]) -> tuple[int, int, int]:
    """Convert one colour, B, G, R in 0 to 255, to Y, U and V."""
    y, u, v = (_TO_YUV[:, :3] @ np.asarray(bgr, np.float32)) + _TO_YUV[:, 3]
    return round(float(y)), round(float(u)), round(float(v))


def to_bgra(on_black: Picture, on_white: Picture) -> np.ndarray:
    """Return what was drawn on black and again on white, as BGRA uint8 (h, w, 4) on a transparent ground."""
    rows, columns = on_black.y.shape
    luma = on_black.y.astype(np.float32)
    alpha = 1 - (on_white.y - luma) / 219
    # What is hardly seen costs bytes.
    alpha = np.where(alpha < FAINT, 0, np.clip(alpha, 0, 1)).astype(np.float32)
    chroma = [cv2.resize(plane.astype(np.float32), (columns, rows)) for plane in on_black[1:]]
    yuv = np.dstack([luma, *chroma]) - _TO_YUV[:, 3]
    colour = cv2.transform(yuv, np.linalg.inv(_TO_YUV[:, :3])) / np.maximum(alpha, FAINT)[..., None]
    return np.clip(np.dstack([colour, alpha * 255]) + 0.5, 0, 255).astype(np.uint8)


class InvalidImage(Exception):
    """The bytes are not a picture that can be decoded."""


def decode(picture: bytes, min_side: int | None = None) -> np.ndarray:
    """Return the picture as BGR uint8 (h, w, 3). Converts greys, palettes and CMYK, and lays transparency on white.

    With ``min_side`` a JPEG may be decoded at a smaller size, for half the work or less. Its longer side is never below
    ``min_side``. Raises InvalidImage for bytes that Pillow cannot read completely.
    """
    try:
        with Image.open(BytesIO(picture)) as opened:
            image: Image.Image = opened
            if min_side is not None:
                scale = min_side / max(image.size)
                image.draft(None, (max(1, int(image.width * scale)), max(1, int(image.height * scale))))
            if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
                clear = image.convert("RGBA")
                image = Image.new("RGBA", clear.size, "white")
                image.alpha_composite(clear)
            return np.ascontiguousarray(np.asarray(image.convert("RGB"))[..., ::-1])
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidImage(f"not decodable: {type(error).__name__}") from error


def decode_mask(picture: bytes) -> np.ndarray:
    """Return the mask as float32 (h, w) in 0 to 1. Raises InvalidImage."""
    try:
        with Image.open(BytesIO(picture)) as image:
            return np.asarray(image.convert("L"), np.float32) / 255
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidImage(f"not decodable: {type(error).__name__}") from error


def crop_to_fill(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """Return the middle of ``picture`` (h, w[, channels]), scaled to cover ``width`` by ``height`` exactly."""
    rows, columns = picture.shape[:2]
    if (columns, rows) == (width, height):
        return picture
    scale = max(width / columns, height / rows)
    keep_w, keep_h = max(1, min(columns, round(width / scale))), max(1, min(rows, round(height / scale)))
    left, top = (columns - keep_w) // 2, (rows - keep_h) // 2
    part = picture[top : top + keep_h, left : left + keep_w]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.clip(cv2.resize(part, (width, height), interpolation=way), 0, 255 if part.dtype == np.uint8 else 1)


def limit_size(picture: np.ndarray, side: int) -> np.ndarray:
    """Return ``picture`` with its longer side reduced to at most ``side`` pixels."""
    rows, columns = picture.shape[:2]
    scale = side / max(rows, columns)
    if scale >= 1:
        return picture
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def brighten(bgr: np.ndarray, cover: np.ndarray | None = None) -> np.ndarray:
    """Brighten a picture (float32, 0 to 255) if it is dark, judged by the part under ``cover`` (0 to 1).

    Other pictures are returned unchanged.
    """
    value = bgr.max(axis=-1)  # Luma would count a red pet as dark.
    seen = value if cover is None else value[cover > 0.9]
    bright = float(np.percentile(seen, 90)) if seen.size else 255.0
    if bright >= 120:
        return bgr
    gain = min(150 / max(bright, 12.0), 4.0)
    return (255 * (np.clip(bgr * gain, 0, 255) / 255) ** 0.92).astype(np.float32)
