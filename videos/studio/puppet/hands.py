"""The pair of gloves that dance along: around the head and the shoulders, and never over the face."""

import math

from videos.dances import Dance
from videos.studio.choreography import Pose
from videos.studio.puppet.gloves import PAIRS, glove
from videos.studio.puppet.puppet import Puppet
from videos.studio.puppet.warp import Warp
from videos.studio.raster.colours import Bgr
from videos.studio.raster.picture import Picture
from videos.studio.raster.scratch import Scratch
from videos.studio.segmentation.cutout import Mode

PALM = 0.34  # The reach of a glove from its middle, as a share of its size.
FACE = (0.42, 0.48)  # Half a face's width and height, as shares of the head's width.
INSIDE = 0.5  # A glove is wholly visible if its middle is this share of its size from the frame's edge.
EDGE = 0.2  # It may come this close to the edge, with its fingers outside, rather than cover the face.
CARD = 0.92  # Gloves stay this far from a card's middle, in shares of half its width, to be off its picture.
NEAR = 0.8  # They may come this close if they would otherwise leave the frame.


class Hands:
    """Two gloves for a puppet.

    A pose says how far the gloves float outside the body, and how high. They keep to the sides of a pet that stands or
    sits. If the pet lies, or is much longer than high, they keep to the sides of its head. ``size`` is the width of a
    glove. ``neck`` (right of the foot) and ``brow`` (up from it) are the middle of the face. ``face`` is half the width
    and half the height of the area that the gloves avoid. All are in pixels.
    """

    def __init__(self, puppet: Puppet, dance: Dance, warp: Warp, cuff: Bgr, scratch: Scratch) -> None:
        self._puppet, self._warp, self._scratch = puppet, warp, scratch
        h, across = puppet.height, puppet.head.width
        share = 0.22 if puppet.mode is Mode.BUST else 0.26 + 0.12 * puppet.length
        self.size = min(share * h, 0.3 * warp.width)
        self._pair = [glove(kind, self.size, cuff) for kind in PAIRS[dance.slug]]
        card = puppet.mode is Mode.PRINT
        self._long = 0.0 if card else min(max((puppet.width / h - 1.15) / 0.4, 0.0), 1.0)
        half = puppet.width / 2 if card else min(puppet.width / 2, 0.46 * h)
        self._half = half + self._long * (min(half, 0.62 * across) - half)
        self.neck = puppet.head.x - puppet.foot[0]
        self.brow = puppet.foot[1] - puppet.head.top - 0.5 * across
        self.face = tuple(share * across + PALM * self.size for share in FACE)

    def draw(self, picture: Picture, pose: Pose) -> None:
        hands = ((-1, pose.lx, pose.ly, pose.la), (1, pose.rx, pose.ry, pose.ra))
        for number, (side, out, up, angle) in enumerate(hands):
            x, y = self.frame_position(pose, side, out, up)
            facing = side * (1 if pose.flip >= 0 else -1)
            turn = facing * angle + pose.rot + 360 * pose.whirl
            self._pair[number].draw(picture, x, y, turn, facing < 0, self._scratch)

    def frame_position(self, pose: Pose, side: int, out: float, up: float) -> tuple[float, float]:
        """Return the position in the frame of the left (``side`` -1) or the right (1) glove.

        All of the glove except its fingers is inside the frame.
        """
        x, y = self._warp.frame_position(pose, *self.rest_position(side, out, up))
        middle, free = self._face_clearance(pose, float(y))
        inside, edge, width = INSIDE * self.size, EDGE * self.size, self._warp.width
        if x < middle:
            x = max(x, min(inside, middle - free), edge)
        else:
            x = min(x, max(width - inside, middle + free), width - edge)
        return float(x), max(float(y), edge)

    def _face_clearance(self, pose: Pose, y: float) -> tuple[float, float]:
        """Return the face's column at height ``y`` of the frame, and how far to either side no glove may be."""
        if self._puppet.mode is Mode.PRINT:
            column, _ = self._warp.frame_position(pose, 0.0, self._puppet.stand[1] - y)
            return float(column), NEAR * self._half * abs(pose.flip)
        wide, tall = self.face
        column, row = self._warp.frame_position(pose, self.neck, self.brow)
        return float(column), wide * math.sqrt(max(1 - ((y - row) / tall) ** 2, 0.0))

    def rest_position(self, side: int, out: float, up: float) -> tuple[float, float]:
        """Return where a glove floats next to the body at rest: right of the foot and up from it, in pixels."""
        h, part = self._puppet.height, self._long
        if self._puppet.mode is Mode.PRINT:
            return side * max(self._half + out * h, CARD * self._half), up * h
        t = max(min(max((up - 0.25) / 0.4, 0.0), 1.0), part)
        x = self.neck * t * t * (3 - 2 * t) + side * (self._half + out * h)
        return self._move_off_face(x, h * (up + part * (0.42 - 0.45 * up)), side)

    def _move_off_face(self, x: float, y: float, side: int) -> tuple[float, float]:
        """Return the nearest position outside the face, preferably on the glove's own side."""
        wide, tall = self.face
        dx, dy = (x - self.neck) / wide, (y - self.brow) / tall
        far = math.hypot(dx, dy)
        if far >= 1:
            return x, y
        dx += 0.4 * side * (1 - far)
        far = max(math.hypot(dx, dy), 1e-6)
        return self.neck + wide * dx / far, self.brow + tall * dy / far
