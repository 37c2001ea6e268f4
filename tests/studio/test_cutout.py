"""The segmentation model on real and drawn photos, the checks on its result, and the stickers."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.studio.conftest import Photo, encoded
from videos.dances import DANCES
from videos.photos import Focus
from videos.photos.advice import cutout_notes
from videos.photos.head import Head
from videos.studio.raster.picture import InvalidImage, decode_mask
from videos.studio.render import Scene
from videos.studio.segmentation import segmenter
from videos.studio.segmentation.cutout import Cutout, Mode, cut_out, mode_of, sticker
from videos.studio.segmentation.parts import choose_part
from videos.subject import Subject


@pytest.fixture(scope="module")
def dog_cutout(dog: Photo) -> Cutout:
    return cut_out(dog.frame)


@pytest.fixture(scope="module", params=["drawn", pytest.param("found", marks=pytest.mark.slow)])
def face(request: pytest.FixtureRequest, cat: Photo) -> Cutout:
    """Return the cutout of a face that fills the frame: either a drawn oval, or the model's result."""
    if request.param == "found":
        return cut_out(cat.frame)
    mask = np.zeros((300, 451), np.uint8)
    cv2.ellipse(mask, (205, 180), (210, 185), 0, 0, 360, 255, -1)
    oval = mask / np.float32(255)
    return Cutout(encoded(mask, "PNG"), cover=float(oval.mean()), passes=1, mode=mode_of(oval), parts=1)


def open_image(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def test_a_whole_pet_is_cut_out(dog: Photo, dog_cutout: Cutout) -> None:
    assert (dog_cutout.mode, dog_cutout.advised) == (Mode.FULL, True)
    assert dog.mask is not None
    assert dog_cutout.mask is not None
    guess, truth = decode_mask(dog_cutout.mask) > 0.5, decode_mask(dog.mask) > 0.5
    assert (guess & truth).sum() / (guess | truth).sum() > 0.9


def test_face_that_fills_the_frame_is_a_print(face: Cutout) -> None:
    assert (face.mode, face.advised) == (Mode.PRINT, False)
    assert cutout_notes(face.info, found=face.mask is not None, as_print=True) == []


def test_full_frame_face_can_be_cut_out_manually(cat: Photo, face: Cutout) -> None:
    results = {}
    for wanted in (True, False):
        alpha = np.asarray(open_image(sticker(cat.frame, face, cut=wanted)).convert("RGBA"))[..., 3]
        whole = (cat.frame, face.mask or b"")
        scene = Scene(
            Subject(cat.frame, face.mask, cutout=wanted, whole=whole), dance=DANCES[0], width=160, height=160, seed=1
        )
        results[wanted] = (bool((alpha > 128).mean() > 0.98), scene.performer.puppet.mode)
    assert results == {True: (False, Mode.BUST), False: (True, Mode.PRINT)}


def test_cutout_info_is_json(dog_cutout: Cutout) -> None:
    info = json.loads(json.dumps(dog_cutout.info))
    assert Cutout.from_info(dog_cutout.mask, info) == dog_cutout
    assert info["mode"] == "full"


def test_the_mask_is_small(dog_cutout: Cutout) -> None:
    assert dog_cutout.mask is not None
    assert max(open_image(dog_cutout.mask).size) == 640
    assert open_image(dog_cutout.mask).mode == "L"


@pytest.mark.parametrize("file", ["missing", "another"])
def test_without_the_model_every_photo_is_a_print(dog: Photo, tmp_path: Path, file: str) -> None:
    path = tmp_path / "u2netp.onnx"
    if file == "another":
        path.write_bytes(segmenter.MODEL.read_bytes()[:-1] + b"x")
    assert replace(cut_out(dog.frame, model=path), heads=None) == Cutout(mask=None)
    assert open_image(sticker(dog.frame, Cutout(mask=None), cut=True)).format == "WEBP"


@pytest.mark.slow
def test_an_empty_photo_has_no_pet() -> None:
    blank = encoded(np.full((200, 300, 3), 90, np.uint8))
    assert cut_out(blank).mode is Mode.PRINT


def test_invalid_bytes_are_no_image() -> None:
    with pytest.raises(InvalidImage):
        cut_out(b"no picture at all")


def pet(top: float, bottom: float, left: float, right: float) -> np.ndarray:
    """Return a mask of 100 by 100 with a rectangle in it."""
    mask = np.zeros((100, 100), np.float32)
    mask[int(top * 100) : int(bottom * 100), int(left * 100) : int(right * 100)] = 1
    return mask


@pytest.mark.parametrize(
    ("mask", "mode"),
    [
        (pet(0.2, 0.9, 0.3, 0.7), Mode.FULL),
        (pet(0.2, 1.0, 0.3, 0.7), Mode.BUST),
        (pet(0.0, 0.9, 0.3, 0.7), Mode.FULL),
        (pet(0.2, 0.9, 0.0, 0.7), Mode.FULL),
        (pet(0.2, 1.0, 0.3, 1.0), Mode.BUST),
        (pet(0.2, 0.9, 0.0, 1.0), Mode.FULL),
        (pet(0.2, 1.0, 0.0, 1.0), Mode.PRINT),
        (pet(0.0, 1.0, 0.2, 1.0), Mode.PRINT),
        (pet(0.45, 0.55, 0.45, 0.55), Mode.PRINT),
        (pet(0.02, 0.98, 0.02, 0.98), Mode.PRINT),
        (pet(0, 0, 0, 0), Mode.PRINT),
    ],
    ids=[
        "whole",
        "cut off below",
        "cut off above",
        "left",
        "right and below",
        "both sides",
        "sides and below",
        "all but left",
        "too small",
        "fills it",
        "nobody",
    ],
)
def test_mode_depends_on_where_the_pet_is_cut_off(mask: np.ndarray, mode: Mode) -> None:
    assert mode_of(mask) is mode


@pytest.mark.parametrize(
    ("mask", "mode"),
    [
        (pet(0.0, 0.9, 0.3, 0.7), Mode.FULL),
        (pet(0.0, 1.0, 0.3, 1.0), Mode.BUST),
        (pet(0.45, 0.58, 0.45, 0.58), Mode.FULL),
        (pet(0.48, 0.54, 0.48, 0.54), Mode.PRINT),
        (pet(0.01, 0.99, 0.0, 1.0), Mode.PRINT),
        (pet(0, 0, 0, 0), Mode.PRINT),
    ],
    ids=["cut off above", "a close face", "small", "a speck", "all of it", "nobody"],
)
def test_manual_cutout_needs_only_an_outline(mask: np.ndarray, mode: Mode) -> None:
    assert mode_of(mask, manual=True) is mode


def test_sticker_has_a_transparent_background(dog: Photo, dog_cutout: Cutout) -> None:
    data = sticker(dog.frame, dog_cutout)
    pixels = np.asarray(open_image(data).convert("RGBA"))
    assert (open_image(data).format, len(data) <= 100_000) == ("WEBP", True)
    alpha = pixels[..., 3]
    assert [alpha[0, 0], alpha[0, -1], alpha[-1, 0]] == [0, 0, 0]
    assert 0.3 < (alpha > 128).mean() < 0.8
    rows = np.flatnonzero((alpha > 128).any(axis=1))
    middle = alpha.shape[1] // 2
    assert pixels[rows[0] + 1, np.flatnonzero(alpha[rows[0] + 1] > 200)[0], :3].min() > 215, "no white outline"
    assert pixels[alpha.shape[0] // 2, middle, :3].min() < 215


def test_a_print_sticker_is_the_framed_photo(cat: Photo, face: Cutout) -> None:
    data = sticker(cat.frame, face)
    pixels = np.asarray(open_image(data).convert("RGBA"))
    assert len(data) <= 100_000
    assert pixels[pixels.shape[0] // 2, 3].tolist()[3] > 250
    assert pixels[pixels.shape[0] // 2, 3, :3].min() > 235
    assert (pixels[..., 3] > 128).mean() > 0.98


def test_the_owner_may_ask_for_the_print(dog: Photo, dog_cutout: Cutout) -> None:
    alpha = np.asarray(open_image(sticker(dog.frame, dog_cutout, cut=False)).convert("RGBA"))[..., 3]
    assert (alpha > 128).mean() > 0.98


@pytest.mark.parametrize("cut", [True, False], ids=["pet", "print"])
def test_a_dark_photo_makes_a_bright_sticker(dog: Photo, dog_cutout: Cutout, cut: bool) -> None:
    def shown(light: float) -> float:
        dark = encoded((np.asarray(open_image(dog.frame)) * light).astype(np.uint8))
        pixels = np.asarray(open_image(sticker(dark, dog_cutout, cut=cut)).convert("RGBA"))
        return float(np.median(pixels[..., 1][pixels[..., 3] > 250]))

    assert shown(0.25) > 0.5 * shown(1.0)


def test_even_noise_makes_a_small_sticker() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1600, 1600, 3), dtype=np.uint8)
    assert len(sticker(encoded(noise), Cutout(mask=None))) <= 100_000


def test_a_known_head_chooses_among_several_pets() -> None:
    """It counts more than the focus, which only says what to keep in the frame."""
    mask = np.zeros((200, 300), np.float32)
    mask[40:180, 20:140], mask[80:170, 200:280] = 1, 1
    small = Head(0.8, 0.5, 0.1, 0.1)
    assert choose_part(mask, (), Focus())[100, 80] == 1
    for focus in (Focus(), Focus(0.2, 0.5)):
        chosen = choose_part(mask, (), focus, small)
        assert (chosen[100, 80], chosen[100, 240]) == (0, 1)
