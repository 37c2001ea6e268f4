"""A head is cut out by a mask of its own, even where the photo's mask is missing or shows something else."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.studio.conftest import SAMPLE, SAMPLE_HEAD, encoded
from tests.studio.cut_heads import aligned, visible
from tests.studio.drawn_heads import SIDE, Animal, bat_eared_dog, cat, dog, head_at
from tests.studio.test_head_oval import other_pet
from videos.photos.head import Head
from videos.studio.render import cut_dancer
from videos.studio.segmentation import head_mask as module
from videos.studio.segmentation.cutout import Cutout
from videos.studio.segmentation.head_cutout import CutBy, HeadCutout, cut_head, head_of, segmented_head
from videos.studio.segmentation.head_mask import head_mask, merged
from videos.subject import Subject


def faced(animal: Animal, degrees: float = 0) -> Animal:
    """Return the animal with eyes and a nose, without which it looks like a cushion, and turned."""
    animal.add_face()
    return animal.turned(degrees) if degrees else animal


def overlap(result: HeadCutout, animal: Animal) -> float:
    head = aligned(result, animal, animal.whole_head)
    return float((visible(result) & head).sum() / (visible(result) | head).sum())


def test_weights_are_the_expected_ones_and_named_with_their_licences() -> None:
    weights = module.MODEL.read_bytes()
    assert len(weights) < 3_000_000
    assert hashlib.sha256(weights).hexdigest() == module.MODEL_SHA256
    notice = (module.MODEL.parent / "NOTICE").read_text()
    for text in (module.MODEL.name, module.MODEL_SHA256):
        assert text in notice


@pytest.mark.parametrize("mask", [None, np.zeros((240, 240), np.float32), other_pet()], ids=["none", "empty", "other"])
@pytest.mark.parametrize("degrees", [0, 25])
@pytest.mark.parametrize("make", [cat, bat_eared_dog])
def test_the_head_is_cut_out_without_a_mask_of_the_photo(make: type[Animal], degrees: float, mask: np.ndarray) -> None:
    animal = faced(make(), degrees)
    result = segmented_head(animal.bgr, mask, animal.head)
    assert result.cut_by is CutBy.MASK
    assert overlap(result, animal) > 0.85
    assert overlap(result, animal) > overlap(cut_head(animal.bgr, mask, animal.head), animal)


def test_a_mask_that_shows_half_of_the_room_is_replaced() -> None:
    animal = faced(cat())
    mask = np.maximum(animal.mask, (np.mgrid[:240, :240][1] > 120).astype(np.float32))
    before, after = (cut(animal.bgr, mask, animal.head) for cut in (cut_head, segmented_head))
    assert overlap(after, animal) > 0.88
    assert overlap(after, animal) > overlap(before, animal) + 0.05


def test_a_good_mask_of_the_photo_counts() -> None:
    animal = faced(dog())
    alone, both = (segmented_head(animal.bgr, mask, animal.head) for mask in (None, animal.mask))
    assert overlap(both, animal) > 0.9
    assert overlap(both, animal) > overlap(alone, animal) + 0.02


def test_the_sample_pet_keeps_its_ears_without_a_mask() -> None:
    result = segmented_head(cv2.imread(str(SAMPLE)), None, SAMPLE_HEAD)
    top = visible(result)[round(0.1 * result.bgra.shape[0])]
    assert (result.cut_by, np.count_nonzero(np.diff(np.pad(top.astype(int), 1)) == 1)) == (CutBy.MASK, 2)


def test_preparation_and_video_use_it_where_the_photo_has_no_mask() -> None:
    animal = faced(cat())
    photo = encoded(animal.photo)
    prepared, filmed = head_of(photo, Cutout(mask=None), animal.head), cut_dancer(Subject(photo, None), animal.head)[0]
    assert prepared.cut_by is filmed.cut_by is CutBy.MASK
    assert min(overlap(prepared, animal), overlap(filmed, animal)) > 0.85


def test_the_same_photo_gives_the_same_mask() -> None:
    animal = faced(cat())
    masks = [head_mask(animal.bgr, animal.head, animal.mask) for _ in range(2)]
    assert all(masks)
    assert np.array_equal(masks[0].mask, masks[1].mask)
    assert masks[0].confidence == masks[1].confidence


@pytest.mark.parametrize("colour", [(90, 150, 60), (200, 200, 200)])
def test_an_oval_without_a_pet_is_refused(colour: tuple[int, int, int]) -> None:
    noise = np.random.default_rng(3).normal(0, 25, (300, 400, 3))
    room = np.clip(cv2.GaussianBlur(noise, (0, 0), 1.5) * 3 + colour, 0, 255).astype(np.uint8)
    assert head_mask(room, Head(0.5, 0.5, 0.2, 0.2)) is None


@pytest.mark.parametrize("model", ["missing", "other"])
def test_without_the_expected_weights_the_head_is_cut_out_as_before(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "weights.onnx"
    if model == "other":
        file.write_bytes(module.MODEL.read_bytes()[:-1] + b"x")
    animal = faced(cat())
    assert head_mask(animal.bgr, animal.head, model=file) is None
    monkeypatch.setattr(module, "MODEL_SHA256", "0" * 64)
    result, expected = segmented_head(animal.bgr, None, animal.head), cut_head(animal.bgr, None, animal.head)
    assert np.array_equal(result.bgra, expected.bgra)


def test_what_is_nearer_to_a_persons_face_is_left_out() -> None:
    animal = faced(cat())
    face = (0.56, 0.15, 0.8, 0.5)
    plain, beside = (head_mask(animal.bgr, animal.head, None, faces) for faces in ((), [face]))
    assert plain
    assert beside
    x, y = (np.linspace(0, 1, length) for length in beside.mask.shape[::-1])
    inner = np.ix_((y > 0.25) & (y < 0.4), (x > 0.62) & (x < 0.74))
    assert plain.mask[inner].max() > 0.5
    assert beside.mask[inner].max() < 0.02
    assert beside.mask.sum() > 0.5 * plain.mask.sum()


def test_beside_a_person_nothing_is_added_to_the_mask() -> None:
    animal = faced(cat())
    mask = animal.mask.copy()
    mask[:, 130:] = 0  # as ``without_people`` leaves it where a person touches the pet
    face = (0.8, 0.1, 0.95, 0.3)
    found = head_mask(animal.bgr, animal.head, mask, [face])
    assert found
    whole = cv2.resize(mask, found.mask.shape[::-1], interpolation=cv2.INTER_LINEAR)
    near = cv2.dilate(whole, np.ones((25, 25), np.uint8))
    assert (found.mask <= near + 0.02).all()
    assert found.mask.max() > 0.9


def test_masks_that_agree_are_merged_and_others_are_not() -> None:
    pet, moved, other = (np.full((256, 256), low, np.float32) for low in (0.1, 0, 0))
    pet[60:200, 60:200], moved[60:200, 66:206], other[100:256, 100:256] = 0.9, 0.95, 0.99
    both = merged(pet, moved, np.ones((256, 256), bool), people=False)
    assert both[100, 203] > 0.4, "what the photo's mask alone shows is in doubt, not lost"
    assert both[100, 120] > 0.97
    assert both[30, 30] < 0.01
    assert np.array_equal(merged(pet, other, np.ones((256, 256), bool), people=False), pet)


@pytest.mark.parametrize("scale", [0.25, 1, 4])
def test_the_mask_is_as_large_as_the_crop_needs(scale: float) -> None:
    animal = faced(cat())
    bgr = cv2.resize(animal.bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = head_mask(bgr, animal.head, animal.mask)
    assert found
    height, width = found.mask.shape
    assert height <= bgr.shape[0]
    assert max(height, width) <= max(SIDE, 700)
    truth = cv2.resize(animal.whole_head.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA) > 0.5
    assert found.mask[truth].mean() > 0.9


def test_a_head_at_the_photos_edge_has_a_mask() -> None:
    animal = faced(cat()).cropped(190, 0)
    result = segmented_head(animal.bgr, None, animal.head)
    assert overlap(result, animal) > 0.75
    assert visible(segmented_head(animal.bgr, None, head_at(2, 2, 12, 12))).any()
