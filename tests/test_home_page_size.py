"""What a newcomer's phone loads for the home page, without the sample video."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

ROOT = Path(settings.BASE_DIR)
MAX_BYTES = 150_000
# On other addresses or only where they are asked for.
LATER = (".mp4", "social.png", ".webmanifest", "apple-touch-icon.png", "favicon.ico")


def sent(content: bytes) -> int:
    """Bytes on the wire: gzip, or as it is where that gains nothing."""
    return min(len(content), len(gzip.compress(content)))


def files_of(page: str) -> set[str]:
    """What the page names under /static/, and what its style sheets name in turn."""
    named = {name for name in re.findall(r'"/static/([^"#]+)', page) if not name.endswith(LATER)}
    for sheet in [name for name in named if name.endswith(".css")]:
        inside = re.findall(r'url\("\.\./([^"]+)"\)', (ROOT / "static" / sheet).read_text())
        named |= set(inside)
    return named


@pytest.mark.django_db
def test_home_loads_under_150_kilobytes(client: Client) -> None:
    page = client.get("/").content
    files = files_of(page.decode())
    assert {"css/petgroove.css", "floor.svg", "js/home.js"} <= files
    weights = {name: sent((ROOT / "static" / name).read_bytes()) for name in files}
    assert sum(weights.values()) + sent(page) < MAX_BYTES, weights


@pytest.mark.django_db
def test_home_has_few_elements_before_the_gallery_loads(client: Client) -> None:
    page = re.sub(r"<noscript>.*?</noscript>", "", client.get("/").content.decode(), flags=re.DOTALL)
    assert page.count('class="mascot-art') == 4
    assert len(re.findall(r"<[a-z]", page)) < 650
