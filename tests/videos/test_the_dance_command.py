"""`manage.py dance`: a clip or a sheet of all dances from a photo, without an account."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from tests.videos.conftest import jpeg
from videos.studio import mp4


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "pet.jpg"
    path.write_bytes(jpeg(400, 300))
    return path


def test_a_clip_has_the_format_and_the_dance_that_were_asked_for(photo: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "clip.mp4"
    call_command("dance", str(photo), "--dance", "tango", "--format", "square", "--seed", "7", "--out", str(out))
    probe = mp4.probe(out)
    assert (probe.width, probe.height, probe.audio_codec, round(probe.seconds, 2)) == (960, 960, "aac", 5.0)
    assert capsys.readouterr().out == f"{out} ({out.stat().st_size / 1e6:.1f} MB)\n"


def test_a_sheet_shows_all_sixteen(photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    call_command("dance", str(photo), "--all", "--out", str(out))
    with Image.open(out) as sheet:
        assert sheet.width > 1000
        rows = sheet.height / (sheet.width / 8 * 9 / 16)
    assert rows >= 16


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read: No such file"),
        (b"<html>", "That looks like a web page"),
        (jpeg(40, 40), "only 40 by 40 pixels"),
    ],
)
def test_a_photo_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "pet.jpg"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=told):
        call_command("dance", str(path), "--out", str(tmp_path / "clip.mp4"))
    assert not (tmp_path / "clip.mp4").exists()
