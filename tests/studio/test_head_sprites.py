"""The head of the dancer: as wide as its skull whatever its ears, alive where its face is sure, and with a back."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.studio import drawn_heads
from tests.studio.drawn_heads import Animal, bat_eared_dog, cat, dog, rabbit
from videos.studio.dancer.head.placed import place_head
from videos.studio.dancer.head.sprites import HeadSprites
from videos.studio.dancer.sprite import Sprite
from videos.studio.puppet.hats import HATS
from videos.studio.segmentation.head_cutout import HeadCutout, cut_head

UNIT = 200
FUR = drawn_heads.FUR[::-1]


def cutout(animal: Animal, *, masked: bool = True) -> HeadCutout:
    return cut_head(animal.bgr, animal.mask if masked else None, animal.head)


def sprites(animal: Animal, hat: str | None = None, unit: float = UNIT) -> HeadSprites:
    return HeadSprites(cutout(animal), unit, FUR, HATS[hat] if hat else None)


def with_face(**face: object) -> Animal:
    animal = cat()
    animal.add_face(**face)  # type: ignore[arg-type]
    return animal


def seen(sprite: Sprite) -> np.ndarray:
    return sprite.bgra[..., 3] > 127


def dark(sprite: Sprite) -> np.ndarray:
    return (sprite.bgra[..., 3] > 250) & (sprite.bgra[..., :3].max(axis=2) < 60)


def width_above_neck(sprite: Sprite, above: float) -> float:
    """Return the width in U of the sprite ``above`` U over the neck."""
    return float(seen(sprite)[round(sprite.joint[1] - above * UNIT)].sum()) / UNIT


def chin_below_neck(sprite: Sprite) -> float:
    column = seen(sprite)[:, round(sprite.joint[0])]
    return (float(np.flatnonzero(column)[-1]) - sprite.joint[1]) / UNIT


@pytest.mark.parametrize("animal", [cat(), cat(ears=False)], ids=["ears", "no ears"])
def test_skull_is_as_wide_as_a_head_with_and_without_ears(animal: Animal) -> None:
    front = sprites(animal).at()
    assert width_above_neck(front, 0.49) == pytest.approx(1.04, abs=0.06)


@pytest.mark.parametrize("make", [cat, dog, bat_eared_dog, lambda: rabbit(around_face=True)])
def test_chin_hides_the_neck_but_no_bow_tie(make: type[Animal]) -> None:
    front = sprites(make()).at()
    assert -0.02 <= chin_below_neck(front) <= 0.08


def test_middle_of_the_face_is_above_the_neck() -> None:
    """The crown of a round face is as far above the middle as the chin is below it."""
    front = sprites(cat(ears=False)).at()
    column = np.flatnonzero(seen(front)[:, round(front.joint[0])])
    middle = (column[0] + column[-1]) / 2
    assert 0.43 < (front.joint[1] - middle) / UNIT < 0.5


def test_unit_scales_the_sprite() -> None:
    small, large = (sprites(cat(), unit=unit).at() for unit in (60, 240))
    assert large.bgra.shape[1] - 4 == pytest.approx(4 * (small.bgra.shape[1] - 4), rel=0.03)


def test_colours_are_premultiplied() -> None:
    for sprite in (sprites(cat(), "top_hat").at(ear_lag=1, squash=1), sprites(cat()).at(back=True)):
        assert (sprite.bgra[..., :3] <= sprite.bgra[..., 3:]).all()
        edges = (sprite.bgra[0], sprite.bgra[-1], sprite.bgra[:, 0], sprite.bgra[:, -1])
        assert max(int(edge[:, 3].max()) for edge in edges) < 10


def test_chin_is_darker_than_the_cheeks() -> None:
    front = sprites(cat(ears=False)).at()
    x, y = round(front.joint[0]), round(front.joint[1] + chin_below_neck(front) * UNIT)
    strip = front.bgra[:, x - 15 : x + 15, 2].astype(float).mean(axis=1)
    assert strip[y - 6 : y - 2].mean() < 0.8 * strip[y - 60 : y - 40].mean()


def test_same_head_gives_the_same_bytes() -> None:
    moments = [{"squash": 0.4}, {"ear_lag": -1}, {"blink": 1}, {"jaw": 1}, {"back": True}]
    first, second = sprites(with_face(), "afro"), sprites(with_face(), "afro")
    forward = [first.at(**moment).bgra for moment in moments]  # type: ignore[arg-type]
    backward = [second.at(**moment).bgra for moment in reversed(moments)]  # type: ignore[arg-type]
    assert all(np.array_equal(one, other) for one, other in zip(forward, reversed(backward), strict=True))


def test_moments_that_look_the_same_share_a_sprite() -> None:
    head = sprites(with_face())
    assert head.at(squash=0.3, blink=1) is head.at(squash=0.35, blink=0.9)
    assert head.at(squash=0.3) is not head.at(squash=0.9)


@pytest.mark.parametrize("squash", [-1, 1])
def test_squash_keeps_the_area_and_the_neck(squash: float) -> None:
    head = sprites(cat())
    rest, squashed = head.at(), head.at(squash=squash)
    assert seen(squashed).sum() == pytest.approx(seen(rest).sum(), rel=0.02)
    assert (squashed.bgra.shape[1] > rest.bgra.shape[1]) == (squash > 0)
    assert chin_below_neck(squashed) == pytest.approx(chin_below_neck(rest), abs=0.02)


def aligned(one: Sprite, other: Sprite) -> tuple[np.ndarray, np.ndarray]:
    """Return the pictures of two sprites with their joints at the same place."""
    size = (3 * UNIT, 3 * UNIT)
    moves = [np.array([[1, 0, UNIT * 1.5 - s.joint[0]], [0, 1, UNIT * 2.5 - s.joint[1]]]) for s in (one, other)]
    first, second = (
        cv2.warpAffine(sprite.bgra, move, size).astype(int) for sprite, move in zip((one, other), moves, strict=True)
    )
    return first, second


def middle_of_tips(picture: np.ndarray) -> float:
    """Return the column between the tips of both ears."""
    tips = []
    for half in (picture[:, : round(1.5 * UNIT)], picture[:, round(1.5 * UNIT) :]):
        solid = half[..., 3] > 127
        tips.append(float(np.flatnonzero(solid[np.flatnonzero(solid.any(axis=1))[0]]).mean()))
    return (tips[0] + tips[1] + round(1.5 * UNIT)) / 2


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("back", [False, True])
def test_ears_lag_to_one_side_of_the_screen_and_the_face_stays(back: bool, mirrored: bool) -> None:
    head = sprites(with_face())
    left, right = aligned(*(head.at(ear_lag=lag, back=back, mirrored=mirrored) for lag in (-1, 1)))
    assert middle_of_tips(right) > middle_of_tips(left) + 0.1 * UNIT
    face = np.s_[round(2.1 * UNIT) : round(2.4 * UNIT), round(1.2 * UNIT) : round(1.8 * UNIT)]
    assert np.abs(left[face] - right[face]).max() <= 3


def test_mirrored_head_is_mirrored_at_the_neck() -> None:
    head = sprites(cat().turned(20))
    plain, mirrored = head.at(), head.at(mirrored=True)
    assert np.array_equal(plain.bgra[:, ::-1], mirrored.bgra)
    assert mirrored.joint == (plain.bgra.shape[1] - 1 - plain.joint[0], plain.joint[1])


def test_back_has_the_mirrored_outline_and_no_face() -> None:
    head = sprites(with_face(tongue=True))
    front, back = head.at(), head.at(back=True)
    assert np.array_equal(seen(front)[:, ::-1], seen(back))
    assert dark(front).sum() > 300
    assert dark(back).sum() == 0
    inside = cv2.erode(seen(back).astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
    colours = back.bgra[inside][:, :3].astype(float)
    assert np.abs(colours.mean(axis=0) - FUR).max() < 40
    detail = cv2.GaussianBlur(back.bgra[..., 1], (0, 0), 6)[inside]
    assert detail.max() - detail.min() < 70, "the eyes show through"


def test_muzzle_of_a_profile_does_not_stick_out_of_the_back() -> None:
    animal = cat()
    animal.add_head(drawn_heads.oval(330, 190, 90, 34), [])
    animal.head = drawn_heads.head_at(270, 165, 135, 100)
    front, back = (HeadSprites(cutout(animal), UNIT, FUR).at(back=back) for back in (False, True))
    reach = front.bgra.shape[1] - front.joint[0]
    assert reach > 0.75 * UNIT
    assert back.joint[0] < 0.66 * UNIT


def test_dark_mask_of_a_face_does_not_show_on_the_back() -> None:
    animal = cat()
    cv2.circle(animal.photo, (240, 175), 48, drawn_heads.DARK, -1)
    back = sprites(animal).at(back=True)
    row = back.bgra[round(back.joint[1] - 0.45 * UNIT)]
    assert row[row[:, 3] > 250][:, 2].mean() > 0.75 * FUR[2]


def test_back_keeps_the_colour_of_the_ears() -> None:
    """Fur that goes round the head shows on its back."""
    animal = cat()
    animal.photo[animal.ears] = (60, 50, 45)
    back = sprites(animal).at(back=True)
    ears, middle = back.bgra[: round(0.2 * UNIT)], back.bgra[round(back.joint[1] - 0.4 * UNIT)]
    assert ears[ears[..., 3] > 250][:, 2].mean() < middle[middle[:, 3] > 250][:, 2].mean() - 40


def test_sure_eyes_blink() -> None:
    head = sprites(with_face())
    assert head.can_blink
    opened, half, closed = (dark(head.at(blink=blink)) for blink in (0, 0.5, 1))
    eyes = slice(0, round(head.at().joint[1] - 0.42 * UNIT))
    assert closed[eyes].sum() < 0.4 * opened[eyes].sum()
    assert closed[eyes].sum() > 20, "no lash"
    assert closed[eyes].sum() < half[eyes].sum()
    assert np.array_equal(opened[eyes.stop :], closed[eyes.stop :]), "the nose blinks"


UNSURE = {
    "no face": lambda: cat(),
    "one eye": lambda: with_face(eyes=(-30,)),
    "profile": lambda: with_face(eyes=(-62, -20)),
    "no nose": lambda: with_face(nose=90),
    "nostrils as far apart as on a horse": lambda: with_face(eyes=(-44, 44), nose=55),
    "eyes too close": lambda: with_face(eyes=(-12, 12)),
    "four eyes": lambda: with_face(eyes=(-52, -22, 22, 52)),
}


def test_nostrils_at_the_end_of_a_narrow_muzzle_do_not_blink() -> None:
    head = cutout(with_face())
    assert HeadSprites(head, UNIT, FUR).can_blink
    eyes, aside = round(head.oval.y) + 5, round(head.oval.x) + 45
    head.bgra[eyes - 12 : eyes + 13, aside:, 3] = 0
    assert not HeadSprites(head, UNIT, FUR).can_blink


@pytest.mark.parametrize("name", UNSURE)
def test_nothing_blinks_unless_eyes_and_nose_are_sure(name: str) -> None:
    head = sprites(UNSURE[name]())
    assert (head.can_blink, head.can_open) == (False, False)
    assert head.at(blink=1, jaw=1) is head.at()


def test_nothing_blinks_on_the_back() -> None:
    head = sprites(with_face())
    assert head.at(blink=1, jaw=1, back=True) is head.at(back=True)


def test_jaw_of_a_frontal_face_opens_downwards() -> None:
    head = sprites(with_face())
    assert head.can_open
    shut, opened = head.at(), head.at(jaw=1)
    assert 0.03 < chin_below_neck(opened) - chin_below_neck(shut) < 0.07
    mouth = slice(round(opened.joint[1] - 0.28 * UNIT), None)  # below the nose
    assert dark(opened)[mouth].sum() > dark(shut)[mouth].sum() + 30
    above = round(shut.joint[1] - 0.35 * UNIT)
    assert np.array_equal(shut.bgra[:above], opened.bgra[:above])


def test_mouth_that_is_open_moves_no_further() -> None:
    head = sprites(with_face(tongue=True))
    assert (head.can_blink, head.can_open) == (True, False)


def test_face_that_turns_aside_keeps_its_jaw() -> None:
    animal = cat()
    animal.head = drawn_heads.head_at(258, 155, 84, 92)
    animal.add_face()
    head = sprites(replace(animal, head=cat().head))
    assert (head.can_blink, head.can_open) == (True, False)


def test_mouth_far_below_the_nose_stays_shut() -> None:
    animal = with_face(eyes=(-22, 22), nose=26)
    head = sprites(animal)
    assert (head.can_blink, head.can_open) == (True, False)


def test_tilted_face_keeps_its_jaw() -> None:
    animal = with_face().turned(12)
    upright = drawn_heads.Head(animal.head.x, animal.head.y, animal.head.rx, animal.head.ry)
    head = HeadSprites(cut_head(animal.bgr, animal.mask, upright), UNIT, FUR)
    assert not head.can_open


@pytest.mark.parametrize("hat", HATS)
@pytest.mark.parametrize("back", [False, True])
def test_hat_sits_on_the_head(hat: str, back: bool) -> None:
    """It covers something, rises above the crown, and leaves the neck where it is."""
    bare, worn = sprites(cat(ears=False)).at(back=back), sprites(cat(ears=False), hat).at(back=back)
    one, other = aligned(bare, worn)
    assert (np.abs(other - one).max(axis=2) > 60).sum() > 0.02 * UNIT**2
    below = np.s_[round(2.3 * UNIT) :, :, 3]
    assert np.abs(other[below] - one[below]).max() <= 2
    if hat not in {"hibiscus", "wreath", "sweatband", "afro"}:
        assert worn.joint[1] > bare.joint[1] + 0.1 * UNIT


@pytest.mark.parametrize("hat", HATS)
def test_a_hat_on_a_dancer_rises_at_most_three_quarters_of_a_head_above_the_crown(hat: str) -> None:
    worn = HeadSprites(cutout(cat(ears=False)), UNIT, FUR, HATS[hat].for_dancer())
    tallest = max(sprite.joint[1] for sprite in (worn.at(), worn.hair) if sprite is not None)
    assert tallest / UNIT - worn.crown < 0.78


def test_hair_is_a_sprite_of_its_own_and_surrounds_the_head() -> None:
    """Hands can lie between it and the head."""
    worn, bare = sprites(cat(ears=False), "afro"), sprites(cat(ears=False))
    assert worn.hair is not None
    assert bare.hair is None
    assert sprites(cat(), "top_hat").hair is None
    assert worn.hair.joint[1] > bare.at().joint[1] + 0.1 * UNIT
    assert worn.at().bgra.shape[1] < bare.at().bgra.shape[1] + 0.1 * UNIT
    assert worn.hair.bgra.shape[1] > bare.at().bgra.shape[1] + 0.1 * UNIT


@pytest.mark.parametrize("hat", ["sweatband", "afro"])
def test_a_band_lies_on_the_forehead_and_ends_with_the_head(hat: str) -> None:
    bare, worn = sprites(cat(ears=False)).at(), sprites(cat(ears=False), hat).at()
    one, other = aligned(bare, worn)
    changed = np.abs(other - one).max(axis=2) > 60
    rows = np.flatnonzero(changed.any(axis=1))
    crown = np.flatnonzero((one[..., 3] > 128).any(axis=1))[0]
    assert crown + 0.02 * UNIT < rows[0]
    assert rows[-1] < crown + 0.4 * UNIT
    beyond = (other[..., 3] > 128) & (cv2.dilate(one[..., 3].astype(np.uint8), np.ones((17, 17), np.uint8)) < 128)
    assert not beyond.any()


def test_ears_stay_before_the_hat_while_they_lag() -> None:
    head = sprites(cat(), "straw_hat")
    for lag in (0.0, 1.0):
        picture, bare = aligned(head.at(ear_lag=lag), sprites(cat()).at(ear_lag=lag))
        tips = np.zeros(picture.shape[:2], bool)
        rows = np.flatnonzero((bare[..., 3] > 250).any(axis=1))
        tips[rows[0] + 6 : rows[0] + 30] = bare[rows[0] + 6 : rows[0] + 30, :, 3] > 250
        assert tips.sum() > 200
        assert np.median(np.abs(picture - bare)[tips].max(axis=1)) < 12


@pytest.mark.parametrize("turn", [-40, -20, 20, 40])
def test_a_hat_is_turned_as_the_ears_are(turn: float) -> None:
    """The photo's oval is upright, and the eyes are not known."""
    animal = cat().turned(turn)
    upright = drawn_heads.Head(animal.head.x, animal.head.y, animal.head.rx, animal.head.ry)
    placed = place_head(cut_head(animal.bgr, animal.mask, upright), UNIT, HATS["crown"])
    assert placed.face is None
    assert placed.skull.tilt == 0
    assert placed.seat.tilt == pytest.approx(turn, abs=6)
    aside = (placed.seat.x - placed.skull.x) / UNIT
    assert aside * turn > 0
    assert abs(aside) > 0.1
    turned = cut_head(animal.bgr, animal.mask, upright)
    bare, worn = (HeadSprites(turned, UNIT, FUR, hat).at() for hat in (None, HATS["top_hat"]))
    one, other = aligned(bare, worn)
    hat = np.flatnonzero((np.abs(other - one).max(axis=2) > 60).any(axis=0))
    assert (hat.mean() - 1.5 * UNIT) * turn > 0.06 * UNIT * abs(turn)


def test_a_hat_is_turned_as_the_eyes_are() -> None:
    animal = with_face().turned(12)
    upright = drawn_heads.Head(animal.head.x, animal.head.y, animal.head.rx, animal.head.ry)
    placed = place_head(cut_head(animal.bgr, animal.mask, upright), UNIT, HATS["crown"])
    assert placed.face is not None
    assert placed.seat.tilt == placed.face.roll == pytest.approx(12, abs=3)


@pytest.mark.parametrize("make", [cat, dog, bat_eared_dog, lambda: cat(ears=False), lambda: rabbit(around_face=True)])
def test_a_hat_on_an_upright_head_is_level(make: type[Animal]) -> None:
    placed = place_head(cutout(make()), UNIT, HATS["crown"])
    assert placed.seat.tilt == 0
    assert (placed.seat.x, placed.seat.y) == (placed.skull.x, placed.skull.y)


def test_hat_does_not_bend_with_the_ears() -> None:
    head = sprites(cat(ears=False), "top_hat")
    left, right = aligned(head.at(ear_lag=-1), head.at(ear_lag=1))
    top = np.s_[: round(1.5 * UNIT)]
    assert np.array_equal(left[top], right[top])


def test_fading_edge_of_an_oval_does_not_show_through_the_hat() -> None:
    """A hat looks the same on red and on blue fur."""
    red, blue = cat(), cat()
    blue.photo = np.ascontiguousarray(blue.photo[..., ::-1])
    bare, one, other = (
        HeadSprites(cutout(animal, masked=False), UNIT, FUR, hat)
        for animal, hat in ((red, None), (red, HATS["antenna"]), (blue, HATS["antenna"]))
    )
    first, second = aligned(one.at(), other.at())
    top = round(2.5 * UNIT) - round(bare.at().joint[1])
    band = np.s_[top + 16 : top + 24, round(1.4 * UNIT) : round(1.6 * UNIT)]
    assert first[band][..., 3].min() > 250
    assert np.abs(first[band] - second[band]).max() <= 2


def test_head_without_a_mask_is_an_oval_of_the_usual_size() -> None:
    front = HeadSprites(cutout(cat(), masked=False), UNIT, FUR).at()
    assert width_above_neck(front, 0.5) == pytest.approx(1.0, abs=0.12)
    assert -0.05 <= chin_below_neck(front) <= 0.08
