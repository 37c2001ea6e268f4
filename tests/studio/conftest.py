"""Drawn photos and tiny formats, so that the studio's tests take seconds."""

import functools
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

import cv2
import numpy as np
import pytest
from PIL import Image

from videos import dances, photos
from videos.dances import Dance
from videos.formats import BY_SLUG, FORMATS, Format
from videos.photos import Normalised
from videos.photos.framing import frame_box
from videos.photos.head import Head
from videos.studio.render import Scene, render
from videos.styles import Body, Style
from videos.subject import Subject

# The heads, with their ears, of the drawn dog in a square and of the demo's pet in its whole photo of 1200 by 1500.
DOG_HEAD = Head(0.5, 0.34, 0.19, 0.2)
SAMPLE_HEAD = Head(0.5, 0.3375, 0.195, 0.225)
SAMPLE_SIZE = (1200, 1500)
TINY = Format("tiny", "Tiny", 160, 160)
SAMPLE = Path(photos.__file__).parent.parent / "management" / "sample_pet.jpg"
# The arguments are the dance, the format, and whether the pet is cut out.
type SceneOf = Callable[[Dance, str, bool], Scene]


class Photo(NamedTuple):
    """An encoded picture and its mask, if it has one."""

    frame: bytes
    mask: bytes | None


def encoded(pixels: np.ndarray, kind: str = "JPEG") -> bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def drawn_dog(width: int = 640, height: int = 640) -> tuple[np.ndarray, np.ndarray]:
    """Return a sitting dog on a lawn (RGB) and its mask (uint8), drawn from ellipses with some fur."""
    random = np.random.default_rng(4)
    scene = np.zeros((height, width, 3), np.uint8)
    scene[:] = np.linspace((150, 200, 235), (110, 160, 90), height)[:, None].astype(np.uint8)
    scene = cv2.GaussianBlur(np.clip(scene + random.normal(0, 30, scene.shape), 0, 255).astype(np.uint8), (0, 0), 4)
    mask = np.zeros((height, width), np.uint8)
    u, cx, base = height / 100, width / 2, height * 0.93
    parts = (
        ((17, -22), (4, 16), 40, (180, 120, 60)),
        ((0, -26), (18, 25), 0, (205, 140, 75)),
        ((-14, -4), (10, 5), 0, (190, 125, 65)),
        ((14, -4), (10, 5), 0, (190, 125, 65)),
        ((0, -22), (10, 17), 0, (240, 220, 195)),
        ((-13, -58), (5, 13), 15, (130, 80, 40)),
        ((13, -58), (5, 13), -15, (130, 80, 40)),
        ((0, -62), (15, 15), 0, (210, 145, 80)),
        ((0, -56), (8, 7), 0, (242, 226, 205)),
        ((0, -59), (3, 2.2), 0, (30, 26, 26)),
        ((-6, -65), (2.2, 2.5), 0, (24, 20, 24)),
        ((6, -65), (2.2, 2.5), 0, (24, 20, 24)),
    )
    for (x, y), (rx, ry), turn, colour in parts:
        centre, axes = (round(cx + x * u), round(base + y * u)), (round(rx * u), round(ry * u))
        cv2.ellipse(scene, centre, axes, turn, 0, 360, colour, -1, cv2.LINE_AA)
        cv2.ellipse(mask, centre, axes, turn, 0, 360, 255, -1, cv2.LINE_AA)
    fur = cv2.GaussianBlur(random.normal(0, 60, (height, width, 1)), (0, 0), 1.5)[..., None]
    return np.clip(scene + fur * (mask[..., None] / 255), 0, 255).astype(np.uint8), mask


def each_dance(*values: object, every: int) -> list[Any]:
    """Return parameters for each dance with ``values``. All but every ``every``-th dance are slow."""
    parameters = []
    for number, dance in enumerate(dances.DANCES):
        marks = [pytest.mark.slow] if number % every else []
        parameters.append(pytest.param(dance, *values, id="-".join([dance.slug, *map(str, values)]), marks=marks))
    return parameters


class Look(TypedDict):
    """How the drawn dog dances."""

    style: Style
    head: Head
    body: Body | None


# The drawn dog as each of them. As a dancer it is nothing but its head.
LOOKS = {style: Look(style=style, head=DOG_HEAD, body=None) for style in Style}
in_each_style = pytest.mark.parametrize("style", list(Style), ids=str)


@pytest.fixture(scope="session")
def dog() -> Photo:
    """Return a pet from head to paws, with its mask."""
    pixels, mask = drawn_dog()
    return Photo(encoded(pixels), encoded(mask, "PNG"))


@pytest.fixture(scope="session")
def sample() -> tuple[Normalised, bytes]:
    """Return the demo's pet, which sits in a photo of ratio 4:5, and the mask of the whole photo.

    The mask is prepared as the command does it.
    """
    # The command needs Django, and the benchmark imports this module without it.
    from videos.management.commands.render_clip import prepare_subject

    picture = photos.normalise(SAMPLE.read_bytes())
    whole = prepare_subject(picture, BY_SLUG["square"]).whole
    assert whole is not None
    return picture, whole[1]


@pytest.fixture(scope="session")
def demo_pet(sample: tuple[Normalised, bytes]) -> dict[str, Photo]:
    """Return the demo's pet with its mask, cropped to each format: white, orange and pink, with ears far apart."""
    (picture, mask), focus = sample, photos.Focus()
    return {
        shape.slug: Photo(
            photos.exact_frame(picture.jpeg, shape, focus),
            photos.crop_mask(mask, picture.width, picture.height, shape, focus),
        )
        for shape in FORMATS
    }


def demo_head(slug: str) -> Head:
    """Return the head of the demo's pet in the photo of ``demo_pet`` in this format."""
    width, height = SAMPLE_SIZE
    left, top, right, bottom = frame_box(width, height, BY_SLUG[slug], photos.Focus())
    by = max(width, height) / max(right - left, bottom - top)
    return Head(
        (SAMPLE_HEAD.x * width - left) / (right - left),
        (SAMPLE_HEAD.y * height - top) / (bottom - top),
        SAMPLE_HEAD.rx * by,
        SAMPLE_HEAD.ry * by,
    )


def of_format(slug: str, side: int) -> tuple[int, int]:
    """Return the width and height of the format with a shorter side of ``side`` pixels, both even."""
    shape = BY_SLUG[slug]
    scale = side / min(shape.width, shape.height) / 2
    return round(shape.width * scale) * 2, round(shape.height * scale) * 2


@pytest.fixture(scope="session")
def scene_of(demo_pet: dict[str, Photo]) -> SceneOf:
    """Return a function for the scene of the demo's pet in a small format. The scenes are shared by all tests."""

    @functools.cache
    def scene(dance: Dance, shape: str, cutout: bool) -> Scene:
        width, height = of_format(shape, 160)
        size = {"width": width, "height": height}
        return Scene(Subject(*demo_pet[shape], cutout=cutout, head=demo_head(shape)), dance=dance, seed=1, **size)

    return scene


@pytest.fixture(scope="session")
def cat() -> Photo:
    """Return a photograph of a cat's face that fills the frame, so that only a print is possible."""
    from skimage import data

    return Photo(encoded(data.cat()), None)


@pytest.fixture(scope="session")
def tiny_clips(dog: Photo, tmp_path_factory: pytest.TempPathFactory) -> dict[Style, Path]:
    """Render five seconds of disco in each style, once per session."""
    folder = tmp_path_factory.mktemp("clip")
    return {style: _disco(dog, style, folder / f"{style}.mp4") for style in Style}


@pytest.fixture(scope="session")
def tiny_clip(tiny_clips: dict[Style, Path]) -> Path:
    """Return five seconds of disco."""
    return tiny_clips[Style.DANCER]


def _disco(dog: Photo, style: Style, into: Path) -> Path:
    render(
        Subject(*dog, **LOOKS[style]),
        dance=dances.BY_SLUG["disco"],
        shape=TINY,
        seconds=5,
        seed=7,
        into=into,
        report=lambda progress: None,
    )
    return into
