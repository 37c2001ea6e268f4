"""People in a photo: the pet dances and not the person, and the owner is advised to use a photo of the pet alone."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from tests.studio.conftest import SAMPLE, encoded
from videos.photos import Focus, advice
from videos.studio.raster.picture import decode_mask
from videos.studio.segmentation import faces
from videos.studio.segmentation.cutout import Cutout, Mode, cut_out
from videos.studio.segmentation.faces import human_faces
from videos.studio.segmentation.parts import choose_part, large_parts

PERSON, ANIMAL = (slice(4, 90), slice(5, 45)), (slice(40, 90), slice(60, 95))


def bgr(rgb: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(rgb[..., ::-1])


def sample_pet() -> np.ndarray:
    with Image.open(SAMPLE) as picture:
        return np.asarray(picture.convert("RGB"))


def test_detector_matches_its_notice() -> None:
    assert hashlib.sha256(faces.MODEL.read_bytes()).hexdigest() == faces.MODEL_SHA256
    notice = (faces.MODEL.parent / "NOTICE").read_text()
    assert faces.MODEL.name in notice
    assert faces.MODEL_SHA256 in notice


def test_a_person_is_found_where_the_face_is() -> None:
    [(left, top, right, bottom)] = human_faces(bgr(data.astronaut()))
    assert left < 0.44 < right
    assert top < 0.24 < bottom
    assert right - left < 0.3


@pytest.mark.parametrize("picture", ["cat", "cat, mirrored", "sample pet", "horse", "coffee", "rocket"])
def test_no_person_is_found_in_other_pictures(picture: str) -> None:
    pictures = {
        "cat": lambda: data.cat(),
        "cat, mirrored": lambda: data.cat()[:, ::-1],
        "sample pet": sample_pet,
        "horse": lambda: np.dstack([data.horse().astype(np.uint8) * 255] * 3),
        "coffee": lambda: data.coffee(),
        "rocket": lambda: data.rocket(),
    }
    assert human_faces(bgr(pictures[picture]())) == ()


@pytest.mark.parametrize("file", ["missing", "another"])
def test_without_the_detector_no_person_is_found(tmp_path: Path, file: str) -> None:
    path = tmp_path / "faces.tflite"
    if file == "another":
        path.write_bytes(faces.MODEL.read_bytes()[:-1] + b"x")
    assert human_faces(bgr(data.astronaut()), model=path) == ()


@pytest.fixture(scope="module")
def pet_with_person() -> Cutout:
    """Return the cutout of a photo with a person on the left who is larger than the pet on the right."""
    pet = cv2.resize(sample_pet(), (410, 512), interpolation=cv2.INTER_AREA)
    return cut_out(encoded(np.hstack([data.astronaut(), pet])))


@pytest.mark.slow
def test_pet_is_chosen_over_a_larger_person(pet_with_person: Cutout) -> None:
    assert (pet_with_person.people, len(pet_with_person.faces), pet_with_person.mode) == ("apart", 1, Mode.FULL)
    pet = pet_with_person.pet_mask(Focus())
    assert pet is not None
    columns = np.flatnonzero((decode_mask(pet) > 0.5).any(axis=0)) / decode_mask(pet).shape[1]
    assert columns[0] > 0.55


@pytest.mark.slow
@pytest.mark.parametrize("focus", [Focus(), Focus(0.2, 0.5)], ids=["as found", "on the person"])
def test_no_focus_makes_a_person_dance(pet_with_person: Cutout, focus: Focus) -> None:
    pet = pet_with_person.pet_mask(focus)
    assert pet is not None
    assert not (decode_mask(pet)[:, : decode_mask(pet).shape[1] // 2] > 0.1).any()


def test_person_gets_a_note() -> None:
    cutout = Cutout(mask=b"", cover=0.2, mode=Mode.FULL, faces=((0.15, 0.1, 0.35, 0.3),), parts=2)
    assert advice.cutout_notes(cutout.info, found=True, as_print=True) == [advice.PERSON]


@pytest.mark.slow
def test_person_beside_the_pet_gets_a_note(pet_with_person: Cutout) -> None:
    assert advice.cutout_notes(pet_with_person.info, found=True, as_print=True) == [advice.PERSON]


def two_pets() -> np.ndarray:
    mask = np.zeros((100, 100), np.float32)
    mask[PERSON] = mask[ANIMAL] = 1
    mask[2:4, 90:92] = 1
    return mask


@pytest.mark.parametrize(
    ("found_faces", "focus", "expected"),
    [
        ((), Focus(), PERSON),
        (((0.15, 0.1, 0.35, 0.3),), Focus(), ANIMAL),
        (((0.15, 0.1, 0.35, 0.3), (0.7, 0.45, 0.9, 0.6)), Focus(), PERSON),
        (((0.8, 0.0, 0.9, 0.1),), Focus(), PERSON),
        ((), Focus(0.8, 0.6), ANIMAL),
        ((), Focus(0.9, 0.1), ANIMAL),
        (((0.15, 0.1, 0.35, 0.3),), Focus(0.2, 0.5), PERSON),
    ],
    ids=["the largest", "no person", "persons only", "a face elsewhere", "in it", "nearest", "by hand"],
)
def test_one_of_several_parts_is_chosen(
    found_faces: tuple[faces.Box, ...], focus: Focus, expected: tuple[slice, slice]
) -> None:
    mask = two_pets()
    assert len(large_parts(mask)) == 2
    wanted = np.zeros_like(mask)
    wanted[expected] = 1
    assert np.array_equal(choose_part(mask, found_faces, focus), wanted)


def test_single_pet_is_chosen_for_any_focus() -> None:
    mask = two_pets()
    mask[PERSON] = 0
    assert np.array_equal(choose_part(mask, ((0.6, 0.4, 0.9, 0.9),), Focus(0, 0)), mask)
