"""What the README shows and tells to type exists: pictures, files, commands and make's targets."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from PIL import Image

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
PICTURES = sorted(set(re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)))
COMMANDS = sorted(set(re.findall(r"manage\.py ([a-z_]+)", README)))
FILES = sorted(set(re.findall(r"`((?:videos|tools|static|templates|tests|petgroove)/[\w./]+)`", README)))
TARGETS = sorted(set(re.findall(r"make (run|test|[a-z]+)`", README)))


def test_the_search_finds_what_there_is() -> None:
    assert {"doctor", "work", "migrate", "collectstatic", "audit_credits"} <= set(COMMANDS)
    assert (len(PICTURES) >= 3, len(FILES) >= 5, len(TARGETS) >= 3) == (True, True, True)


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_is_there_and_light(picture: str) -> None:
    file = ROOT / picture
    assert file.stat().st_size <= 120_000
    with Image.open(file) as shown:
        assert shown.size[0] >= 400


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_there(command: str) -> None:
    assert command in get_commands()


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_there(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("target", TARGETS)
def test_make_knows_the_target(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
