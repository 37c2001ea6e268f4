from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.photos import hostile
from tests.photos.assertions import outcome
from tests.photos.heifs import box, coded, heif_of
from tests.photos.sample_images import CORNERS, corners_of, near, pet, saved
from videos import photos

JPEGS: dict[str, dict[str, Any]] = {
    "baseline": {},
    "full chroma": {"subsampling": 0, "quality": 95},
    "progressive": {"progressive": True},
    "restart markers": {"restart_marker_rows": 2},
    "CMYK": {"mode": "CMYK"},
    "grey": {"mode": "L"},
    "grey progressive": {"mode": "L", "progressive": True},
}


@pytest.mark.parametrize("kind", hostile.KINDS)
def test_truncated_file_is_rejected_as_damaged(kind: str) -> None:
    data = hostile.plain(kind)
    # Only the first picture of an MPO counts, so a cut after it does no harm.
    end = data.index(b"\xff\xd9\xff\xd8") + 2 if kind == "MPO" else len(data)
    parts = hostile.cut(data)
    assert [outcome(part) for part in parts] == ["damaged" if len(part) < end else "kept" for part in parts]


# What phones append behind a photo (Samsung's trailer, a motion photo), and what a bad copy leaves there.
TAILS = {
    "Samsung": b"SEFHSEFT",
    "Samsung with a name": bytes(4) + b"\x0a\x0b\0\0Image_UTC_Data1795888800000SEFH\x6b\0\0\0SEFT",
    "motion photo": box(b"mpvd", bytes(400)),
    "video": box(b"ftyp", b"mp42", bytes(4)) + box(b"mdat", bytes(400)) + box(b"moov", bytes(80)),
    "second picture": heif_of([coded(pet(400, 300))], 1),
    "second description": box(b"meta", b"whatever" * 9),
    "cut box": box(b"mpvd", bytes(400))[:-9],
    "zeros": bytes(512),
    "a few bytes": b"abc",
    "text": b"whatever a vendor likes to write there",
}


@pytest.mark.parametrize("tail", TAILS.values(), ids=TAILS)
def test_bytes_behind_a_photo_are_ignored(tail: bytes) -> None:
    files = {kind: hostile.plain(kind) for kind in hostile.KINDS} | {"iPhone": heif_of([coded(pet(400, 300))], 1)}
    assert {kind: outcome(data + tail) for kind, data in files.items()} == dict.fromkeys(files, "kept")
    assert photos.normalise(files["HEIF"] + tail) == photos.normalise(files["HEIF"])


@pytest.mark.parametrize("options", JPEGS.values(), ids=JPEGS)
def test_jpeg_without_its_end_marker_is_kept(options: dict[str, Any]) -> None:
    data = saved(pet(mode=options.get("mode", "RGB")), "JPEG", **{k: options[k] for k in options if k != "mode"})
    whole = photos.normalise(data)
    assert [photos.normalise(data[:-missing]) for missing in (1, 2)] == [whole] * 2
    # Its last row is not there any more.
    assert {outcome(data[: len(data) * share // 100]) for share in (10, 30, 50, 70, 90, 97)} == {"damaged"}
    assert outcome(data[:-60]) == "damaged"


def test_png_without_its_end_is_kept() -> None:
    data = hostile.plain("PNG")
    assert {outcome(data[:-missing]) for missing in (1, 4, 11, 12)} == {"kept"}


@pytest.mark.parametrize("kind", hostile.KINDS)
def test_scrambled_files_are_accepted_or_rejected(kind: str) -> None:
    outcomes = Counter(outcome(data) for data in hostile.scrambled(kind, 60))
    assert set(outcomes) <= {
        "kept",
        "damaged",
        "unknown",
        "format",
        "too_small",
        "too_many_pixels",
        "too_narrow",
        "unusual",
    }
    assert outcomes["damaged"] > 5


def test_random_bytes_are_rejected() -> None:
    assert {outcome(data) for data in hostile.noise(25)} == {"damaged", "unknown"}


@pytest.mark.parametrize("name", hostile.polyglots())
def test_polyglot_becomes_a_plain_image(name: str) -> None:
    assert outcome(hostile.polyglots()[name]) == "kept"


@pytest.mark.parametrize(("name", "make"), hostile.FOREIGN.items(), ids=hostile.FOREIGN)
def test_other_files_are_rejected_by_content(name: str, make: Callable[[], bytes]) -> None:
    assert outcome(make()) == ("unknown" if name in ("ICO", "text") else "format")


def test_error_names_the_format() -> None:
    with pytest.raises(photos.InvalidPhoto) as error:
        photos.normalise(hostile.FOREIGN["GIF"]())
    assert str(error.value) == "That looks like a GIF. Choose a photo saved as JPEG, PNG, WebP, HEIC or AVIF."


@pytest.mark.parametrize("name", ["pet.png", "pet.gif", "pet.exe", "../../pet"])
def test_wrong_file_name_does_not_matter(name: str) -> None:
    photo = photos.normalise(hostile.stream(hostile.plain("JPEG"), name))
    assert photo == photos.normalise(hostile.plain("JPEG"))


def test_right_file_name_does_not_help() -> None:
    with pytest.raises(photos.InvalidPhoto) as error:
        photos.normalise(hostile.stream(b"<html>", "pet.jpg"))
    assert error.value.code == "format"


@pytest.mark.parametrize("kind", ["PNG", pytest.param("WEBP", marks=pytest.mark.slow)])
def test_first_frame_of_an_animation_is_kept(kind: str) -> None:
    photo = photos.normalise(hostile.animation(kind, 100))
    assert photo.removed == ("other pictures in the file",)
    assert [name for name, colour in corners_of(photo.jpeg).items() if not near(colour, CORNERS[name])] == []


def test_empty_file_is_rejected() -> None:
    assert outcome(b"") == "empty"
