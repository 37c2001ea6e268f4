"""What is stored of a pet's name, and how it stands in titles and in the names of files."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videos import names
from videos.dances import BY_SLUG, DANCES
from videos.models import Video

FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("given_name", "stored"),
    [
        ("Biscuit", "Biscuit"),
        ("  Mr.\t Biscuit \n", "Mr. Biscuit"),
        ("Biscuit\r\nBcc: everyone@example.org", None),
        ("Bis\r\ncuit", "Bis cuit"),
        ("Bis\x00cu\x1bit\x7f", "Biscuit"),
        ("\u202etiucsiB\u202c \u2066x\u2069", "tiucsiB x"),
        ("B\ufeffi\u200bs\u00adcuit", "Biscuit"),
        ("Cafe\u0301", "Café"),
        ("\ud83d", ""),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Пушок", "Пушок"),
        ("מקס", "מקס"),
        ("もち", "もち"),
        ("می\u200cشا", "می\u200cشا"),
        (f"Rex {FAMILY}", f"Rex {FAMILY}"),
        ("🐶", "🐶"),
        ("\u200d\u200d", ""),
        ("\u3164\u2800\u0301", ""),
        (" \u2028\u00a0 ", ""),
        ("x" * 30, "x" * 30),
        ("x" * 31, None),
    ],
)
def test_name_is_cleaned_or_refused(given_name: str, stored: str | None) -> None:
    if stored is None:
        with pytest.raises(names.InvalidName, match="up to 30 characters"):
            names.clean(given_name)
    else:
        assert names.clean(given_name) == stored


@pytest.mark.parametrize("part", ["x", " ", "\u200b", "\u0301\u0323"])
def test_very_long_text_is_refused_whatever_would_be_left_of_it(part: str) -> None:
    with pytest.raises(names.InvalidName):
        names.clean("Biscuit" + part * 1_000)


@given(st.text(max_size=60))
def test_stored_name_is_short_on_one_line_and_stays_as_it_is(text: str) -> None:
    try:
        name = names.clean(text)
    except names.InvalidName:
        return
    assert len(name) <= names.MAX_NAME
    assert name.splitlines() in ([], [name])
    assert not {category(character) for character in name if character not in names.JOINERS} & {"Cc", "Cf", "Cs"}
    assert names.clean(name) == name


@pytest.mark.parametrize(
    ("name", "dance", "title"),
    [
        ("Biscuit", "hip_hop", "Biscuit's hip-hop"),
        ("Gus", "robot", "Gus's robot"),
        ("", "hip_hop", "Your pet's hip-hop"),
        ("", "floss", "Your pet's floss"),
    ],
)
def test_title_has_the_name_and_the_dance(name: str, dance: str, title: str) -> None:
    video = Video(dance=dance, pet_name=name)
    assert video.title == title
    assert video.ready_line == (f"{name} is ready" if name else f"{title.replace(" pet's", '')} video is ready")


def test_staff_see_the_dance_if_there_is_no_name() -> None:
    assert Video(dance="robot").label == "The robot"
    assert Video(dance="robot", pet_name="Gus").label == "Gus's robot"


def test_dances_are_lower_case_in_a_sentence() -> None:
    assert [dance.in_sentence for dance in DANCES if not dance.in_sentence.islower()] == []
    assert (BY_SLUG["robot"].in_sentence, BY_SLUG["robot"].noun) == ("the robot", "robot")


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Biscuit", "biscuit-hip-hop.mp4"),
        ("Mr. Biscuit O'Neil", "mr-biscuit-oneil-hip-hop.mp4"),
        ("Café", "cafe-hip-hop.mp4"),
        ("Rex 🐶", "rex-hip-hop.mp4"),
        ("../../etc/passwd", "etc-passwd-hip-hop.mp4"),
        ('a";b', "a-b-hip-hop.mp4"),
        ("Пушок", "petgroove-hip-hop.mp4"),
        ("Пушок Rex", "petgroove-hip-hop.mp4"),
        ("🐶", "petgroove-hip-hop.mp4"),
        ("", "petgroove-hip-hop.mp4"),
    ],
)
def test_file_is_named_after_the_pet_if_ascii_can_spell_it(name: str, file: str) -> None:
    assert Video(dance="hip_hop", pet_name=name).download_name == file
