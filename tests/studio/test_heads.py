"""The head finder: where a pet's head is, how sure that is, and never a person."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from tests.studio.conftest import SAMPLE, drawn_dog
from videos.photos.head import FoundHead, Head, HeadSource
from videos.studio.segmentation import heads
from videos.studio.segmentation.faces import human_faces
from videos.studio.segmentation.heads import candidates, find_heads, head_by_outline, propose

# The head of scikit-image's cat, of 451 by 300 pixels, which reaches beyond it, by eye: left, top, right and bottom.
CAT = (70, -20, 410, 270)


def bgr(rgb: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(rgb[..., ::-1])


def cat() -> np.ndarray:
    return bgr(data.cat())


def sample_pet() -> np.ndarray:
    with Image.open(SAMPLE) as picture:
        return bgr(np.asarray(picture.convert("RGB")))


def overlap_of_ovals(one: Head, other: Head) -> int:
    ovals = []
    for head in (one, other):
        oval = np.zeros((300, 300), np.uint8)
        axes = (round(300 * head.rx), round(300 * head.ry))
        cv2.ellipse(oval, (round(300 * head.x), round(300 * head.y)), axes, 0, 0, 360, 1, -1)
        ovals.append(oval)
    return int((ovals[0] & ovals[1]).sum())


def test_weights_match_their_notice() -> None:
    weights = heads.MODEL.read_bytes()
    assert len(weights) <= 3_000_000
    assert hashlib.sha256(weights).hexdigest() == heads.MODEL_SHA256
    notice = (heads.MODEL.parent / "NOTICE").read_text()
    for text in (heads.MODEL.name, heads.MODEL_SHA256, "Oxford-IIIT Pet", "CC BY-SA 4.0", "EfficientNet-Lite0"):
        assert text in notice


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_head_of_a_cat_is_found(mirrored: bool) -> None:
    picture = np.ascontiguousarray(cat()[:, ::-1]) if mirrored else cat()
    first = find_heads(picture)[0]
    height, width = picture.shape[:2]
    left, top, right, bottom = CAT
    x = 1 - first.head.x if mirrored else first.head.x
    assert left + 0.25 * (right - left) < x * width < right - 0.25 * (right - left)
    assert top + 0.25 * (bottom - top) < first.head.y * height < bottom - 0.25 * (bottom - top)
    assert 0.5 < 2 * first.head.rx * width / (right - left) < 1.5
    assert first.source is HeadSource.DETECTOR
    assert first.is_sure


def test_the_head_of_the_sample_pet_is_found() -> None:
    head = find_heads(sample_pet())[0].head
    assert head.y < 0.55
    assert abs(head.x - 0.5) < 0.25


@pytest.mark.parametrize(("above", "beside"), [(200, 0), (0, 300)], ids=["tall", "wide"])
def test_places_are_shares_of_the_photo_and_sizes_of_its_longer_side(above: int, beside: int) -> None:
    wider = cv2.copyMakeBorder(cat(), above, above, beside, beside, cv2.BORDER_CONSTANT, value=(90, 120, 90))
    height, width = wider.shape[:2]
    first, other = find_heads(cat())[0].head, find_heads(wider)[0].head
    assert other.x * width - beside == pytest.approx(first.x * 451, abs=40)
    assert other.y * height - above == pytest.approx(first.y * 300, abs=40)
    assert other.rx * max(height, width) == pytest.approx(first.rx * 451, rel=0.35)


def test_a_person_is_no_candidate() -> None:
    picture = bgr(data.astronaut())
    people = human_faces(picture)
    assert people
    left, top, right, bottom = people[0]
    for found in find_heads(picture, people):
        assert not (left <= found.head.x <= right and top <= found.head.y <= bottom)
        assert not found.is_sure


def test_a_pet_under_a_persons_face_is_no_candidate() -> None:
    first = find_heads(cat())[0].head
    face = (first.x - 0.1, first.y - 0.1, first.x + 0.1, first.y + 0.1)
    assert all(overlap_of_ovals(found.head, first) == 0 for found in find_heads(cat(), [face]))


@pytest.mark.parametrize("picture", ["coffee", "rocket", "camera", "noise", "grey"])
def test_no_head_is_sure_where_there_is_none(picture: str) -> None:
    pictures = {
        "coffee": lambda: data.coffee(),
        "rocket": lambda: data.rocket(),
        "camera": lambda: np.dstack([data.camera()] * 3),
        "noise": lambda: np.random.default_rng(1).integers(0, 256, (300, 400, 3)).astype(np.uint8),
        "grey": lambda: np.full((300, 400, 3), 127, np.uint8),
    }
    assert not any(found.is_sure for found in find_heads(bgr(pictures[picture]())))


def test_two_pets_are_two_candidates_that_do_not_overlap() -> None:
    found = find_heads(np.hstack([cat(), cat()[:, ::-1]]))
    assert 2 <= len(found) <= 5
    assert {one.head.x < 0.5 for one in found[:2]} == {True, False}
    assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)
    pairs = [(one.head, other.head) for number, one in enumerate(found) for other in found[:number]]
    assert all(overlap_of_ovals(*pair) <= 5 for pair in pairs)


def test_the_same_photo_gives_the_same_heads() -> None:
    assert find_heads(cat()) == find_heads(cat())


@pytest.mark.parametrize("file", ["missing", "tampered"])
def test_without_the_weights_nothing_is_found(tmp_path: Path, file: str) -> None:
    model = tmp_path / "model.onnx"
    if file == "tampered":
        weights = bytearray(heads.MODEL.read_bytes())
        weights[-100] ^= 1
        model.write_bytes(weights)
    assert find_heads(cat(), model=model) == ()


def test_without_the_weights_the_outline_proposes_a_head(tmp_path: Path) -> None:
    rgb, mask = drawn_dog()
    [found] = propose(bgr(rgb), mask.astype(np.float32) / 255, model=tmp_path / "missing.onnx")
    assert found.source is HeadSource.OUTLINE
    assert not found.is_sure
    assert abs(found.head.x - 0.5) < 0.1
    assert found.head.y < 0.5


def test_a_sure_head_comes_before_the_outlines() -> None:
    mask = np.zeros(cat().shape[:2], np.float32)
    mask[200:, 300:] = 1
    assert propose(cat(), mask) == find_heads(cat())


def test_nothing_unlikely_is_proposed_beside_a_head(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bandana or the back of a person's head is found as well, with next to no confidence."""
    found = [FoundHead(Head(x, 0.5, 0.1, 0.1), sure, HeadSource.DETECTOR) for x, sure in ((0.2, 0.6), (0.5, 0.05))]
    bandana = FoundHead(Head(0.8, 0.5, 0.1, 0.1), 0.04, HeadSource.DETECTOR)
    monkeypatch.setattr(heads, "find_heads", lambda *arguments: (*found, bandana))
    for mask in (None, np.ones((100, 100), np.float32)):
        assert propose(cat(), mask) == tuple(found)


def test_an_outline_takes_the_place_of_unsure_heads_that_it_overlaps(monkeypatch: pytest.MonkeyPatch) -> None:
    rgb, mask = drawn_dog()
    outlined = head_by_outline(mask.astype(np.float32))
    assert outlined
    unsure, elsewhere = (FoundHead(Head(x, outlined.head.y, 0.1, 0.1), 0.01, HeadSource.DETECTOR) for x in (0.45, 0.9))
    monkeypatch.setattr(heads, "find_heads", lambda *arguments: (unsure, elsewhere))
    assert propose(bgr(rgb), mask.astype(np.float32)) == (outlined, elsewhere)


def test_an_outline_under_a_persons_face_proposes_nothing() -> None:
    _, mask = drawn_dog()
    assert head_by_outline(mask.astype(np.float32), [(0.3, 0.1, 0.7, 0.5)]) is None
    assert head_by_outline(np.zeros((50, 50), np.float32)) is None


def test_a_candidate_is_the_mean_of_both_passes() -> None:
    plain = np.zeros((5, 20, 20), np.float32)
    plain[0] = -9
    mirrored = plain.copy()
    plain[0, 6, 4], mirrored[0, 6, 15] = 5, 5
    plain[1], mirrored[1] = 0.25, 0.25  # each pass sees the middle a cell to its right
    [best, *_] = candidates(plain, mirrored)
    assert best.box[0] == pytest.approx(4 * 16 + 8, abs=1)
    assert best.box[1] == pytest.approx(6 * 16 + 8, abs=1)
