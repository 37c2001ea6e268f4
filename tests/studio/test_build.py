"""The build of a dancer's body is that of the pet, if all of the pet is seen."""

import cv2
import numpy as np
import pytest

from videos.photos.head import Head
from videos.studio.dancer.build import build_of
from videos.styles import Body

SIZE = 400
HEAD = Head(0.5, 0.3, 0.1, 0.1)


def mask_of(*ovals: tuple[int, int, int, int]) -> np.ndarray:
    """Return a mask of ovals (x, y and radii) and of the head."""
    mask = np.zeros((SIZE, SIZE), np.float32)
    for x, y, across, down in ((200, 120, 40, 40), *ovals):
        cv2.ellipse(mask, (x, y), (across, down), 0, 0, 360, 1, -1)
    return mask


def legs(below: int) -> list[tuple[int, int, int, int]]:
    return [(x, below, 14, 50) for x in (170, 230)]


@pytest.mark.parametrize(
    ("body", "build"),
    [
        ([(200, 220, 45, 75), *legs(300)], Body.SLIM),
        ([(200, 245, 100, 95)], Body.ROUND),
        ([(200, 190, 45, 50)], Body.SMALL),
    ],
)
def test_the_build_is_that_of_the_pet(body: list[tuple[int, int, int, int]], build: Body) -> None:
    assert build_of(HEAD, mask_of(*body)) is build


def test_a_pet_that_is_not_wholly_seen_is_slim() -> None:
    cut = mask_of((200, 380, 110, 240))
    assert build_of(HEAD, cut) is Body.SLIM
    assert build_of(HEAD, mask_of()) is Body.SLIM  # A head without a body.
    assert build_of(HEAD, None) is Body.SLIM
    assert build_of(HEAD, np.zeros((SIZE, SIZE), np.float32)) is Body.SLIM


def test_a_paw_that_leaves_the_photo_hides_nothing() -> None:
    assert build_of(HEAD, mask_of((200, 255, 100, 95), (200, 380, 9, 40))) is Body.ROUND


def test_another_pet_does_not_count() -> None:
    alone, beside = mask_of((200, 190, 45, 50)), mask_of((200, 190, 45, 50), (60, 300, 55, 90))
    assert build_of(HEAD, beside) is build_of(HEAD, alone) is Body.SMALL


def test_the_size_of_the_mask_does_not_matter() -> None:
    mask = mask_of((200, 245, 100, 95))
    for size in (90, 1200):
        assert build_of(HEAD, cv2.resize(mask, (size, size))) is Body.ROUND
