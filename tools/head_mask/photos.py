"""The photos to train and measure on: a folder with ``labels.json``, the pictures that it names, and their trimaps."""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from videos.photos.head import Head

PET, BACKGROUND = 1, 2  # in a trimap; anything else is the border, or unknown
type Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a pet. ``box`` is the head's left, top, width and height in pixels.

    A ``held_out`` photo is measured on and never trained on.
    """

    file: Path
    trimap_file: Path
    breed: str
    box: Box
    held_out: bool

    def pixels(self) -> np.ndarray:
        """Return the picture (uint8, (h, w, 3), B, G, R). Raises OSError if it cannot be read."""
        return _read(self.file, cv2.IMREAD_COLOR)

    def trimap(self) -> np.ndarray:
        """Return the trimap (uint8, (h, w)). Raises OSError if it cannot be read."""
        return _read(self.trimap_file, cv2.IMREAD_GRAYSCALE)


def load(folder: Path) -> list[Photo]:
    """Return the photos that ``labels.json`` in ``folder`` names."""
    labels = json.loads((folder / "labels.json").read_text())
    return [
        Photo(folder / one["file"], folder / one["trimap"], one["breed"], tuple(one["box"]), one["held_out"])
        for one in labels
    ]


def head_in(box: Box, shape: tuple[int, ...]) -> Head:
    """Return the oval in a box, in a photo of ``shape``."""
    height, width = shape[:2]
    longer = max(height, width)
    x, y, w, h = box
    # A box can reach beyond the photo, and its middle too.
    at = (min(max((x + w / 2) / width, 0.0), 1.0), min(max((y + h / 2) / height, 0.0), 1.0))
    return Head(*at, w / 2 / longer, h / 2 / longer)


def _read(file: Path, how: int) -> np.ndarray:
    picture = cv2.imread(str(file), how)
    if picture is None:
        raise OSError(f"{file} is not a picture.")
    return picture
