"""Every third-party file that a page loads is the file that was reviewed when it was added."""

import hashlib
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
HTMX = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"


def sha256(name: str) -> str:
    return hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()


def recorded() -> dict[str, str]:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_each_vendored_file_is_recorded_with_its_hash() -> None:
    files = [path for path in VENDOR.rglob("*") if path.is_file() and path.parent != VENDOR]
    assert recorded() == {name: sha256(name) for name in sorted(str(path.relative_to(VENDOR)) for path in files)}


def test_htmx_is_the_released_file() -> None:
    assert sha256("htmx/htmx.min.js") == HTMX


def test_each_vendored_folder_brings_its_licence() -> None:
    folders = sorted(path.name for path in VENDOR.iterdir() if path.is_dir())
    licences = {path.parent.name for path in VENDOR.glob("*/*") if path.stem in ("LICENSE", "OFL")}
    assert sorted(licences) == folders
