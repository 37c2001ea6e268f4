"""The axes of the dancer's body at many moments, and the directions of limbs along them."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from videos.studio.dancer.motion.kinematics import turn_in_picture

UPSIDE_DOWN = 60  # degrees of lean from which the head and the arms follow the torso


@dataclass(slots=True)
class Axes:
    """The axes (n, 3) of the body at n moments: upright (``side``, ``ahead``), and those of the torso."""

    side: np.ndarray
    ahead: np.ndarray
    right: np.ndarray
    up: np.ndarray
    forward: np.ndarray
    chest: np.ndarray
    upside_down: np.ndarray

    @classmethod
    def of(cls, yaw: np.ndarray, lean: np.ndarray, pitch: np.ndarray) -> Self:
        """Return the axes of a body that is turned, leans to the side and bends forward, with its chest at 0."""
        side, ahead = facing(yaw)
        above, cos, sin = np.array([0.0, 1.0, 0.0]), cosines(pitch), sines(pitch)
        up, forward = turn_in_picture(cos * above + sin * ahead, lean), turn_in_picture(cos * ahead - sin * above, lean)
        upside_down = np.abs(lean) > UPSIDE_DOWN
        return cls(side, ahead, turn_in_picture(side, lean), up, forward, np.zeros_like(up), upside_down)

    def upright(self, values: np.ndarray) -> np.ndarray:
        """Return directions (n, 3) in the upright frame."""
        return self.side * values[:, :1] + values * (0, 1, 0) + self.ahead * values[:, 2:]

    def along_torso(self, values: np.ndarray) -> np.ndarray:
        """Return directions (n, 3) in the torso's frame."""
        return self.right * values[:, :1] + self.up * values[:, 1:2] + self.forward * values[:, 2:]


def cosines(degrees: np.ndarray) -> np.ndarray:
    """Return the cosines (n, 1)."""
    return np.cos(np.radians(degrees))[:, None]


def sines(degrees: np.ndarray) -> np.ndarray:
    """Return the sines (n, 1)."""
    return np.sin(np.radians(degrees))[:, None]


def facing(yaw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the body's right and forward directions (n, 3)."""
    cos, sin = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    flat = np.zeros_like(yaw)
    return np.stack([cos, flat, -sin], axis=1), np.stack([sin, flat, cos], axis=1)
