"""The documents name only commands, targets and files that exist, and the README stays short."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands
from PIL import Image

ROOT = Path(__file__).parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = "\n".join(path.read_text() for path in DOCUMENTS)
COMMANDS = set(re.findall(r"manage\.py ([a-z_]+)", TEXT))
TARGETS = set(re.findall(r"(?:^|`)make ([a-z-]+)(?:`|$)", TEXT, re.MULTILINE))
# A path in backticks that begins in one of our folders.
PATHS = set(
    re.findall(r"`((?:accounts|api|bench|credits|docs|petgroove|static|templates|tests|tools|videos)/[\w./-]*)`", TEXT)
)
README = (ROOT / "README.md").read_text()
SCREENSHOTS = "docs/screenshots/"
PICTURES = [after.partition(")")[0] for after in README.split(f"]({SCREENSHOTS}")[1:]]


def links(document: Path) -> Iterator[str]:
    """Yield the targets of the links that stay within the repository."""
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if not target.startswith(("http://", "https://", "mailto:")):
            yield target


def anchors(document: Path) -> set[str]:
    """Return the anchors that GitHub makes of a document's headings."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_commands_targets_and_paths_are_found() -> None:
    assert {"doctor", "worker", "migrate", "collectstatic", "audit_credits"} <= COMMANDS
    assert {"run", "test", "lint"} <= TARGETS
    assert "videos/worker/runner.py" in PATHS


def test_each_command_exists() -> None:
    assert COMMANDS - set(get_commands()) == set()


def test_each_make_target_exists() -> None:
    known = {line.partition(":")[0] for line in (ROOT / "Makefile").read_text().splitlines()}
    assert TARGETS - known == set()


def test_each_path_exists() -> None:
    assert [path for path in sorted(PATHS) if not (ROOT / path).exists()] == []


def test_each_link_leads_somewhere(subtests: pytest.Subtests) -> None:
    for document in DOCUMENTS:
        for target in links(document):
            with subtests.test(document=document.name, target=target):
                path, _, anchor = target.partition("#")
                file = document.parent / path if path else document
                assert file.exists()
                assert not anchor or anchor in anchors(file)


def test_readme_is_short() -> None:
    assert len(README.splitlines()) <= 120


def test_each_screenshot_exists_and_is_small(subtests: pytest.Subtests) -> None:
    assert len(PICTURES) >= 3
    for name in PICTURES:
        with subtests.test(picture=name):
            file = ROOT / SCREENSHOTS / name
            assert file.stat().st_size <= 120_000
            with Image.open(file) as shown:
                assert shown.size[0] >= 400
