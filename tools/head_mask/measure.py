"""Measure the mask of the head on the held-out photos: ``python -m tools.head_mask.measure FOLDER``.

It needs only what PetGroove itself needs.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from tools.head_mask import scores
from tools.head_mask.photos import Photo, head_in, load
from videos.photos.head import Head
from videos.studio.raster.mattes import fill_holes
from videos.studio.segmentation.head_mask import SIDE, cropped, head_mask, oval_of, to_crop
from videos.studio.segmentation.segmenter import segment

# The areas to compare in, as shares of the oval.
AREAS = {9.0: "In the whole crop", 1.3: "In and close around the head's oval"}
NAMES = ("the whole photo's mask", "the same, or none if it is not trusted", "the head's mask alone", "both, merged")


def report(photos: Sequence[Photo]) -> str:
    """Return the tables of the masks in the crops and in the heads alone, and the time that a head takes."""
    tables: list[dict[str, list[scores.Score]]] = [{name: [] for name in NAMES} for _ in AREAS]
    seconds = 0.0
    refused = 0
    for photo in photos:
        bgr = photo.pixels()
        head = head_in(photo.box, bgr.shape)
        whole, trusted = whole_mask(bgr)
        start = time.process_time()
        alone = head_mask(bgr, head)
        seconds += time.process_time() - start
        both = head_mask(bgr, head, whole if trusted else None)
        refused += alone is None
        nothing = np.zeros(bgr.shape[:2], np.float32)
        usual = whole if trusted else nothing
        masks = (whole, usual, nothing if alone is None else alone.mask, usual if both is None else both.mask)
        for name, mask in zip(NAMES, masks, strict=True):
            for rows, area in zip(tables, AREAS, strict=True):
                rows[name].append(score(mask, photo, head, bgr.shape, area))
    parts = [
        "\n".join([f"{title}:\n", scores.HEADER, *(scores.row(name, result) for name, result in rows.items())])
        for title, rows in zip(AREAS.values(), tables, strict=True)
    ]
    return (
        "\n\n".join(parts) + f"\n\nThe head's mask was refused for {refused} of {len(photos)} heads. "
        f"It takes {1000 * seconds / len(photos):.0f} ms of CPU time a photo."
    )


def whole_mask(bgr: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return the mask of the whole photo as ``cut_out`` makes it, and whether it is trusted."""
    guess = segment(bgr)
    if guess is None:
        raise OSError("The weights of the segmentation model are missing.")
    large = cv2.resize(guess.mask, bgr.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    return fill_holes(np.clip(large, 0, 1)), guess.confidence >= 0.62 and guess.agreement > 0


def score(mask: np.ndarray, photo: Photo, head: Head, shape: tuple[int, ...], area: float) -> scores.Score:
    """Compare a mask of the whole photo with the trimap, in the crop, within ``area`` times the head's oval."""
    matrix, size = to_crop(head, shape), (SIDE, SIDE)
    trimap = cv2.warpAffine(photo.trimap(), matrix, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.ones(shape[:2], np.uint8), matrix, size, flags=cv2.INTER_NEAREST) > 0
    inside &= oval_of(head).distance(inside.shape) < area
    mask = cv2.resize(mask, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return scores.compare(cropped(mask, matrix), trimap, inside)


def main() -> int:
    photos = [photo for photo in load(Path(sys.argv[1])) if photo.held_out]
    sys.stdout.write(report(photos) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
