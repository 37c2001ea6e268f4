from collections import Counter
from collections.abc import Callable

import pytest

from tests.photos import hostile
from tests.photos.assertions import outcome
from tests.photos.sample_images import CORNERS, corners_of, near
from videos import photos


@pytest.mark.parametrize("kind", hostile.KINDS)
def test_truncated_file_is_rejected_as_damaged(kind: str) -> None:
    data = hostile.plain(kind)
    # Only the first picture of an MPO counts, so a cut after it does no harm.
    end = data.index(b"\xff\xd9\xff\xd8") + 2 if kind == "MPO" else len(data)
    parts = hostile.cut(data)
    assert [outcome(part) for part in parts] == ["damaged" if len(part) < end else "kept" for part in parts]


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
