"""The stage behind the puppet: the photo's own blurred background in the dance's colours, a floor of lit tiles."""

import cv2
import numpy as np

from videos.dances import Dance
from videos.studio.edges import filled
from videos.studio.frames import Picture, to_yuv

# The four floor colours and the plum night, as B, G, R.
COLOURS = {"marigold": (60, 178, 250), "mint": (178, 214, 110), "sky": (240, 184, 98), "coral": (104, 118, 248)}
NIGHT = (56, 22, 42)


class Stage:
    """Draws the background of each frame into the encoder's planes."""

    def __init__(self, frame: np.ndarray, alpha: np.ndarray | None, dance: Dance) -> None:
        self._height, self._width = frame.shape[:2]
        self._quarter = (self._width // 4, self._height // 4)
        colour = np.array(COLOURS[dance.colour], np.float32)
        self._base = _vignetted(_duotone(_emptied(frame, alpha, self._quarter), colour))
        self._beam = _spot(self._quarter) * colour

    def draw(self, picture: Picture, beat: float) -> None:
        """Fill ``picture`` with the stage as it is at ``beat``."""
        light = 0.10 + 0.14 * (0.5 + 0.5 * np.cos(2 * np.pi * beat))
        small = to_yuv(np.clip(self._base + light * self._beam, 0, 255))
        small = np.clip(small, 0, 255).astype(np.uint8)
        half = (self._width // 2, self._height // 2)
        cv2.resize(small[..., 0], (self._width, self._height), dst=picture.y, interpolation=cv2.INTER_LINEAR)
        cv2.resize(small[..., 1], half, dst=picture.u, interpolation=cv2.INTER_LINEAR)
        cv2.resize(small[..., 2], half, dst=picture.v, interpolation=cv2.INTER_LINEAR)


def _emptied(frame: np.ndarray, alpha: np.ndarray | None, size: tuple[int, int]) -> np.ndarray:
    """The photo without its pet, small and blurred; float32."""
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    if alpha is not None:
        pet = cv2.dilate(cv2.resize(alpha, size), np.ones((9, 9), np.uint8))
        small = filled(small, 1 - np.clip(pet * 1.2, 0, 1))
    return cv2.GaussianBlur(small, (0, 0), max(size) / 45)


def _duotone(bgr: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """Sixty per cent towards a scale from plum night to the dance's colour."""
    tone = (bgr @ np.array([0.114, 0.587, 0.299], np.float32))[..., None] / 255
    scale = np.array(NIGHT, np.float32) * (1 - tone) + colour * tone
    return 0.4 * bgr * 0.8 + 0.6 * scale


def _vignetted(bgr: np.ndarray) -> np.ndarray:
    rows, columns = bgr.shape[:2]
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    return bgr * (1 - 0.35 * np.clip(x**2 + y**2 - 0.4, 0, 1))[..., None].astype(np.float32)


def _spot(size: tuple[int, int]) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    return np.exp(-((x / 0.6) ** 2) - ((y + 0.1) / 0.9) ** 2)[..., None].astype(np.float32)
