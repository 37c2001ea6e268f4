"""The icons have the sizes that the manifest, browsers and phones expect, and the sample pet can be cut out."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from videos.studio.segmentation.cutout import Mode, cut_out

ROOT = Path(settings.BASE_DIR)
ICONS = ROOT / "static" / "icons" / "app"
PET = ROOT / "videos" / "management" / "sample_pet.jpg"


@pytest.mark.parametrize(
    ("name", "size", "opaque"),
    [
        ("icon-192.png", (192, 192), False),
        ("icon-512.png", (512, 512), False),
        ("maskable-512.png", (512, 512), True),
        ("apple-touch-icon.png", (180, 180), True),
        ("social.png", (1200, 630), True),
        ("favicon.ico", (32, 32), False),
    ],
)
def test_images_have_the_expected_sizes(name: str, size: tuple[int, int], opaque: bool) -> None:
    with Image.open(ICONS / name) as picture:
        assert picture.size == size
        assert picture.convert("RGBA").getpixel((0, 0))[3] == (255 if opaque else 0)


def test_manifest_icons_exist() -> None:
    manifest = json.loads((ROOT / "static" / "manifest.webmanifest").read_text())
    for icon in manifest["icons"]:
        file = ROOT / "static" / icon["src"]
        if icon["type"] == "image/svg+xml":
            assert file.read_text().startswith("<svg ")
            continue
        with Image.open(file) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert [icon["src"] for icon in manifest["icons"] if icon.get("purpose") == "maskable"] == [
        "icons/app/maskable-512.png"
    ]


def test_manifest_has_the_colour_of_the_light_pages() -> None:
    manifest = json.loads((ROOT / "static" / "manifest.webmanifest").read_text())
    page = (ROOT / "templates" / "base.html").read_text()
    light = f'<meta name="theme-color" content="{manifest["theme_color"]}" media="(prefers-color-scheme: light)">'
    assert light in page
    assert manifest["background_color"] == manifest["theme_color"]


def test_social_image_is_small() -> None:
    assert (ICONS / "social.png").stat().st_size <= 235_000


def test_sample_pet_is_small() -> None:
    assert PET.stat().st_size <= 250_000
    with Image.open(PET) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1200, 1500))
        assert not picture.getexif()


@pytest.mark.slow
def test_sample_pet_can_be_cut_out() -> None:
    cut = cut_out(PET.read_bytes())
    assert (cut.mode, cut.passes, cut.advised) == (Mode.FULL, 1, True)
    assert cut.confidence > 0.95
