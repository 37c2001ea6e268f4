"""The drawn parts of the dancer: the atlases match their drawings, and sprites keep colours, joints and borders."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tools.dancer_art import sheets
from videos.studio.dancer.art.atlas import load_sprites
from videos.studio.dancer.art.fur import Fur, Pattern
from videos.studio.dancer.sprite import Sprite
from videos.styles import Body

OUTFITS = sorted(sheet.stem for sheet in sheets.sheets() if sheet.parent.name == "outfits")
BROWN = (88, 154, 217)
PLAIN = Fur(BROWN, (218, 238, 255), (160, 150, 240), Pattern.PLAIN, (40, 60, 90))


def patterned(pattern: Pattern) -> Fur:
    return Fur(PLAIN.main, PLAIN.second, PLAIN.pad, pattern, PLAIN.pattern_colour)


def load(outfit: str, unit: float) -> dict[str, Sprite]:
    return load_sprites(outfit, Body.SLIM, PLAIN, unit)


def centroid(sprite: Sprite) -> np.ndarray:
    """Return the alpha's centre of mass relative to the joint, in pixels."""
    rows, columns = np.indices(sprite.bgra.shape[:2])
    alpha = sprite.bgra[..., 3] / sprite.bgra[..., 3].sum(dtype=float)
    return np.array([(columns * alpha).sum(), (rows * alpha).sum()]) - sprite.joint


def test_no_atlas_is_stale() -> None:
    assert list(sheets.stale()) == []


def test_stale_and_missing_atlases_are_reported(tmp_path: Path) -> None:
    shutil.copytree(sheets.ATLASES, tmp_path, dirs_exist_ok=True)
    table = json.loads((tmp_path / "disco.json").read_text())
    (tmp_path / "disco.json").write_text(json.dumps({**table, "svg": "0"}))
    (tmp_path / "slim-fur.webp").unlink()
    (tmp_path / "stray.webp").touch()
    assert sorted(sheets.stale(tmp_path)) == [
        "The atlas of disco.svg was made from another svg.",
        "The atlas of slim.svg is missing.",
        "stray.webp belongs to no sheet.",
    ]


@pytest.mark.parametrize("table", sorted(sheets.ATLASES.glob("*.json")), ids=lambda file: file.stem)
def test_parts_of_an_atlas_do_not_touch(table: Path) -> None:
    taken = np.zeros((4096, 1024), bool)
    for part, (x, y, width, height, *_) in json.loads(table.read_text())["parts"].items():
        spot = taken[y - 1 : y + height + 1, x - 1 : x + width + 1]
        assert spot.shape == (height + 2, width + 2), part
        assert not spot[1:-1, 1:-1].any(), part
        spot[:] = True


@pytest.mark.parametrize("body", Body)
def test_every_outfit_fits_every_body(body: Body) -> None:
    needed = {"torso", "torso_back", "upper_arm", "forearm", "mitten_open", "mitten_closed", "mitten_point"}
    needed |= {"collar", "collar_side", "collar_back"}
    needed |= {"tail_fan"} if body is Body.BIRD else {"tail1", "tail2", "tail3", "tail4", "tail_root"}
    legs = {"thigh", "shin", "shoe", "shoe_side", "shoe_back", "shoe_toe", "shoe_back_toe"}
    needed |= {"pelvis", "haunch", "hind_paw"} if body is Body.SITTING else legs | {"torso_side"}
    for outfit in OUTFITS:
        sprites = load_sprites(outfit, body, PLAIN, 40)
        assert needed <= set(sprites), outfit
        assert not {"foot", "foot_side", "ruff", "pet_collar"} & set(sprites), outfit
        assert not [name for name in sprites if name.endswith(("_round", "_feathers"))], outfit
        assert body is not Body.SITTING or not legs & set(sprites), outfit


def test_outfit_without_trousers_hides_the_bare_pelvis() -> None:
    assert "pelvis" not in load_sprites("disco", Body.SLIM, PLAIN, 40)
    assert "pelvis" in load_sprites("tango", Body.SLIM, PLAIN, 40)


def test_round_body_wears_wider_clothes() -> None:
    slim, plump = (load_sprites("tango", body, PLAIN, 300) for body in (Body.SLIM, Body.ROUND))
    for name, more in (("torso", 1.04), ("hem", 1.1), ("thigh", 1.08)):
        assert plump[name].bgra.shape[1] > more * slim[name].bgra.shape[1], name
    assert plump["shoe"].bgra.shape == slim["shoe"].bgra.shape


def test_small_body_shortens_the_clothes_and_keeps_its_own_paws() -> None:
    slim, small = (load_sprites("tango", body, PLAIN, 300) for body in (Body.SLIM, Body.SMALL))
    assert small["thigh"].bgra.shape[0] == pytest.approx(0.8 * slim["thigh"].bgra.shape[0], abs=4)
    assert small["mitten_open"].bgra.shape == slim["mitten_open"].bgra.shape
    assert (small["thigh"].length, slim["thigh"].length, slim["shoe"].length) == (0.37, 0.46, 0)


def test_bird_keeps_its_feet_and_with_a_tutu_its_legs() -> None:
    tango, ballet = (load_sprites(outfit, Body.BIRD, PLAIN, 100) for outfit in ("tango", "ballet"))
    slim = load_sprites("tango", Body.SLIM, PLAIN, 100)
    assert np.array_equal(tango["shin"].bgra, slim["shin"].bgra)
    assert not np.array_equal(tango["shoe"].bgra, slim["shoe"].bgra)
    assert np.array_equal(tango["shoe"].bgra, ballet["shoe"].bgra)
    assert ballet["shin"].bgra.shape[1] < tango["shin"].bgra.shape[1]
    assert not any(name.startswith("shoe_pointe") for name in ballet)


def test_sleeves_lie_over_the_feathers_of_a_wing() -> None:
    bird, slim = (load_sprites("tango", body, PLAIN, 300)["forearm"] for body in (Body.BIRD, Body.SLIM))
    left, top = (int(one - other) for one, other in zip(bird.joint, slim.joint, strict=True))
    height, width = slim.bgra.shape[:2]
    sleeve = bird.bgra[top : top + height, left : left + width]
    opaque = slim.bgra[..., 3] == 255
    assert np.array_equal(sleeve[opaque], slim.bgra[opaque])
    assert (bird.bgra[..., 3] == 255).sum() > 1.25 * opaque.sum()


def test_tiptoe_shoes_reach_the_floor_where_the_figure_expects_it() -> None:
    """The lowest pixel of a shoe on tiptoe is 0.34 U below the ankle, give or take half the ink line."""
    for outfit in OUTFITS:
        for name in ("shoe_toe", "shoe_back_toe"):
            shoe = load(outfit, 300)[name]
            lowest = np.nonzero(shoe.bgra[..., 3].any(1))[0][-1] - shoe.joint[1]
            assert lowest == pytest.approx(300 * 0.355, abs=4), (outfit, name)


def test_profile_is_narrower_and_moves_the_front_to_the_right() -> None:
    for outfit in OUTFITS:
        sprites = load(outfit, 100)
        front, profile = sprites["torso"], sprites["torso_side"]
        assert profile.bgra.shape[1] < 0.8 * front.bgra.shape[1], outfit
        assert profile.bgra.shape[0] == pytest.approx(front.bgra.shape[0], abs=2), outfit


@pytest.mark.parametrize("unit", [61.3, 149.9, 290.0, 411.7])
def test_scaling_keeps_joints_to_a_tenth_of_a_pixel(unit: float) -> None:
    full, scaled = (load_sprites("salsa", Body.SMALL, PLAIN, size) for size in (300, unit))
    for name, sprite in scaled.items():
        assert centroid(sprite) == pytest.approx(centroid(full[name]) * unit / 300, abs=0.1), name


def test_sprites_are_premultiplied_and_have_a_clear_border() -> None:
    for unit in (77, 300):
        sprites = {(outfit, name): sprite for outfit in OUTFITS for name, sprite in load(outfit, unit).items()}
        for name, sprite in sprites.items():
            assert (sprite.bgra[..., :3] <= sprite.bgra[..., 3:]).all(), name
            inside = sprite.bgra[2:-2, 2:-2, 3]
            assert sprite.bgra[..., 3].sum() == inside.sum() > 0, name


def test_fur_has_exactly_the_given_colour() -> None:
    mitten = load_sprites("disco", Body.SLIM, PLAIN, 300)["mitten_open"].bgra
    flat = (mitten[..., :3] == BROWN).all(2) & (mitten[..., 3] == 255)
    assert flat.mean() > 0.15
    pads = (mitten[..., :3] == PLAIN.pad).all(2)
    assert pads.mean() > 0.05


def test_recolouring_is_linear_in_the_fur() -> None:
    """Shades and glints over grey fur lie halfway between those over black and white fur."""
    shades = []
    for value in (0, 128, 255):
        fur = Fur((value,) * 3, (value,) * 3, (value,) * 3, Pattern.PLAIN, (0, 0, 0))
        shades.append(load_sprites("ballet", Body.ROUND, fur, 300)["forearm"].bgra.astype(float))
    assert shades[1] == pytest.approx(shades[0] + (shades[2] - shades[0]) * 128 / 255, abs=1)


@pytest.mark.parametrize("pattern", [Pattern.SPOTS, Pattern.STRIPES, Pattern.PATCHES])
def test_patterns_colour_fur_only_and_are_the_same_every_time(pattern: Pattern) -> None:
    plain, first, second = (
        load_sprites("tango", Body.SLIM, fur, 150) for fur in (PLAIN, patterned(pattern), patterned(pattern))
    )
    for name in ("tail2", "mitten_open", "mitten_closed"):
        changed = (plain[name].bgra != first[name].bgra).any(2)
        opaque = plain[name].bgra[..., 3] == 255
        assert 0.06 < changed.sum() / opaque.sum() < 0.7, name
        assert np.array_equal(first[name].bgra, second[name].bgra)
        assert np.array_equal(first[name].bgra[..., 3], plain[name].bgra[..., 3])
    for name in ("thigh", "collar", "shoe"):
        assert np.array_equal(first[name].bgra, plain[name].bgra), name
