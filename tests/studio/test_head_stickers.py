"""A head has a sticker, on which the place of its skull is known."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.studio.conftest import encoded
from tests.studio.cut_heads import drawn, painted
from tests.studio.drawn_heads import cat, head_at
from videos.photos.head import Head
from videos.studio.raster.picture import InvalidImage
from videos.studio.segmentation.cutout import Cutout
from videos.studio.segmentation.head_cutout import head_of, place_of, sticker_of


def test_head_sticker_has_a_white_outline_on_a_transparent_ground() -> None:
    animal = cat().turned(35)
    mask = (animal.mask * 255).astype(np.uint8)
    data = sticker_of(head_of(encoded(animal.photo), Cutout(encoded(mask, "PNG"), parts=1), animal.head))
    with Image.open(BytesIO(data)) as image:
        assert image.format == "WEBP"
        pixels = np.asarray(image.convert("RGBA")).astype(int)
    alpha = pixels[..., 3]
    assert [alpha[0, 0], alpha[0, -1], alpha[-1, 0], alpha[-1, -1]] == [0, 0, 0, 0]
    assert alpha[3, alpha.shape[1] // 2] == 0, "the gap between the ears"
    row = pixels[pixels.shape[0] // 2]
    left = np.flatnonzero(row[:, 3] > 200)[0]
    assert row[left, :3].min() > 215, "no white outline"
    assert row[row.shape[0] // 2, :3].min() < 150
    assert len(data) < 30_000


@pytest.mark.parametrize("name", ["cat", "tilted to the right"])
def test_place_of_the_skull_is_known_in_the_sticker(name: str) -> None:
    """The white outline and the trimming move the head in its picture."""
    animal, head = drawn(name)
    with Image.open(BytesIO(sticker_of(head))) as image:
        width, height = image.size
        pixels = np.asarray(image.convert("RGBA")).astype(int)
    place = place_of(head)
    assert place.height == pytest.approx(height / width, abs=0.02)
    assert place.skull * width == pytest.approx(animal.skull, rel=0.12)
    # The axis of a drawn head is the middle of its sticker, which ends a little below the chin.
    assert place.x == pytest.approx(0.5, abs=0.05)
    seen = np.flatnonzero((pixels[..., 3] > 127)[:, round(place.x * width)])
    assert place.chin * width == pytest.approx(seen[-1], abs=0.06 * height)
    assert place.crown * width == pytest.approx(seen[0], abs=0.03 * height)
    # The ears are higher.
    assert np.flatnonzero((pixels[..., 3] > 127).any(axis=1))[0] < place.crown * width - 0.1 * height


def test_even_noise_makes_a_small_head_sticker() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1600, 1600, 3), dtype=np.uint8)
    assert len(sticker_of(head_of(encoded(noise), Cutout(mask=None), Head(0.5, 0.5, 0.75, 0.75)))) <= 100_000


def test_sticker_leaves_out_the_faces_of_the_cutout() -> None:
    animal, face = cat(), (0.58, 0.2, 0.74, 0.4)
    photo = encoded(np.ascontiguousarray(painted(animal, face)[..., ::-1]), "PNG")
    sizes = []
    for faces in ((), (face,)):
        with Image.open(BytesIO(sticker_of(head_of(photo, Cutout(mask=None, faces=faces), animal.head)))) as image:
            sizes.append((np.asarray(image.convert("RGBA"))[..., 3] > 127).sum())
    assert sizes[1] < 0.9 * sizes[0]


def test_invalid_bytes_have_no_head() -> None:
    with pytest.raises(InvalidImage):
        head_of(b"no picture at all", Cutout(mask=None), head_at(100, 100, 50, 50))
