"""Import rules that import-linter cannot express. The others are contracts in pyproject.toml."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
APPS = ("accounts", "credits", "videos", "api", "petgroove")


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(nodes: Iterator[ast.AST] | list[ast.stmt]) -> Iterator[str]:
    """Yield the dotted name of each import, including the imported name."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_providers_do_not_use_the_database() -> None:
    """A contract could only forbid all of Django, but providers may read its settings."""
    users = {
        path.relative_to(ROOT).as_posix()
        for path in files("videos/providers")
        if any(name.startswith("django.db") for name in imported(ast.walk(ast.parse(path.read_text()))))
    }
    assert users == set()


def test_studio_is_not_imported_at_module_level() -> None:
    """OpenCV and PyAV take memory and a second to load, so web processes must not import them at start.

    The catalogue imports the files of the dances, which are light: see test_dance_floor.py.
    """
    loaders = {
        path.relative_to(ROOT).as_posix()
        for path in files(*APPS)
        if (ROOT / "videos/studio") not in path.parents
        and any(f"{name}.".startswith("videos.studio.") for name in imported(ast.parse(path.read_text()).body))
    }
    assert loaders == {"videos/dances.py"}
