"""The commands and screenshots in the README exist, and the screenshots are small."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from PIL import Image

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
COMMANDS = set(re.findall(r"manage\.py ([a-z_]+)", README))
TARGETS = set(re.findall(r"(?:^|`)make ([a-z-]+)(?:`|$)", README, re.MULTILINE))
SCREENSHOTS = "docs/screenshots/"
PICTURES = [text.partition(")")[0] for text in README.split(f"]({SCREENSHOTS}")[1:]]


def test_commands_and_targets_are_found() -> None:
    assert {"doctor", "worker", "migrate", "collectstatic", "audit_credits"} <= COMMANDS
    assert {"run", "test", "lint"} <= TARGETS


def test_each_command_exists() -> None:
    assert COMMANDS - set(get_commands()) == set()


def test_each_make_target_exists() -> None:
    known = {line.partition(":")[0] for line in (ROOT / "Makefile").read_text().splitlines()}
    assert TARGETS - known == set()


def test_each_screenshot_exists_and_is_small(subtests: pytest.Subtests) -> None:
    assert len(PICTURES) >= 3
    for name in PICTURES:
        with subtests.test(picture=name):
            file = ROOT / SCREENSHOTS / name
            assert file.stat().st_size <= 120_000
            with Image.open(file) as shown:
                assert shown.size[0] >= 400
