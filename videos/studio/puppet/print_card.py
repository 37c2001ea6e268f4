"""The photo as a puppet: an instant print with a hat, two legs and sneakers."""

import cv2
import numpy as np

from videos.studio.puppet.hats import Hat
from videos.studio.puppet.puppet import HEIGHT, TALLEST, WIDTH, Puppet, assemble_puppet
from videos.studio.puppet.skull import Skull
from videos.studio.puppet.wear import HAT_WIDTH, SEAT, add_hat
from videos.studio.raster.canvas import Canvas, box, oval
from videos.studio.raster.colours import INK, WHITE, Bgr, mix_colours
from videos.studio.raster.picture import brighten, limit_size
from videos.studio.segmentation.cutout import Mode
from videos.studio.segmentation.outline import Head

PAPER: Bgr = (246, 250, 252)
LEGS = 0.16
MAX_RATIO = 1.3  # The ratio of a card's longer to its shorter side, unless the pet needs more.
MAX_TALL_STAGE_RATIO = 1.25  # The ratio of a card's width to its height, on a stage that is higher than wide.


def card_puppet(
    photo: np.ndarray, mask: np.ndarray | None, hat: Hat, shoe: Bgr, stage: tuple[int, int], fit: float = 1.0
) -> Puppet:
    """Return the photo (BGR) as a white-bordered card on legs, trimmed around the pet if it is very long.

    ``mask`` (float32, 0 to 1, any size, the same view) says what to keep in the picture. ``shoe`` is the colour of the
    sneakers, and ``stage`` the video's height and width. ``fit`` is the card's size as a share of the largest.
    """
    height, width = stage
    part = _trim(photo, mask, MAX_TALL_STAGE_RATIO if height > width else np.inf)
    picture = brighten(limit_size(part, max(stage)).astype(np.float32)).astype(np.uint8)
    ratio = picture.shape[1] / picture.shape[0]
    hat_share = hat.headroom * min(0.46 * ratio, 0.5)
    whole = min(HEIGHT[Mode.PRINT], TALLEST[Mode.PRINT] / (1 + 0.8 * hat_share)) * height
    inner_h = fit * min(whole * (1 - LEGS) / 1.16, WIDTH[Mode.PRINT] * width / (ratio + 0.12))
    rim = max(3, round(0.05 * inner_h))
    inner = (max(2, round(inner_h * ratio)), max(2, round(inner_h)))
    print_ = cv2.resize(picture, inner, interpolation=cv2.INTER_AREA)
    card = cv2.copyMakeBorder(print_, rim, round(2.2 * rim), rim, rim, cv2.BORDER_CONSTANT, value=PAPER)
    legs = round(LEGS * card.shape[0] / (1 - LEGS))
    side = 8 + round(0.3 * legs)
    above = 8 + round(hat_share * card.shape[0])
    canvas = Canvas(np.full((above + card.shape[0] + legs + 8, card.shape[1] + 2 * side, 3), 255, np.uint8))
    _legs(canvas, card, (side, above), legs, shoe)
    bottom, right = above + card.shape[0], side + card.shape[1]
    canvas.shape(_rounded(side, above, right, bottom, 0.5 * rim), PAPER)
    canvas.colour[above + 2 : bottom - 2, side + 2 : right - 2] = card[2:-2, 2:-2]
    size = (card.shape[1], card.shape[0] + legs)
    middle, across = side + card.shape[1] / 2, min(0.46 * card.shape[1], 0.5 * card.shape[0])
    brow = across * hat.width / HAT_WIDTH
    crown = Skull(middle, above + 0.005 * size[1] - SEAT * brow, brow, 0.0)
    flat, cover = add_hat(canvas.colour.astype(np.float32), canvas.alpha.astype(np.float32) / 255, hat, crown)
    foot = (middle, float(above + size[1]))
    # The whole upper edge of a card is its head.
    head = Head(middle, above, card.shape[1])
    return assemble_puppet(Mode.PRINT, flat, cover, foot, size, card.shape[1] * 0.62, head, (height, width))


def _trim(photo: np.ndarray, mask: np.ndarray | None, widest: float) -> np.ndarray:
    """Trim the photo to at most ``MAX_RATIO`` in either direction, unless the pet itself is wider or taller."""
    height, width = photo.shape[:2]
    keep_w, keep_h = min(width, round(MAX_RATIO * height)), min(height, round(MAX_RATIO * width))
    x, y = width / 2, height / 2
    if mask is not None and (mask > 0.5).any():
        rows, columns = np.flatnonzero((mask > 0.5).any(axis=1)), np.flatnonzero((mask > 0.5).any(axis=0))
        across, down = width / mask.shape[1], height / mask.shape[0]
        x, y = (columns[0] + columns[-1]) / 2 * across, (rows[0] + rows[-1]) / 2 * down
        keep_w = min(width, max(keep_w, round((columns[-1] - columns[0]) * across * 1.06)))
        keep_h = min(height, max(keep_h, round((rows[-1] - rows[0]) * down * 1.06)))
    keep_w = round(min(keep_w, widest * keep_h))
    left, top = round(np.clip(x - keep_w / 2, 0, width - keep_w)), round(np.clip(y - keep_h / 2, 0, height - keep_h))
    return photo[top : top + keep_h, left : left + keep_w]


def _legs(canvas: Canvas, card: np.ndarray, corner: tuple[int, int], legs: int, shoe: Bgr) -> None:
    top = corner[1] + card.shape[0]
    for direction in (-1, 1):
        x = corner[0] + card.shape[1] * (0.5 + 0.24 * direction)
        wide = max(3.0, 0.16 * legs)
        canvas.stroke([(x, top - legs * 0.2), (x, top + legs * 0.75)], wide * 1.6, WHITE)
        canvas.stroke([(x, top - legs * 0.2), (x, top + legs * 0.75)], wide, INK)
        sole, toe = top + legs, x + direction * 0.16 * legs
        canvas.shape(oval(toe, sole - 0.24 * legs, 0.6 * legs, 0.3 * legs), WHITE)
        canvas.shape(oval(toe, sole - 0.25 * legs, 0.54 * legs, 0.24 * legs), shoe)
        canvas.shape(box(toe - 0.56 * legs, sole - 0.17 * legs, toe + 0.56 * legs, sole), WHITE)
        canvas.shape(
            box(toe - 0.5 * legs, sole - 0.09 * legs, toe + 0.5 * legs, sole - 0.03 * legs), mix_colours(shoe, INK, 0.3)
        )
        canvas.stroke([(x - 0.08 * legs, sole - 0.4 * legs), (toe, sole - 0.3 * legs)], max(1.0, 0.05 * legs), WHITE)


def _rounded(left: float, top: float, right: float, bottom: float, radius: float) -> np.ndarray:
    t = np.linspace(0, np.pi / 2, 6)
    corners = (
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 1),
        (left + radius, top + radius, 2),
    )
    points = []
    for x, y, quarter in (*corners, (right - radius, top + radius, 3)):
        a = t + quarter * np.pi / 2
        points.append(np.stack([x + radius * np.cos(a), y + radius * np.sin(a)], 1))
    return np.concatenate(points)
