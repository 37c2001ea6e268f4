"""The photos to train and measure on: a folder with ``labels.json`` and the pictures that it names."""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

type Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a pet. ``box`` is the head's left, top, width and height in pixels.

    A ``held_out`` photo is measured on and never trained on.
    """

    file: Path
    breed: str
    box: Rectangle
    held_out: bool

    def pixels(self) -> np.ndarray:
        """Return the picture (uint8, (h, w, 3), B, G, R). Raises OSError if it cannot be read."""
        bgr = cv2.imread(str(self.file))
        if bgr is None:
            raise OSError(f"{self.file} is not a picture.")
        return bgr


def load(folder: Path) -> list[Photo]:
    """Return the photos that ``labels.json`` in ``folder`` names."""
    labels = json.loads((folder / "labels.json").read_text())
    return [Photo(folder / label["file"], label["breed"], tuple(label["box"]), label["held_out"]) for label in labels]


def folds(photos: list[Photo], count: int = 3) -> dict[str, int]:
    """Spread the breeds over folds, so that each has about as many photos."""
    sizes: dict[str, int] = {}
    for photo in photos:
        sizes[photo.breed] = sizes.get(photo.breed, 0) + 1
    filled = [0] * count
    fold_of = {}
    for breed in sorted(sizes, key=lambda breed: (-sizes[breed], breed)):
        fold = filled.index(min(filled))
        fold_of[breed] = fold
        filled[fold] += sizes[breed]
    return fold_of
