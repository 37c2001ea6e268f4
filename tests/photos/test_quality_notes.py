import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import skimage
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from tests.photos.sample_images import saved
from videos import photos

SHIPPED = Path(skimage.__file__).parent / "data"
# A cat, a portrait with a blurred background, a cup, a rocket in front of a dark sky, a man with a camera, a workshop.
GOOD_PHOTOS = ["chelsea.png", "astronaut.png", "coffee.png", "rocket.jpg", "camera.png", "motorcycle_left.png"]


def some_quick(count: int) -> list[Any]:
    """Return the names of the good photos. Those after the first ``count`` are slow."""
    return [pytest.param(name, marks=pytest.mark.slow if at >= count else ()) for at, name in enumerate(GOOD_PHOTOS)]


def photograph(name: str) -> Image.Image:
    with Image.open(SHIPPED / name) as picture:
        return picture.convert("RGB")


def codes(picture: Image.Image) -> list[str]:
    jpeg = photos.normalise(saved(picture, "PNG")).jpeg
    return [note.code for note in photos.inspect(jpeg)]


@pytest.mark.parametrize("name", GOOD_PHOTOS)
def test_good_photo_gets_no_note(name: str) -> None:
    assert codes(photograph(name)) == []


@pytest.mark.parametrize("name", some_quick(1))
def test_phone_photo_of_the_same_scene_gets_no_note(name: str) -> None:
    picture = photograph(name)
    scale = 3000 / max(picture.size)
    size = (round(picture.width * scale), round(picture.height * scale))
    jpeg = photos.normalise(saved(picture.resize(size, Image.Resampling.BICUBIC), "JPEG", quality=80)).jpeg
    assert photos.inspect(jpeg) == ()


@pytest.mark.parametrize("name", some_quick(3))
def test_a_dim_photo_gets_no_note_and_a_dark_one_does(name: str) -> None:
    picture = photograph(name)
    if name != "rocket.jpg":
        assert codes(ImageEnhance.Brightness(picture).enhance(0.5)) == []
    assert codes(ImageEnhance.Brightness(picture).enhance(0.25)) == ["dark"]


@pytest.mark.parametrize("name", some_quick(3))
def test_a_soft_photo_gets_no_note_and_a_blurred_one_does(name: str) -> None:
    picture = photograph(name)
    length = max(picture.size)
    assert codes(picture.filter(ImageFilter.GaussianBlur(0.002 * length))) == []
    assert codes(picture.filter(ImageFilter.GaussianBlur(0.006 * length))) == ["blurry"]


def test_a_sharp_pet_before_a_blurred_background_gets_no_note() -> None:
    cat = photograph("chelsea.png")
    scene = cat.resize((1350, 900)).filter(ImageFilter.GaussianBlur(20))
    scene.paste(cat, (450, 300))
    assert codes(scene) == []


def test_a_black_cat_gets_no_note_for_its_colour() -> None:
    scene = photograph("coffee.png")
    ImageDraw.Draw(scene).ellipse((30, 10, 570, 370), fill=(12, 12, 14))
    assert codes(scene) == []


@pytest.mark.parametrize(("size", "expected"), [((600, 299), ["small"]), ((600, 300), []), ((250, 250), ["small"])])
def test_small_photo_gets_a_note(size: tuple[int, int], expected: list[str]) -> None:
    assert codes(photograph("coffee.png").resize(size)) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1400, 400), []), ((1800, 400), ["wide"]), ((400, 900), []), ((400, 1200), []), ((400, 1700), ["tall"])],
)
def test_very_long_photo_gets_a_note(size: tuple[int, int], expected: list[str]) -> None:
    scene = photograph("motorcycle_left.png").resize((400, 400))
    strip = Image.new("RGB", size)
    for left in range(0, size[0], 400):
        for top in range(0, size[1], 400):
            strip.paste(scene, (left, top))
    assert codes(strip) == expected


def test_note_sentences() -> None:
    scene = photograph("coffee.png").resize((1300, 260))
    sent = ImageEnhance.Brightness(scene).enhance(0.2), scene.filter(ImageFilter.GaussianBlur(25))
    notes = [photos.inspect(photos.normalise(saved(picture, "PNG")).jpeg) for picture in sent]
    small = "This photo is small, so the video may look soft. A larger one will look sharper."
    wide = "This photo is very wide. The video shows only about 36% of it, so reposition it to show your pet."
    assert [[note.sentence for note in each] for each in notes] == [
        [small, "This photo is dark. Photos in good light work best.", wide],
        [small, "This photo looks blurry. Sharp photos work best.", wide],
    ]


def test_module_imports_nothing_heavy() -> None:
    heavy = "{'pillow_heif', 'numpy', 'cv2', 'av', 'django', 'PIL.TiffImagePlugin'} & set(sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, videos.photos; print({heavy})"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout == "set()\n"
