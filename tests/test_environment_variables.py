"""The table of docs/operations.md and .env.example list exactly the environment variables that the code reads."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from petgroove import env

ROOT = Path(__file__).parent.parent
SOURCES = ("petgroove/settings.py", "petgroove/env.py", "gunicorn.conf.py")
ALIASES = {"RUNWAYML_API_SECRET", "CACHE_URL"}


def readers() -> set[str]:
    """Return the names of the functions in ``env`` that take the name of a variable."""
    functions = inspect.getmembers(env, inspect.isfunction)
    return {name for name, function in functions if next(iter(inspect.signature(function).parameters), "") == "name"}


def read_in(source: Path) -> Iterator[str]:
    """Yield the variables that are passed to the readers."""
    reader_names = readers()
    for node in ast.walk(ast.parse(source.read_text())):
        match node:
            case ast.Call(
                func=ast.Attribute(attr=called) | ast.Name(id=called), args=[ast.Constant(value=str(name)), *_]
            ):
                if called in reader_names:
                    yield name


READ = {name for source in SOURCES for name in read_in(ROOT / source)}


def test_walk_finds_the_variables() -> None:
    assert {"text", "flag", "integer", "key", "origin", "database", "mailer"} <= readers()
    assert {"SECRET_KEY", "S3_BUCKET", "RUNWAY_API_KEY", "CREDIT_CENTS", "SENTRY_DSN", "WEB_CONCURRENCY"} <= READ


def test_documents_describe_each_variable(subtests: pytest.Subtests) -> None:
    table = [line for line in (ROOT / "docs/operations.md").read_text().splitlines() if line.startswith("| `")]
    for name in sorted(READ):
        with subtests.test(name=name):
            assert any(f"`{name}`" in row for row in table)


def test_example_lists_exactly_these_variables() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    listed = {line.removeprefix("# ").partition("=")[0] for line in lines if "=" in line}
    assert listed == READ - ALIASES
