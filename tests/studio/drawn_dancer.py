"""A dancer of plain capsules, each part in a colour of its own, so that tests see what lies where."""

import cv2
import numpy as np

from videos.studio.dancer.figure import Figure
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.studio.dancer.sprite import Sprite
from videos.styles import Body

UNIT = 60
# B, G, R of each part.
COLOURS = {
    "tail": (200, 120, 0),
    "hood": (90, 90, 20),
    "pelvis": (120, 0, 120),
    "shoe": (0, 0, 0),
    "thigh": (0, 140, 0),
    "shin": (0, 200, 60),
    "torso": (0, 0, 200),
    "torso_back": (60, 60, 255),
    "upper_arm": (220, 60, 60),
    "forearm": (255, 140, 0),
    "mitten_closed": (30, 200, 240),
    "collar": (200, 0, 220),
    "head": (120, 160, 180),
    "head_back": (60, 80, 90),
}


def capsule(colour: tuple[int, int, int], length: float, radius: float, joint_length: float | None = None) -> Sprite:
    """Return a part that hangs ``length`` U down from its joint, as round as ``radius`` U. Negative ones point up."""
    room = round((radius + 0.05) * UNIT)
    size = round(abs(length) * UNIT)
    bgra = np.zeros((2 * room + size, 2 * room, 4), np.uint8)
    top, bottom = (room - 0.5, room - 0.5), (room - 0.5, room - 0.5 + abs(length) * UNIT)
    ends = np.round(np.array([top, bottom]) * 16).astype(np.int32)
    cv2.line(bgra, ends[0].tolist(), ends[1].tolist(), (*colour, 255), round(2 * radius * UNIT), cv2.LINE_AA, 4)
    alpha = bgra[..., 3:].astype(np.float32) / 255
    bgra[..., :3] = np.round(np.array(colour) * alpha)
    return Sprite(bgra, bottom if length < 0 else top, joint_length if joint_length is not None else abs(length))


def slab(colour: tuple[int, int, int], left: float, top: float, right: float, bottom: float) -> Sprite:
    """Return a rectangle, its edges in U from its joint, y down."""
    columns, rows = round((right - left) * UNIT), round((bottom - top) * UNIT)
    bgra = np.zeros((rows + 4, columns + 4, 4), np.uint8)
    bgra[2:-2, 2:-2] = (*colour, 255)
    return Sprite(bgra, (1.5 - left * UNIT, 1.5 - top * UNIT), 0.0)


def sprites() -> dict[str, Sprite]:
    """Return the parts of a slim body with a shirt."""
    return {
        **{f"tail{number}": capsule(COLOURS["tail"], 0.24, 0.06) for number in range(1, 5)},
        "hood": slab(COLOURS["hood"], -0.35, -0.3, 0.35, 0.1),
        "pelvis": slab(COLOURS["pelvis"], -0.28, -0.15, 0.28, 0.12),
        "torso": capsule(COLOURS["torso"], -0.75, 0.27, 0.92),
        "torso_back": capsule(COLOURS["torso_back"], -0.75, 0.27, 0.92),
        "thigh": capsule(COLOURS["thigh"], 0.46, 0.14),
        "shin": capsule(COLOURS["shin"], 0.46, 0.11),
        "shoe": slab(COLOURS["shoe"], -0.16, -0.05, 0.2, 0.136),
        "shoe_side": slab(COLOURS["shoe"], -0.16, -0.05, 0.37, 0.136),
        "upper_arm": capsule(COLOURS["upper_arm"], 0.4, 0.1),
        "forearm": capsule(COLOURS["forearm"], 0.4, 0.08),
        "mitten_closed": capsule(COLOURS["mitten_closed"], 0.12, 0.14),
        "collar": slab(COLOURS["collar"], -0.24, -0.08, 0.24, 0.12),
    }


class DrawnHead:
    """A round head, 0.98 U wide, with a cap of another colour at its back."""

    crown = 0.96
    hair: Sprite | None = None

    def __init__(self) -> None:
        self.front = self._sprite(COLOURS["head"])
        self.back = self._sprite(COLOURS["head_back"])

    def at(self, *, ear_lag: float, jaw: float, blink: float, back: bool) -> Sprite:
        return self.back if back else self.front

    @staticmethod
    def _sprite(colour: tuple[int, int, int]) -> Sprite:
        head = capsule(colour, 0, 0.49)
        x, y = head.joint
        return Sprite(head.bgra, (x, y + 0.47 * UNIT), 0.0)


def figure(body: Body = Body.SLIM) -> Figure:
    return Figure(sprites(), DrawnHead(), SKELETONS[body], UNIT)
