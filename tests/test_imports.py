"""The house's rules of who may import what, read from the source itself."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APPS = ("petgroove", "accounts", "credits", "videos", "api")
MAY_IMPORT = {
    "accounts": {"accounts"},
    "credits": {"credits", "accounts"},
    "videos": {"videos", "credits", "accounts"},
    "api": {"api", "videos", "credits", "accounts"},
    "petgroove": {"petgroove", "accounts", "credits", "videos", "api"},
}


def modules() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


@cache
def imported_by(path: Path) -> frozenset[str]:
    """Every module that the file imports, wherever in it, with what is taken from it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported_by(path)}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_flow_from_videos_to_credits_to_accounts() -> None:
    wrong = {
        relative(path): sorted(foreign)
        for path in modules()
        if (foreign := (tops(path) & set(APPS)) - MAY_IMPORT[relative(path).split("/")[0]])
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("requests", ("videos/providers/",)),
        ("boto3", ("videos/storage/s3.py",)),
        ("botocore", ("videos/storage/s3.py",)),
        ("storages", ("videos/storage/s3.py",)),
        ("cv2", ("videos/studio/",)),
        ("av", ("videos/studio/",)),
        ("numpy", ("videos/studio/",)),
        ("os", ("petgroove/env.py", "petgroove/wsgi.py", "videos/storage/__init__.py")),
    ],
)
def test_libraries_are_imported_in_their_module_only(library: str, rooms: tuple[str, ...]) -> None:
    outside = [relative(path) for path in modules() if library in tops(path) and not relative(path).startswith(rooms)]
    assert outside == []


def test_only_one_file_reads_the_environment() -> None:
    reads = re.compile(r"\b(environ|getenv)\b")
    readers = [relative(path) for path in modules() if reads.search(path.read_text())]
    assert sorted(readers) == ["petgroove/env.py", "petgroove/wsgi.py"]


@pytest.mark.parametrize("room", ["videos/providers", "videos/studio", "videos/photos/__init__.py", "videos/dances.py"])
def test_providers_import_no_django(room: str) -> None:
    files = [ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py")
    assert {relative(path): sorted(names) for path in files if (names := tops(path) & {"django", "credits"})} == {}
    assert [
        relative(path) for path in (ROOT / "videos/providers").rglob("*.py") if "videos.models" in imported_by(path)
    ] == []


def test_only_urls_import_views() -> None:
    importers = {
        relative(path)
        for path in modules()
        if any(name.split(".")[1:2] == ["views"] and name.split(".")[0] in APPS for name in imported_by(path))
        or {f"{app}.views" for app in APPS} & imported_by(path)
    }
    assert importers == {"petgroove/urls.py", "accounts/urls.py", "videos/urls.py", "credits/urls.py", "api/urls.py"}
