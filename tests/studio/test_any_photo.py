"""Any picture, with any head that an owner may mark in it, gives a video."""

import functools
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.studio.conftest import Photo, drawn_dog, encoded, of_format
from videos.dances import BY_SLUG
from videos.formats import FORMATS, Format
from videos.photos.head import MAX_RADIUS, MIN_RADIUS, Head
from videos.studio.contact_sheet import blank
from videos.studio.encoding.mp4 import probe
from videos.studio.render import Scene, preview
from videos.styles import Body, Style
from videos.subject import Subject

SALSA = BY_SLUG["salsa"]
# None of them is sure to lie on a head.
HEADS = {
    "middle": Head(0.5, 0.5, 0.2, 0.2),
    "left edge": Head(0.0, 0.5, 0.15, 0.2, -60),
    "corner": Head(1.0, 1.0, 0.3, 0.2, 135),
    "top": Head(0.5, 0.0, 0.2, 0.25, 180),
    "tiny": Head(0.31, 0.62, MIN_RADIUS, MIN_RADIUS),
    "huge": Head(0.5, 0.4, MAX_RADIUS, MAX_RADIUS),
    "narrow": Head(0.5, 0.5, 0.1, 0.3, 20),
}


@functools.cache
def odd_photos() -> dict[str, bytes]:
    random = np.random.default_rng(3)
    colours = random.integers(0, 255, (90, 120, 3), dtype=np.uint8)
    cmyk = BytesIO()
    Image.fromarray(colours).convert("CMYK").save(cmyk, "JPEG")
    return {
        "transparent": encoded(np.dstack([colours, colours[..., :1]]), "PNG"),
        "grey": encoded(colours[..., 0]),
        "cmyk": cmyk.getvalue(),
        "one pixel": encoded(colours[:1, :1], "PNG"),
        "64 pixels": encoded(colours[:64, :64]),
        "a line": encoded(np.full((1000, 1, 3), 200, np.uint8), "PNG"),
        "a lying line": encoded(np.full((1, 1000, 3), 200, np.uint8), "PNG"),
        "panorama": encoded(random.integers(0, 255, (60, 1500, 3), dtype=np.uint8)),
        "sixteen bit": encoded(random.integers(0, 65_000, (40, 40), dtype=np.uint16), "PNG"),
        "black": encoded(np.zeros((50, 50, 3), np.uint8)),
        "white": encoded(np.full((50, 50, 3), 255, np.uint8)),
    }


@functools.cache
def masks() -> dict[str, bytes | None]:
    """Return no mask, and masks that mark everything, nothing, and a few pixels as pet."""
    specks = np.random.default_rng(1).integers(0, 2, (60, 50)) * 255
    everything = np.full((60, 50), 255, np.uint8)
    pictures = {"everything": everything, "nothing": 0 * everything, "specks": specks.astype(np.uint8)}
    return {"no mask": None, **{name: encoded(picture, "PNG") for name, picture in pictures.items()}}


@pytest.mark.parametrize(("number", "name"), [*enumerate(odd_photos())], ids=odd_photos())
def test_any_picture_can_be_drawn_whole(number: int, name: str) -> None:
    """Each is drawn without a mask and with one that marks everything as pet, in alternating formats."""
    width, height = of_format(FORMATS[number % 3].slug, 96)
    for mask in ("no mask", "everything"):
        scene = Scene(Subject(odd_photos()[name], masks()[mask]), dance=SALSA, width=width, height=height, seed=1)
        assert_is_drawn(scene, width, height)


@pytest.mark.parametrize("mask", masks())
@pytest.mark.parametrize(("number", "name"), [*enumerate(odd_photos())], ids=odd_photos())
def test_any_picture_makes_a_dancer(number: int, name: str, mask: str) -> None:
    """Heads, bodies, dances and formats alternate."""
    number += 3 * list(masks()).index(mask)
    head, body = list(HEADS.values())[number % len(HEADS)], list(Body)[number % len(Body)]
    width, height = of_format(FORMATS[number % 3].slug, 96)
    dance = list(BY_SLUG.values())[number % len(BY_SLUG)]
    photo = odd_photos()[name], masks()[mask]
    size = {"width": width, "height": height}
    scene = Scene(Subject(*photo, head=head, style=Style.DANCER, body=body), dance=dance, seed=1, **size)
    assert_is_drawn(scene, width, height)


def assert_is_drawn(scene: Scene, width: int, height: int) -> None:
    """Assert that the performer covers a part of the frame, and the frame no more than it has to."""
    picture = blank(width, height)
    frame_time = scene.frame_times(30, 10)[7]
    picture.y[:] = 0
    scene.performer.draw(picture, frame_time.pose)
    assert 0.02 < (picture.y > 0).mean() < 1
    scene.draw(picture, frame_time)
    assert (picture.y > 0).mean() > 0.99


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("masked", [True, False], ids=["mask", "oval"])
def test_an_oval_anywhere_in_a_photo_makes_a_dancer(head: Head, masked: bool) -> None:
    pixels, mask = drawn_dog(240, 240)
    photo = encoded(pixels), encoded(mask, "PNG") if masked else None
    scene = Scene(Subject(*photo, head=head, style=Style.DANCER), dance=SALSA, width=96, height=96, seed=1)
    assert_is_drawn(scene, 96, 96)


@pytest.mark.slow
@pytest.mark.parametrize("shape", FORMATS, ids=[shape.slug for shape in FORMATS])
@pytest.mark.parametrize("name", odd_photos())
def test_any_picture_gives_a_video(name: str, shape: Format, tmp_path: Path) -> None:
    into = tmp_path / "clip.mp4"
    for mask in ("no mask", "everything"):
        for head in (None, *HEADS.values()):
            look = {"style": Style.DANCER if head else Style.WHOLE_PET, "head": head}
            photo = odd_photos()[name], masks()[mask]
            preview(Subject(*photo, **look), dance=SALSA, shape=shape, seed=1, into=into)
            assert probe(into).seconds == 2.0


@pytest.mark.parametrize("head", [None, HEADS["middle"]], ids=["whole pet", "dancer"])
def test_a_mask_of_a_few_pixels_gives_a_video(dog: Photo, tmp_path: Path, head: Head | None) -> None:
    specks = np.zeros((640, 640), np.uint8)
    specks[300:420, 300:430] = np.random.default_rng(1).integers(0, 2, (120, 130)) * 255
    into = tmp_path / "clip.mp4"
    look = {"style": Style.DANCER if head else Style.WHOLE_PET, "head": head}
    photo = dog.frame, encoded(specks, "PNG")
    preview(Subject(*photo, **look), dance=SALSA, shape=FORMATS[1], seed=1, into=into)
    assert probe(into).seconds == 2.0
