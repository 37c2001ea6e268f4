"""Pictures of the dancer's parts with their joints."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Sprite:
    """A part of the dancer, drawn hanging down from its joint.

    ``bgra`` is uint8 (height, width, 4), premultiplied. ``joint`` (x, y) is in pixels, where the centre of the first
    one is (0, 0), as in ``cv2.warpAffine``. ``length`` is the length of the bone in U, 0 if the part has none.
    """

    bgra: np.ndarray
    joint: tuple[float, float]
    length: float
