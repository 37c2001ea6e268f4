"""Measure the head finder on the held-out photos: ``python -m tools.head_finder.measure FOLDER``.

It needs only what PetGroove itself needs.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from tools.head_finder import scores
from tools.head_finder.photos import Photo, load
from videos.photos.head import SURE, FoundHead
from videos.studio.segmentation import heads
from videos.studio.segmentation.faces import Box, confirmed_faces, face_candidates, without_pets
from videos.studio.segmentation.segmenter import segment


def rectangle(found: FoundHead, bgr: np.ndarray) -> tuple[float, float, float, float]:
    """Return left, top, width and height of a head's oval in pixels."""
    height, width = bgr.shape[:2]
    side = max(height, width)
    head = found.head
    return head.x * width - head.rx * side, head.y * height - head.ry * side, 2 * head.rx * side, 2 * head.ry * side


def score(found: Sequence[FoundHead], bgr: np.ndarray, photo: Photo) -> scores.Score:
    """Compare the first of the found heads with the real one."""
    if not found:
        return scores.compare(None, photo.box)
    return scores.compare(rectangle(found[0], bgr), photo.box, found[0].confidence)


def report(photos: Sequence[Photo]) -> str:
    """Return the tables of the finder, and of the outline where the finder is unsure, on the given photos."""
    finder: list[scores.Score] = []
    unsure: list[tuple[scores.Score, scores.Score]] = []
    seconds = 0.0
    for photo in photos:
        bgr = photo.pixels()
        people = confirmed_faces(without_pets(face_candidates(bgr), heads.find_heads(bgr), bgr.shape))
        start = time.process_time()
        found = heads.find_heads(bgr, people)
        seconds += time.process_time() - start
        finder.append(score(found, bgr, photo))
        if not found or not found[0].is_sure:
            unsure.append((finder[-1], score(outlined(bgr, people), bgr, photo)))
    right = [sum(one.is_right for one in column) for column in zip(*unsure, strict=True)] or [0, 0]
    return "\n".join(
        [
            scores.HEADER,
            scores.row("held out", finder),
            "",
            scores.reliability(finder),
            "",
            scores.sure(finder, SURE),
            f"In the {len(unsure)} others, the finder is right in {right[0]} and the outline in {right[1]}.",
            "",
            f"The finder takes {1000 * seconds / len(photos):.0f} ms of CPU time a photo.",
        ]
    )


def outlined(bgr: np.ndarray, people: Sequence[Box]) -> list[FoundHead]:
    """Return the head that the outline of the cutout suggests, if any."""
    guess = segment(bgr)
    head = None if guess is None else heads.head_by_outline(cv2.resize(guess.mask, bgr.shape[1::-1]), people)
    return [] if head is None else [head]


def main() -> int:
    photos = [photo for photo in load(Path(sys.argv[1])) if photo.held_out]
    sys.stdout.write(report(photos) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
