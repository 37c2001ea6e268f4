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
STRAND = (0.016, 0.11)  # The width of a strand of fur half a U from the whorl, and its length.
STRANDS = 0.055  # Their contrast, as a deviation.
WHORL = 0.3  # The strands run outwards from this share of the way from the crown to the chin.
CROWN_LIGHT = 0.1  # How much lighter the round of the head is above its middle.
ROUND, ROUND_SHADE = 0.2, 0.3  # The head gets darker towards its outline.
EAR_LINE, EAR_SHADE = 0.03, 0.5  # The ears' bases are dark lines of this width.
EAR_DARK = 0.45  # The ears are darker than the head by this share of that.
SKULL = 0.54  # Half the width of the skull's back, in skull widths. A muzzle that sticks out aside is no part of it.
ASYMMETRY = 0.25  # A head whose halves differ by more than this share of its area is seen from the side.
SEED = 5


def draw_back(head: PlacedHead, fur: Bgr) -> np.ndarray:
    """Return the back of ``head`` (BGR, float32 (h, w, 3)), seen through it; the caller mirrors it.

    ``fur`` is the main colour. The outline is that of ``back_cover``.
    """
    colours = _rim_colours(head)
    colours = colours * (1 - FUR_SHARE) + np.array(fur, np.float32) * FUR_SHARE
    shade = 1 + STRANDS * _strands(head)
    inside = cv2.distanceTransform((back_cover(head) > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    shade *= 1 - ROUND_SHADE * (1 - smoothstep(inside, 0, ROUND * head.unit)) ** 2
    shade *= 1 - EAR_SHADE * _ear_lines(head)
    x, y = _from_whorl(head)
    shade *= 1 + CROWN_LIGHT * np.exp(-((x / 0.3) ** 2 + ((y + 0.05) / 0.22) ** 2) / 2)
    return np.clip(colours * shade[..., None], 0, 255).astype(np.float32)


def back_cover(head: PlacedHead) -> np.ndarray:
    """Return the alpha of the head's back (float32, 0 to 1): the head without a muzzle that sticks out to one side."""
    skull, cover = head.skull, head.cover
    middle = (skull.y + head.chin) / 2
    x = np.abs(np.arange(cover.shape[1], dtype=np.float32)[None] - skull.x) / (SKULL * skull.width)
    y = (np.arange(cover.shape[0], dtype=np.float32)[:, None] - middle) / max(head.chin - middle, 1)
    soft = 2 / (SKULL * skull.width)
    skull_back = smoothstep(1 - np.hypot(x, y), -soft, soft)
    below_ears = smoothstep(1.02 - np.hypot(x, np.maximum(y, 0)), -soft, soft)
    ears = smoothstep(-y, 0.3, 0.4) * np.ones_like(x)
    other = cv2.warpAffine(cover, np.array([[-1, 0, 2 * skull.x], [0, 1, 0]]), cover.shape[::-1])
    if np.abs(cover - other).sum() < ASYMMETRY * cover.sum():
        return cover  # Ears that hang are on both sides of a head seen from the front.
    return np.maximum(cover * np.maximum(below_ears, ears), skull_back).astype(np.float32)


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


def _from_whorl(head: PlacedHead) -> tuple[np.ndarray, np.ndarray]:
    """Return how far each pixel is right of the whorl and below it, in U (float32)."""
    whorl = head.skull.y + WHORL * (head.chin - head.skull.y)
    rows, columns = head.cover.shape
    x = (np.arange(columns, dtype=np.float32)[None] - head.skull.x) / head.unit
    y = (np.arange(rows, dtype=np.float32)[:, None] - whorl) / head.unit
    return np.broadcast_to(x, (rows, columns)), np.broadcast_to(y, (rows, columns))


def _strands(head: PlacedHead) -> np.ndarray:
    """Return the strands of the fur (float32, (h, w)), with a mean of 0 and a deviation of about 1.

    They run outwards from the whorl, as fur does on the back of a head.
    """
    x, y = _from_whorl(head)
    far = np.hypot(x, y)
    around, outwards = round(np.pi / STRAND[0]), round(2 / STRAND[1])
    noise = np.random.default_rng(SEED).normal(0, 1, (outwards, around)).astype(np.float32)
    turn = (np.arctan2(x, -y) / (2 * np.pi) % 1) * around
    # Each strand starts at a distance of its own, so that no rings show.
    shifted = far / STRAND[1] + np.random.default_rng(SEED + 1).uniform(0, 1, around)[turn.astype(int) % around]
    found = cv2.remap(
        noise, turn.astype(np.float32), shifted.astype(np.float32), cv2.INTER_LINEAR, None, cv2.BORDER_WRAP
    )
    soft = cv2.GaussianBlur(found, (0, 0), max(0.5, 0.005 * head.unit))
    soft *= smoothstep(far, 0.02, 0.2)
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
