"""The training of the head's mask: its variants keep the pet's mask, and its scores are right."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tools.head_mask import augment, scores
from tools.head_mask.features import COPIES, plan
from tools.head_mask.photos import Photo, head_in, load


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Photo:
    """Return a dark photo with a bright pet, and a trimap with a border. Keep its colours."""
    monkeypatch.setattr(augment, "recoloured", lambda pixels, random: pixels)
    pixels, trimap = np.full((240, 320, 3), 30, np.uint8), np.full((240, 320), 2, np.uint8)
    cv2.ellipse(pixels, (160, 110), (50, 40), 0, 0, 360, (250, 250, 250), -1)
    cv2.ellipse(trimap, (160, 110), (53, 43), 0, 0, 360, 3, -1)
    cv2.ellipse(trimap, (160, 110), (47, 37), 0, 0, 360, 1, -1)
    for name, picture in (("photo.png", pixels), ("trimap.png", trimap)):
        cv2.imwrite(str(tmp_path / name), picture)
    label = {"file": "photo.png", "trimap": "trimap.png", "breed": "pug", "box": [110, 70, 100, 80], "held_out": False}
    (tmp_path / "labels.json").write_text(json.dumps([label]))
    [photo] = load(tmp_path)
    return photo


@pytest.mark.parametrize("seed", range(12))
def test_the_mask_follows_the_pet(photo: Photo, seed: int) -> None:
    sample = augment.sample(photo, np.random.default_rng(seed))
    small = cv2.resize(sample.picture, (augment.OUT, augment.OUT), interpolation=cv2.INTER_AREA)[..., 0]
    bright, pet, counts = small > 135, sample.pet > 127, sample.weight > 250
    assert pet.sum() > 500
    assert (bright == pet)[counts].mean() > 0.99


def test_the_border_counts_less_and_what_is_beyond_the_photo_not_at_all(photo: Photo) -> None:
    sample = augment.sample(photo)
    assert set(np.unique(sample.weight[60:90, 30:100])) >= {round(255 * augment.BORDER_WEIGHT), 255}
    assert sample.weight[0].max() == 0
    assert sample.picture[0, 0].tolist() == [augment.GREY] * 3


def test_the_middle_of_a_head_beyond_the_photo_is_moved_to_its_edge() -> None:
    head = head_in((-60, 10, 100, 80), (240, 320))
    assert (head.x, head.rx) == (0, pytest.approx(50 / 320, abs=1e-4))


def trimap() -> np.ndarray:
    picture = np.full((100, 100), 2, np.uint8)
    picture[:, 40:], picture[:, 46:] = 3, 1
    return picture


def test_scores_compare_the_sure_pixels_and_the_edge() -> None:
    inside = np.ones((100, 100), bool)
    right = np.zeros((100, 100), np.float32)
    right[:, 43:] = 1
    assert scores.compare(right, trimap(), inside) == scores.Score(1, 1)
    wide = np.zeros((100, 100), np.float32)
    wide[:, 20:] = 1
    assert scores.compare(wide, trimap(), inside).overlap == pytest.approx(54 / 74)
    assert scores.compare(wide, trimap(), inside).edge == 0
    inside[:, :40] = False
    assert scores.compare(wide, trimap(), inside).overlap == 1


def test_rows_count_the_bad_heads() -> None:
    row = scores.row("ours", [scores.Score(0.9, 0.8), scores.Score(0.5, 0.6)])
    assert row == "| ours | 2 | 0.700 | 0.700 | 50.0 % | 0.700 |"


def test_each_photo_is_learnt_as_it_is_and_made_harder(photo: Photo) -> None:
    jobs = plan([photo, photo], 7)
    assert len(jobs) == 2 * (COPIES + 1)
    assert [job.seed for job in jobs[:2]] == [None, 7]


def test_a_missing_picture_is_an_error(photo: Photo) -> None:
    photo.trimap_file.unlink()
    with pytest.raises(OSError, match="is not a picture"):
        photo.trimap()
