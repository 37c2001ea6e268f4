"""Any oval that an owner can draw makes a dancer, however little of a head it holds."""

from dataclasses import replace

import numpy as np
import pytest

from tests.studio.drawn_heads import Animal, bat_eared_dog, cat, dog
from videos.photos.head import MAX_RADIUS, MIN_RADIUS, Head, InvalidHead
from videos.studio.dancer.art.fur import fur_of
from videos.studio.dancer.head.sprites import HeadSprites
from videos.studio.puppet.hats import HATS, Hat
from videos.studio.segmentation.head_cutout import cut_head


def faced_cat() -> Animal:
    animal = cat()
    animal.add_face()
    return animal


def ovals(count: int, random: np.random.Generator) -> list[Head]:
    """Return ovals anywhere in the photo, most of them small or cut off by an edge."""
    found: list[Head] = []
    while len(found) < count:
        x, y = (float(np.clip(place, 0, 1)) for place in random.normal(0.5, 0.45, 2))
        rx = float(np.clip(random.lognormal(-2, 0.9), MIN_RADIUS, MAX_RADIUS))
        try:
            found.append(Head(x, y, rx, rx * random.uniform(0.5, 2), random.uniform(-180, 180)))
        except InvalidHead:
            continue
    return found


@pytest.mark.parametrize("make", [faced_cat, dog, bat_eared_dog])
@pytest.mark.parametrize("masked", [True, False])
def test_any_oval_makes_a_head_in_all_its_states(make: type[Animal], masked: bool) -> None:
    random = np.random.default_rng(11)
    hats = [hat.for_dancer() for hat in HATS.values()]
    animal = make()
    for number, oval in enumerate(ovals(36, random)):
        head = cut_head(animal.bgr, animal.mask if masked else None, oval)
        sprites = HeadSprites(head, 60, fur_of(head).main, hats[number % len(hats)])
        for state in ({}, {"jaw": 1.0, "blink": 1.0}, {"ear_lag": 1.0, "squash": 1.0}, {"back": True}):
            sprite = sprites.at(**state)
            assert sprite.bgra[..., 3].any()
            assert np.isfinite(sprite.joint).all()


@pytest.mark.parametrize("share", [0.5, 0.6, 0.7, 0.8])
def test_a_face_whose_muzzle_is_missing_makes_a_head(share: float) -> None:
    """The photo ends, or the mask does, just below the nose."""
    animal = faced_cat()
    head = cut_head(animal.bgr, animal.mask, animal.head)
    bgra = head.bgra.copy()
    bgra[round(share * len(bgra)) :, :, 3] = 0
    sprites = HeadSprites(replace(head, bgra=bgra), 60, fur_of(head).main)
    assert not sprites.can_open
    assert sprites.at(jaw=1).bgra[..., 3].any()


def test_a_hat_of_which_nothing_is_left_is_left_out() -> None:
    animal = cat()
    head = cut_head(animal.bgr, animal.mask, animal.head)
    invisible = Hat(lambda pen: None)
    assert np.array_equal(
        HeadSprites(head, 60, fur_of(head).main, invisible).at().bgra,
        HeadSprites(head, 60, fur_of(head).main, None).at().bgra,
    )
