"""Soft shadows on the floor under what touches it or is close to it."""

import cv2
import numpy as np

from videos.studio.dancer.camera import Shot
from videos.studio.dancer.motion.kinematics import TILT
from videos.studio.dancer.motion.rig import Pose
from videos.studio.raster.picture import Picture
from videos.studio.scene.stage import shade

# U: half of a shadow's width under a foot, a hand and a body, and how high each may be to cast one.
FOOT, HAND, BODY = (0.34, 0.9), (0.24, 0.5), (0.62, 0.75)
FLAT = 0.24  # The shadow's height as a share of its width.
DARKEST = 0.6  # The share of light that a shadow takes away in its middle.


class Shadows:
    """The shadows of a figure. They are smaller and lighter the higher their part is."""

    def __init__(self) -> None:
        x, y = np.meshgrid(np.linspace(-1.6, 1.6, 96, dtype=np.float32), np.linspace(-1.6, 1.6, 32, dtype=np.float32))
        self._dark = (255 * DARKEST * np.exp(-((x * x + y * y) ** 1.3))).astype(np.uint8)

    def draw(self, picture: Picture, pose: Pose, shot: Shot) -> None:
        joints = pose.joints
        for name in ("l", "r"):
            ball, heel = joints[f"ball_{name}"], joints[f"heel_{name}"]
            low = min(float(joints[f"toe_{name}"][1]), float(heel[1]))
            self._one(picture, (ball + heel) / 2, low, FOOT, shot)
            hand = joints[f"hand_{name}"]
            self._one(picture, hand, float(hand[1]) - 0.15, HAND, shot)
        body = joints["hip"] if joints["hip"][1] < joints["head"][1] else joints["head"]
        self._one(picture, body, float(body[1]) - 0.35, BODY, shot)

    def _one(self, picture: Picture, point: np.ndarray, height: float, size: tuple[float, float], shot: Shot) -> None:
        half, highest = size
        near = min(max(1 - height / highest, 0.0), 1.0)
        wide = 2 * 1.6 * half * (0.55 + 0.45 * near) * shot.scale
        if near < 0.05 or wide < 4:
            return
        dark = cv2.resize(self._dark, (round(wide), max(4, round(wide * FLAT))))
        through = cv2.addWeighted(dark, -near, dark, 0, 255)
        x = picture.y.shape[1] / 2 + (float(point[0]) - shot.x) * shot.scale
        y = shot.floor + TILT * float(point[2]) * shot.scale
        shade(picture, through, round(x - dark.shape[1] / 2), round(y - dark.shape[0] / 2))
