"""Where a hat sits on a head: on its crown, turned as the head is turned in the photo, and above its eyes."""

from dataclasses import replace

import cv2
import numpy as np

from videos.studio.dancer.head.face import Face
from videos.studio.puppet.skull import Skull, measure_skull
from videos.studio.segmentation.head_cutout import CutBy, HeadCutout

MIN_ROLL, MAX_ROLL = 6.0, 55.0  # In degrees. A head that is turned by less counts as upright.
# The outline is examined from the oval's middle: the number of pixels to the oval's radius, and of radii to the end.
DETAIL, FARTHEST = 40, 2.5
SPREAD = 140  # Ears are looked for at up to this many degrees from the top.
SMOOTH = 9  # The outline is averaged over this many degrees, an odd number.
WHISKER = 0.06  # What is thinner than twice this share of the oval's radius is no ear.
PEAK = 15  # The tip of an ear is the farthest point of the outline within this many degrees to either side.
FOOT = 50  # An ear ends within this many degrees from its tip.
APART = (55, 120)  # How far the tips of both ears are apart, in degrees.
EAR = (0.15, 0.9)  # How far an ear rises above what is around it, as a share of the oval's radius.
MIN_SAME = 0.6  # How equal both ears are; 1 means the same.


def seat_of(head: HeadCutout, skull: Skull, face: Face | None) -> Skull:
    """Return the skull on which the hat of ``head`` sits, in the pixels of the head.

    It is ``skull``, turned as the eyes of ``face`` are, or as both ears if no face is known.
    """
    seat, roll = skull, _roll(head, face)
    if MIN_ROLL <= abs(roll) <= MAX_ROLL:
        seat = measure_skull(head.bgra[..., 3] > 127, replace(head.oval, tilt=roll)) or skull
    if face is None:
        return seat
    x, y = np.mean([(eye.x - seat.x, eye.y - seat.y) for eye in face.eyes], axis=0)
    tilt = np.radians(seat.tilt)
    return replace(seat, eyes=float(y * np.cos(tilt) - x * np.sin(tilt)))


def _roll(head: HeadCutout, face: Face | None) -> float:
    """Return how far the head is turned clockwise in degrees; 0 if that is not known."""
    if face:
        return face.roll
    return _roll_of_ears(_outline(head)) if head.cut_by is CutBy.MASK else 0.0


def _outline(head: HeadCutout) -> np.ndarray:
    """Return how far the outline is from the oval's middle, in radii, at each degree from left to right of the top."""
    radius = head.oval.radius
    margin = int(np.ceil(2 * WHISKER * radius))
    solid: np.ndarray = np.pad((head.bgra[..., 3] > 127).astype(np.uint8) * 255, margin)
    size = 2 * max(1, round(WHISKER * radius)) + 1
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    middle = (head.oval.x + margin, head.oval.y + margin)
    # What lies beyond the picture would be left undefined.
    flags = cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS
    rays = cv2.warpPolar(solid, (round(FARTHEST * DETAIL), 360), middle, FARTHEST * radius, flags) > 127
    far = np.where(rays.any(axis=1), rays.shape[1] - rays[:, ::-1].argmax(axis=1), 0) / DETAIL
    # The first ray points right, and the others follow clockwise.
    upwards = np.take(far, np.arange(-SPREAD, SPREAD + 1) - 90, mode="wrap")
    smooth: np.ndarray = cv2.blur(upwards[None], (SMOOTH, 1))[0]
    return smooth


def _roll_of_ears(outline: np.ndarray) -> float:
    """Return the middle of the two tips that are most clearly ears, in degrees from the top; 0 if there are none."""
    near = np.pad(outline, PEAK, constant_values=-1.0)
    windows = np.lib.stride_tricks.sliding_window_view(near, 2 * PEAK + 1)
    tips = np.flatnonzero(outline == windows.max(axis=1))
    best, roll = EAR[0], 0.0
    for left in tips:
        for right in tips[(tips >= left + APART[0]) & (tips <= left + APART[1])]:
            between = outline[left : right + 1].min()
            ears = (
                outline[left] - max(between, outline[max(0, left - FOOT) : left + 1].min()),
                outline[right] - max(between, outline[right : right + FOOT + 1].min()),
            )
            middle = (left + right) / 2 - SPREAD
            if best <= min(ears) and max(ears) <= min(EAR[1], min(ears) / MIN_SAME) and abs(middle) <= MAX_ROLL:
                best, roll = min(ears), float(middle)
    return roll
