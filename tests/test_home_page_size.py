"""The size of the home page for a first visit, without videos, and without stills that load when they are near."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

ROOT = Path(settings.BASE_DIR)
MAX_BYTES = 150_000
# Files that browsers do not load with the page.
NOT_LOADED = (".mp4", "social.png", ".webmanifest", "apple-touch-icon.png", "favicon.ico")


def transfer_size(content: bytes) -> int:
    """Return the bytes on the wire: gzipped, unless that saves nothing."""
    return min(len(content), len(gzip.compress(content)))


def files_of(page: str) -> set[str]:
    """Return the static files that the page and its style sheets link to."""
    names = {name for name in re.findall(r'"/static/([^"#]+)', page) if not name.endswith(NOT_LOADED)}
    for sheet in [name for name in names if name.endswith(".css")]:
        names |= set(re.findall(r'url\("\.\./([^"]+)"\)', (ROOT / "static" / sheet).read_text()))
    return names


def with_scripts(page: str) -> str:
    """Return the page as a browser with JavaScript reads it."""
    return re.sub(r"<noscript>.*?</noscript>", "", page, flags=re.DOTALL)


@pytest.mark.django_db
def test_home_loads_under_150_kilobytes(client: Client) -> None:
    page = client.get("/").content
    files = files_of(with_scripts(page.decode()))
    assert {"css/petgroove.css", "floor.svg", "js/home.js", "home/collie.webp", "home/dances.webp"} <= files
    sizes = {name: transfer_size((ROOT / "static" / name).read_bytes()) for name in files}
    assert sum(sizes.values()) + transfer_size(page) < MAX_BYTES, sizes


@pytest.mark.django_db
def test_home_has_few_elements_before_the_gallery_loads(client: Client) -> None:
    page = with_scripts(client.get("/").content.decode())
    assert "home/dances/" not in page
    assert len(re.findall(r"<[a-z]", page)) < 300
