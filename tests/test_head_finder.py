"""The training of the head finder: its variants keep the head's box, and its scores and folds are right."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tools.head_finder import augment, scores
from tools.head_finder.features import Job, plan
from tools.head_finder.photos import Photo, folds, load

BOX = (120.0, 60.0, 80.0, 60.0)


def picture() -> np.ndarray:
    """Return a dark photo with a bright oval for a head."""
    pixels = np.full((240, 320, 3), 30, np.uint8)
    cv2.ellipse(pixels, (160, 90), (40, 30), 0, 0, 360, (250, 250, 250), -1)
    return pixels


@pytest.fixture
def bright(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the colours, so that the oval can be told apart."""
    monkeypatch.setattr(augment, "recoloured", lambda pixels, random: pixels)


@pytest.mark.usefixtures("bright")
@pytest.mark.parametrize("seed", range(30))
def test_the_box_follows_the_head(seed: int) -> None:
    sample = augment.harder(picture(), BOX, np.random.default_rng(seed))
    assert sample.head
    rows, columns = np.nonzero(sample.picture[..., 0] > 190)
    x, y, width, height = sample.head
    assert columns.min() == pytest.approx(x - width / 2, abs=6)
    assert columns.max() == pytest.approx(x + width / 2, abs=6)
    assert rows.min() == pytest.approx(y - height / 2, abs=6)
    assert rows.max() == pytest.approx(y + height / 2, abs=6)


@pytest.mark.usefixtures("bright")
def test_the_mirrored_box_follows_the_head() -> None:
    sample = augment.mirrored(augment.plain(picture(), (40.0, 60.0, 80.0, 60.0)))
    assert sample.head == (240.0, 130.0, 80.0, 60.0)


@pytest.mark.usefixtures("bright")
@pytest.mark.parametrize("seed", range(8))
def test_no_head_is_left_beside_the_head(seed: int) -> None:
    sample = augment.headless(picture(), (119.0, 59.0, 82.0, 62.0), np.random.default_rng(seed))
    assert sample
    assert sample.head is None
    assert sample.picture.max() < 190


def test_no_part_is_taken_where_the_head_fills_the_photo() -> None:
    assert augment.headless(picture(), (20.0, 20.0, 280.0, 200.0), np.random.default_rng(0)) is None


def test_variants_are_the_same_for_the_same_seed() -> None:
    one, other = (augment.harder(picture(), BOX, np.random.default_rng(3)) for _ in range(2))
    assert one.head == other.head
    assert (one.picture == other.picture).all()


def test_photos_are_loaded_with_their_boxes(tmp_path: Path) -> None:
    label = {"file": "a.jpg", "breed": "pug", "box": [1, 2, 3, 4], "held_out": True, "species": "dog"}
    (tmp_path / "labels.json").write_text(json.dumps([label]))
    assert load(tmp_path) == [Photo(tmp_path / "a.jpg", "pug", (1, 2, 3, 4), held_out=True)]
    with pytest.raises(OSError, match=r"a\.jpg is not a picture"):
        load(tmp_path)[0].pixels()


def test_folds_have_about_as_many_photos_and_each_breed_once() -> None:
    photos = [Photo(Path(), breed, BOX, held_out=False) for breed in "aaaaaabbbbbcccccddde"]
    fold_of = folds(photos)
    assert set(fold_of) == set("abcde")
    sizes = [sum(fold_of[photo.breed] == fold for photo in photos) for fold in range(3)]
    assert max(sizes) - min(sizes) <= 2


def test_a_frequent_breed_gets_fewer_copies_of_each_photo() -> None:
    photos = [Photo(Path(), "cat" if number else "pug", BOX, held_out=False) for number in range(40)]
    jobs = plan(photos, seed=0)
    assert Job(0, "harder", 5) in jobs
    assert Job(1, "harder", 5) not in jobs
    assert Job(1, "plain", 0, mirrored=True) in jobs


def test_scores() -> None:
    near = scores.compare((10, 10, 20, 20), (12, 10, 20, 20), 0.9)
    assert near.distance == pytest.approx(0.1)
    assert near.overlap == pytest.approx(18 / 22)
    assert near.is_right
    missing = scores.compare(None, (12, 10, 20, 20))
    assert not missing.is_right
    assert scores.row("x", [near, missing]) == "| x | 2 | 50.0 % | 50.0 % | 50.0 % | 50.0 % |"
    assert scores.sure([near, missing], 0.75).endswith("1 of 2 photos (50 %), 1 of them right (100.0 %).")
    assert "| 0.90 to 0.95 | 1 | 0.90 | 1.00 |" in scores.reliability([near, missing])
