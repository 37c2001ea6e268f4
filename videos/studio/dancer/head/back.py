"""The back of a head, made from its outline: fur in the colours of its rim, and no face."""

import cv2
import numpy as np

from videos.studio.dancer.head.placed import PlacedHead
from videos.studio.raster.colours import Bgr
from videos.studio.raster.mattes import extend_colours, smoothstep

# Lengths are in U.
RIM = 0.1  # The width of the rim, whose colours are those of the whole back.
SOFT = 0.07  # Everything finer than this is blurred away, so that no eye or mouth at the rim shows.
FUR_SHARE = 0.45  # The share of the main colour of the fur in the colours of the back.
STRAND = (0.007, 0.03)  # The width and length of the strands of fur, as deviations.
STRANDS = 0.09  # Their contrast, as a deviation.
ROUND, ROUND_SHADE = 0.2, 0.3  # The head gets darker towards its outline.
EAR_LINE, EAR_SHADE = 0.03, 0.5  # The ears' bases are dark lines of this width.
EAR_DARK = 0.45  # The ears are darker than the head by this share of that.
TUFT, TUFT_SHADE = 0.075, 0.28  # The size of the tufts of fur drawn on the back.
# Where the tufts are, in skull widths right of the axis and below the crown.
TUFTS = ((-0.2, 0.3), (0.12, 0.22), (0.02, 0.5), (-0.28, 0.62), (0.26, 0.55), (-0.1, 0.78), (0.17, 0.8))
SEED = 5


def draw_back(head: PlacedHead, fur: Bgr) -> np.ndarray:
    """Return the back of ``head`` (BGR, float32 (h, w, 3)), seen through it; the caller mirrors it.

    ``fur`` is the main colour. The outline is that of the head.
    """
    colours = _rim_colours(head)
    colours = colours * (1 - FUR_SHARE) + np.array(fur, np.float32) * FUR_SHARE
    shade = 1 + STRANDS * _strands(head.cover.shape, head.unit)
    inside = cv2.distanceTransform((head.cover > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    shade *= 1 - ROUND_SHADE * (1 - smoothstep(inside, 0, ROUND * head.unit)) ** 2
    shade *= 1 - EAR_SHADE * _ear_lines(head)
    shade *= 1 - TUFT_SHADE * _tufts(head)
    return np.clip(colours * shade[..., None], 0, 255).astype(np.float32)


def _rim_colours(head: PlacedHead) -> np.ndarray:
    """Return the colours of the ears and of the rim of the skull, extended over the whole head without detail."""
    rows, columns = head.cover.shape
    by = min(1.0, 60 / head.unit)
    size = (max(2, round(columns * by)), max(2, round(rows * by)))
    bgr, cover = (cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in (head.bgr, head.cover))
    solid = np.pad(cover > 0.9, 1).astype(np.uint8)
    inside = cv2.distanceTransform(solid, cv2.DIST_L2, 5)[1:-1, 1:-1]
    unit = head.unit * by
    y = (np.arange(size[1])[:, None] - head.skull.y * by) / ((head.chin - head.skull.y) * by)
    # The chin is lighter than the nape in many pets, and may show a tongue.
    rim = (inside > 0.015 * unit) & (inside < RIM * unit) & (y < 0.6)
    if not rim.any():
        rim = cover > 0.5
    whole = extend_colours(bgr, rim.astype(np.float32))
    whole = cv2.GaussianBlur(whole, (0, 0), SOFT * unit)
    return cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_LINEAR)


def _strands(shape: tuple[int, ...], unit: float) -> np.ndarray:
    """Return the strands of the fur (float32, (h, w)), with a mean of 0 and a deviation of about 1."""
    noise = np.random.default_rng(SEED).normal(0, 1, shape).astype(np.float32)
    width, length = (max(0.5, share * unit) for share in STRAND)
    soft = cv2.GaussianBlur(noise, (0, 0), width, sigmaY=length)
    return soft / max(float(soft.std()), 1e-6)


def _ear_lines(head: PlacedHead) -> np.ndarray:
    """Return the ears, and where the skull's round passes below them (float32, (h, w), 0 to 1)."""
    skull = head.skull
    radius = skull.width / 2
    x = np.arange(head.cover.shape[1], dtype=np.float32)[None] - skull.x
    y = np.arange(head.cover.shape[0], dtype=np.float32)[:, None] - (skull.y + radius)
    far = np.hypot(x, y)
    beyond = ((far > 1.12 * radius) & (y < 0.1 * radius) & (head.cover > 0.5)).astype(np.float32)
    ears = cv2.GaussianBlur(beyond, (0, 0), 0.06 * head.unit)
    line = np.exp(-(((far - radius) / (EAR_LINE * head.unit)) ** 2)) * smoothstep(ears, 0.1, 0.35)
    return np.maximum(line, EAR_DARK * smoothstep(far / radius, 1.0, 1.3) * beyond).astype(np.float32)


def _tufts(head: PlacedHead) -> np.ndarray:
    """Return short, curved strokes of fur (float32, (h, w), 0 to 1)."""
    canvas = np.zeros(head.cover.shape, np.uint8)
    size = TUFT * head.unit
    for right, down in TUFTS:
        x, y = head.skull.at(right, down * (head.chin - head.skull.y) / head.skull.width)
        for step in (-0.5, 0.5):
            t = np.linspace(0, 1, 8)
            curve = np.stack([x + size * (step + 0.35 * t**2), y + size * (t + 0.3 * step)], 1)
            points = np.round(curve * 16).astype(np.int32)
            cv2.polylines(canvas, [points], False, 255, max(1, round(0.016 * head.unit)), cv2.LINE_AA, 4)
    return canvas.astype(np.float32) / 255
