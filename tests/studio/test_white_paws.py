"""A pet with white feet has white paws, if its photo shows them; nothing is guessed from what is behind it."""

import numpy as np
import pytest

from tests.studio.drawn_heads import Animal, head_at, oval, polygon
from videos.studio.dancer.art.atlas import load_sprites
from videos.studio.dancer.art.body_fur import white_parts
from videos.studio.dancer.art.fur import Fur, fur_of
from videos.studio.raster.colours import Bgr
from videos.studio.segmentation.head_cutout import cut_head
from videos.styles import Body

WHITE = (240, 238, 232)
BLAZE = polygon((215, 150), (265, 150), (275, 250), (205, 250))
CHEST = oval(240, 300, 52, 46)
FEET = oval(240, 446, 90, 36)


def pet(*white: np.ndarray) -> Animal:
    """Return a brown dog that is white in these places."""
    animal = Animal(head_at(240, 170, 95, 88), skull=130)
    animal.add_body(oval(240, 345, 90, 115), oval(240, 440, 84, 24))
    animal.add_head(oval(240, 168, 66, 82), [oval(165, 165, 22, 62, 12), oval(315, 165, 22, 62, -12)])
    for part in white:
        animal.photo[part & (animal.whole_head | animal.body)] = WHITE
    return animal


def fur(animal: Animal, mask: np.ndarray | None = None) -> Fur:
    mask = animal.mask if mask is None else mask
    return fur_of(cut_head(animal.bgr, mask, animal.head), white_parts(animal.bgr, mask, animal.head))


def light(colour: Bgr | None) -> bool:
    return colour is not None and min(colour) > 200


def test_white_feet_give_white_paws() -> None:
    assert light(fur(pet(BLAZE, CHEST, FEET)).paw)
    assert light(fur(pet(BLAZE, FEET)).paw)
    assert light(fur(pet(CHEST, FEET)).paw)


def test_a_white_chest_is_the_second_colour() -> None:
    plain, chest = fur(pet()), fur(pet(CHEST))
    assert not light(plain.second)
    assert light(chest.second)
    assert plain.main == chest.main


def test_feet_that_are_seen_and_brown_stay_brown() -> None:
    assert fur(pet(BLAZE, CHEST)).paw is None
    assert fur(pet()).paw is None


def test_feet_alone_may_stand_in_the_light() -> None:
    assert fur(pet(FEET)).paw is None


def test_feet_below_the_photo_are_white_if_face_and_chest_are() -> None:
    for white, expected in (((BLAZE, CHEST), True), ((BLAZE,), False), ((CHEST,), False)):
        animal = pet(*white)
        low = Animal(
            animal.head, animal.skull, animal.photo[:360], animal.face[:360], animal.ears[:360], animal.body[:360]
        )
        low.head = type(low.head)(animal.head.x, animal.head.y * 480 / 360, animal.head.rx, animal.head.ry)
        assert light(fur(low).paw) is expected


def test_snow_behind_the_pet_does_not_count() -> None:
    animal = pet()
    animal.photo[~(animal.whole_head | animal.body)] = WHITE
    snowy = fur(animal)
    assert snowy.paw is None
    assert not light(snowy.second)


def test_nothing_is_guessed_without_a_mask() -> None:
    animal = pet(BLAZE, CHEST, FEET)
    parts = white_parts(animal.bgr, None, animal.head)
    assert (parts.chest, parts.feet) == (None, None)
    assert fur_of(cut_head(animal.bgr, None, animal.head), parts).paw is None


@pytest.mark.parametrize(("body", "changes"), [(Body.SLIM, True), (Body.SITTING, True), (Body.BIRD, False)])
def test_only_paws_are_drawn_in_the_colour_of_paws(body: Body, changes: bool) -> None:
    white = fur(pet(BLAZE, CHEST, FEET))
    plain = fur_of(cut_head(pet(BLAZE, CHEST).bgr, pet().mask, pet().head))
    assert white.paw is not None
    one, other = (
        load_sprites("happy_wiggle", body, Fur(plain.main, plain.second, plain.pad, plain.pattern, plain.main, paw), 60)
        for paw in (None, white.paw)
    )
    changed = {name for name in one if not np.array_equal(one[name].bgra, other[name].bgra)}
    assert ("mitten_closed" in changed) is changes
    assert all(name.startswith(("mitten", "foot", "hind_paw")) for name in changed)
