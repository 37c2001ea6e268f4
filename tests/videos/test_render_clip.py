"""`manage.py render_clip`: a clip, or a contact sheet of all dances, from a photo and without an account."""

import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from tests.studio.conftest import DOG_HEAD, TINY, Photo, dog
from tests.videos.conftest import jpeg
from videos import dances, photos
from videos.management.commands.render_clip import Command, given_head, prepare_subject, with_look
from videos.photos.head import FoundHead, Head, HeadSource
from videos.studio.contact_sheet import blank, sheet, to_bgr
from videos.studio.encoding import mp4
from videos.studio.raster.picture import decode
from videos.studio.render import Scene, render
from videos.subject import Subject

__all__ = ["dog"]
AUTOMATIC = {"as_print": False, "style": None, "body": None}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "pet.jpg"
    path.write_bytes(jpeg(400, 300))
    return path


@pytest.fixture
def subject(dog: Photo) -> Subject:
    return Subject(*dog)


@pytest.mark.slow
def test_clip_has_the_requested_format_and_dance(photo: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "clip.mp4"
    call_command("render_clip", str(photo), "--dance", "tango", "--format", "square", "--seed", "7", "--out", str(out))
    probe = mp4.probe(out)
    assert (probe.width, probe.height, probe.audio_codec, round(probe.seconds, 2)) == (960, 960, "aac", 5.0)
    assert capsys.readouterr().out == f"{out} ({out.stat().st_size / 1e6:.1f} MB)\n"


def test_small_clip_is_the_requested_one(dog: Photo, subject: Subject, tmp_path: Path) -> None:
    """The clip is identical to the studio's for this dance, length and seed."""
    options = {"dance": "tango", "seconds": 1}
    subject = with_look(subject, AUTOMATIC | {"as_print": True})
    Command().write_clip(subject, shape=TINY, seed=7, out=tmp_path / "clip.mp4", options=options)
    probe = mp4.probe(tmp_path / "clip.mp4")
    assert (probe.width, probe.height, probe.audio_codec, round(probe.seconds, 2)) == (160, 160, "aac", 1.0)
    render(
        Subject(*dog, cutout=False),
        dance=dances.BY_SLUG["tango"],
        shape=TINY,
        seconds=1,
        seed=7,
        into=tmp_path / "expected.mp4",
        report=lambda progress: None,
    )
    assert (tmp_path / "clip.mp4").read_bytes() == (tmp_path / "expected.mp4").read_bytes()


def test_pet_wears_a_hat_if_its_head_is_sure(dog: Photo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command passes the head on, as the worker does, to the clip and to the sheet."""
    from videos.studio import contact_sheet, render
    from videos.studio.segmentation import cutout

    picture, cut = photos.normalise(dog.frame), cutout.Cutout(dog.mask, cover=0.3, mode=cutout.Mode.FULL, parts=1)
    shown: list[Head] = []
    monkeypatch.setattr(render, "render", lambda subject, **options: shown.append(subject.head))
    monkeypatch.setattr(contact_sheet, "sheet", lambda subject, **options: shown.append(subject.head) or b"")
    for confidence, head in ((0.9, DOG_HEAD), (0.5, None)):
        found = (FoundHead(DOG_HEAD, confidence, HeadSource.DETECTOR),)
        monkeypatch.setattr(cutout, "cut_out", lambda jpeg, found=found: replace(cut, heads=found))
        subject = prepare_subject(picture, TINY)
        assert subject.head == head
        options = {"dance": "tango", "seconds": 5}
        Command().write_clip(subject, shape=TINY, seed=7, out=tmp_path / "clip.mp4", options=options)
        Command().write_sheet(subject, shape=TINY, seed=7, out=tmp_path / "sheet.png", options=options)
    assert shown == [DOG_HEAD, DOG_HEAD, None, None]


def test_head_can_be_given(dog: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    from videos.studio.segmentation import cutout

    cut = cutout.Cutout(dog.mask, cover=0.3, mode=cutout.Mode.FULL, parts=1)
    monkeypatch.setattr(cutout, "cut_out", lambda jpeg: cut)
    assert given_head(None) is None
    given = given_head([0.5, 0.25, 0.2, 0.1, -15])
    assert given == Head(0.5, 0.25, 0.2, 0.1, -15)
    assert prepare_subject(photos.normalise(dog.frame), TINY, given).head == given


@pytest.mark.parametrize(
    ("numbers", "problem"),
    [([0.5, 0.5, 0.2], "--head takes X Y RX RY"), ([1.5, 0.5, 0.2, 0.2], "Cannot use --head: The middle of the head")],
)
def test_impossible_head_is_refused(numbers: list[float], problem: str) -> None:
    with pytest.raises(CommandError, match=problem):
        given_head(numbers)


@pytest.mark.parametrize(
    ("head", "chosen", "as_print", "style", "body"),
    [
        (DOG_HEAD, {}, False, "dancer", None),
        (DOG_HEAD, {"body": "round"}, False, "dancer", "round"),
        (DOG_HEAD, {"style": "whole_pet"}, False, "whole_pet", None),
        (DOG_HEAD, {}, True, "whole_pet", None),
        (None, {}, False, "whole_pet", None),
    ],
)
def test_style_follows_the_choice_or_the_head(
    subject: Subject, head: Head | None, chosen: dict[str, str], as_print: bool, style: str, body: str | None
) -> None:
    asked = AUTOMATIC | {"as_print": as_print} | chosen
    chosen_subject = with_look(replace(subject, head=head), asked)
    assert (chosen_subject.style, chosen_subject.body, chosen_subject.cutout) == (style, body, not as_print)


def test_dancer_without_a_head_is_refused(photo: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No head was found for sure in this photo"):
        call_command("render_clip", str(photo), "--style", "dancer", "--out", str(tmp_path / "clip.mp4"))
    assert not (tmp_path / "clip.mp4").exists()


@pytest.mark.slow
def test_a_sheet_shows_all_dances(photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    call_command("render_clip", str(photo), "--all", "--out", str(out))
    with Image.open(out) as sheet:
        assert sheet.width > 1000
        rows = sheet.height / (sheet.width / 8 * 9 / 16)
    assert rows >= len(dances.DANCES)


def test_a_small_sheet_shows_all_dances(subject: Subject, tmp_path: Path) -> None:
    out = tmp_path / "sheet.JPEG"
    Command().write_sheet(subject, shape=TINY, seed=1, out=out, options={})
    with Image.open(out) as sheet:
        assert (sheet.format, sheet.width, sheet.height) == ("JPEG", 8 * 326, len(dances.DANCES) * 326)


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.JPEG", "JPEG"), ("a.webp", "WEBP")]
)
def test_sheet_format_follows_its_file_name(subject: Subject, tmp_path: Path, name: str, kind: str) -> None:
    command = Command()
    command.all_dances = dances.DANCES[:1]
    command.write_sheet(subject, shape=TINY, seed=1, out=tmp_path / name, options={})
    with Image.open(tmp_path / name) as sheet:
        sheet.load()
        assert (sheet.format, sheet.width > 1000) == (kind, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--all", "--out", "a.mp4"],
            "Cannot write a.mp4: the name of a sheet must end with .png, .jpg or .webp.",
        ),
        (["--all", "--out", "a"], "Cannot write a: the name of a sheet must end with .png, .jpg or .webp."),
        (["--out", "a.gif"], "Cannot write a.gif: the name of a clip must end with .mp4."),
    ],
)
def test_unsupported_format_is_refused_early(
    photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError) as refused:
        call_command("render_clip", str(photo), *arguments)
    assert str(refused.value) == message
    assert list(tmp_path.iterdir()) == [photo]


class Terminal(StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def test_sheet_shows_progress_on_a_terminal(photo: Path, tmp_path: Path) -> None:
    """The sheet has a row of eight square stills for each of two dances."""
    command, terminal, out, output = Command(), Terminal(), tmp_path / "sheet.png", StringIO()
    command.all_dances = dances.DANCES[:2]
    arguments = ["--all", "--format", "square", "--out", str(out)]
    call_command(command, str(photo), *arguments, stderr=terminal, stdout=output)
    assert re.findall(r"(\d+)%", terminal.getvalue()) == ["50", "100"]
    assert output.getvalue() == f"{out} ({out.stat().st_size / 1e6:.1f} MB)\n"
    with Image.open(out) as sheet:
        assert sheet.size == (8 * 326, 2 * 326)


def test_a_sheet_shows_two_bars(dog: Photo) -> None:
    """Still number n is taken at n eighths of the two bars, odd ones a quarter of a beat later."""
    dance, shape = dances.BY_SLUG["disco"], TINY
    shown = decode(sheet(Subject(*dog), dances=[dance], shape=shape, bars=2, side=160))
    scene = Scene(Subject(*dog), dance=dance, width=160, height=160, seed=1)
    frame_times, picture = scene.frame_times(150, dance.beats(5)), blank(160, 160)
    for number in (0, 7):
        beat = number / 8 * 2 * dance.metre + 0.25 * (number % 2)
        scene.draw(picture, frame_times[round(beat * 150 / dance.beats(5))])
        cell = shown[:160, number * 166 : number * 166 + 160]
        assert np.abs(cell.astype(int) - to_bgr(picture)).mean() < 3


@pytest.mark.parametrize(("option", "name"), [("--all", "x.png"), ("--print", "x.mp4")])
def test_unwritable_path_is_explained(photo: Path, tmp_path: Path, option: str, name: str) -> None:
    with pytest.raises(CommandError, match=r"Cannot write .*: the folder .* does not exist"):
        call_command("render_clip", str(photo), option, "--out", str(tmp_path / "nowhere" / name))


@pytest.mark.slow
def test_directory_as_output_is_explained(photo: Path, tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(CommandError, match=r"Cannot write .*: [A-Z]"):
        call_command("render_clip", str(photo), "--out", str(tmp_path / "folder.mp4"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"Cannot read .*: No such file"),
        (b"<html>", "That looks like a web page"),
        (jpeg(40, 40), "only 40 by 40 pixels"),
    ],
)
def test_invalid_photo_is_explained(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "pet.jpg"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        call_command("render_clip", str(path), "--out", str(tmp_path / "clip.mp4"))
    assert not (tmp_path / "clip.mp4").exists()
