"""A head at the size of the dancer: its picture, its skull, and the point where it sits on the neck.

U is the width of a head. The size is that of the skull, whatever the ears.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from videos.studio.dancer.head.face import Face, find_face
from videos.studio.dancer.head.seat import seat_of
from videos.studio.puppet.hats import Hat
from videos.studio.puppet.skull import Skull, measure_skull
from videos.studio.puppet.wear import beyond_pet
from videos.studio.raster.mattes import smoothstep
from videos.studio.segmentation.head_cutout import CutBy, HeadCutout

HEAD_WIDTH = 1.04  # The width of the skull, in U.
OVAL_CROWN = 0.1  # How far the crown is below the top of an oval that was cut without a mask, in skull widths.
# An oval without a mask fades. Here its edge is sharp, or the white rim would shine through it.
OVAL_EDGE = (0.3, 0.7)
TALLEST = 1.32  # A long face, from crown to chin, is at most this high, in U.
WIDEST = 2.0  # Ears reach this far from tip to tip, in U.
CENTRE = 0.49  # The middle of the face is this far above the neck, in U.
# The chin reaches below the neck by this much, in U: enough to hide the neck, and not a bow tie.
CHIN = (0.0, 0.06)
MARGIN = 0.12  # The room for ears that lag and for a jaw that opens, in U.
CHIN_SHADE = 0.42  # How much darker the edge of the chin is.
CHIN_DEPTH = 0.075  # How far inwards its shadow goes, in U.
# How much darker the edge of light fur (a mean of B, G and R from the first to the second number) is, and how far.
EDGE_SHADE, EDGE_DEPTH, LIGHT = 0.4, 0.035, (150.0, 235.0)


@dataclass(frozen=True, slots=True)
class PlacedHead:
    """A head at the size of the dancer, with room around it.

    ``bgr`` (float32, 0 to 255) extends beyond the edge of ``cover`` (float32, 0 to 1). ``joint`` is the neck's point.
    ``chin`` is the lowest row of the face. A hat sits on ``seat``. All lengths are in pixels, ``unit`` to a U.
    """

    bgr: np.ndarray
    cover: np.ndarray
    skull: Skull
    seat: Skull
    joint: tuple[float, float]
    chin: float
    face: Face | None
    unit: float


def skull_of(head: HeadCutout) -> Skull:
    """Return the skull of an upright head, in its pixels."""
    measured = measure_skull(head.bgra[..., 3] > 127, head.oval)
    return measured or Skull(head.oval.x, head.oval.y - head.oval.ry, head.skull, 0, reach=head.oval.rx)


def place_head(head: HeadCutout, unit: float, hat: Hat | None) -> PlacedHead:
    """Return ``head`` at ``unit`` pixels to a U, with room for ``hat`` and for its motion."""
    measured = skull_of(head)
    skull = measured
    if head.cut_by is CutBy.OVAL:
        # The oval alone goes up to the tips of the ears, and fades.
        skull = replace(measured, y=measured.y + OVAL_CROWN * measured.width)
    chin = _chin(head)
    by = min(
        HEAD_WIDTH * unit / skull.width,
        TALLEST * unit / max(chin - skull.y, 0.5 * skull.width),
        WIDEST * unit / head.bgra.shape[1],
    )
    face = find_face(head, measured)
    seat = seat_of(head, skull, face)
    beyond = beyond_pet(hat, seat, head.bgra[..., 3].astype(np.float32) / 255) if hat else (0.0, 0.0, 0.0)
    margin = int(np.ceil(MARGIN * unit)) + 2
    left, above, right = (round(length * by) + margin for length in beyond)
    rows, columns = head.bgra.shape[:2]
    size = (max(2, round(columns * by)), max(2, round(rows * by)))
    scaled = cv2.resize(head.bgra, size, interpolation=cv2.INTER_AREA if by < 1 else cv2.INTER_CUBIC)
    room = cv2.copyMakeBorder(scaled[..., :3], above, margin, left, right, cv2.BORDER_REPLICATE).astype(np.float32)
    cover = cv2.copyMakeBorder(scaled[..., 3], above, margin, left, right, cv2.BORDER_CONSTANT).astype(np.float32) / 255
    if head.cut_by is CutBy.OVAL:
        cover = smoothstep(cover, *OVAL_EDGE).astype(np.float32)
    elif by > 1.5:
        cover = smoothstep(cover, 0.25, 0.75).astype(np.float32)  # An enlarged edge is blurred.
    # Pixels grow around their corners, not their centres.
    shift = (by - 1) / 2
    placed = skull.scaled(by, left + shift, above + shift)
    low = chin * by + above + shift
    middle = (placed.y + low) / 2
    neck = float(np.clip(middle + CENTRE * unit, low - CHIN[1] * unit, low - CHIN[0] * unit))
    shaded = _shade_edge(room, cover, placed, low, unit)
    face = face.placed(by, left + shift, above + shift) if face else None
    seat = seat.scaled(by, left + shift, above + shift)
    return PlacedHead(shaded, cover, placed, seat, (placed.x, neck), low, face, unit)


def _chin(head: HeadCutout) -> float:
    """Return the lowest row of the head near its axis."""
    half = 0.3 * head.oval.rx
    left, right = max(0, round(head.oval.x - half)), max(1, round(head.oval.x + half) + 1)
    rows = np.flatnonzero((head.bgra[:, left:right, 3] > 127).any(axis=1))
    lowest = float(rows[-1]) if rows.size else head.bgra.shape[0] - 1.0
    return min(lowest, head.oval.y + 1.05 * head.oval.ry)


def _shade_edge(bgr: np.ndarray, cover: np.ndarray, skull: Skull, chin: float, unit: float) -> np.ndarray:
    """Return the picture with a shadow along its edge.

    It sets the lower edge of the face off from a collar, and light fur off from the white rim.
    """
    inside = cv2.distanceTransform((cover > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    edge = 1 - smoothstep(inside, 0, CHIN_DEPTH * unit)
    rim = 1 - smoothstep(inside, 0, EDGE_DEPTH * unit)
    light = smoothstep(bgr.mean(axis=2), *LIGHT)
    rows = np.arange(len(bgr), dtype=np.float32)[:, None]
    low = smoothstep(rows, skull.y + 0.6 * (chin - skull.y), skull.y + 0.9 * (chin - skull.y))
    shade = (1 - CHIN_SHADE * edge * low) * (1 - EDGE_SHADE * rim * light)
    return (bgr * shade[..., None]).astype(np.float32)
