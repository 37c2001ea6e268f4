"""The integrity hash of each script matches the bytes that are served."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from petgroove.assets import script
from tests.fresh_settings import settings_in
from videos.models import Photo

STATIC = Path(__file__).parents[2] / "static"
TAG = re.compile(r'<script defer src="([^"]+)" integrity="sha384-([^"]+)"></script>')


def sha384(data: bytes) -> str:
    return base64.b64encode(hashlib.sha384(data).digest()).decode()


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.django_db
def test_integrity_hashes_match_the_files(as_owner: Client, photo: Photo, request_video) -> None:
    video = request_video()
    seen = {}
    for page in ("/", "/photos/", "/videos/", photo.get_absolute_url(), video.get_absolute_url()):
        html = as_owner.get(page).content.decode()
        scripts = TAG.findall(html)
        assert len(scripts) == html.count("<script")
        seen |= dict(scripts)
    assert {address.rsplit("/")[-1] for address in seen} >= {"page.js", "picker.js", "upload.js", "htmx.min.js"}
    for address, fingerprint in seen.items():
        assert sha384(body(as_owner.get(address))) == fingerprint


def test_integrity_hashes_match_the_collected_files(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": settings_in(DEBUG="0")["STORAGES"]["staticfiles"]}
    call_command("collectstatic", verbosity=0, interactive=False)
    names = [str(path.relative_to(STATIC)) for path in STATIC.rglob("*.js")]
    scripts = [match for name in names for match in TAG.findall(script(name))]
    assert len(scripts) == len(names) >= 6
    for address, fingerprint in scripts:
        assert re.search(r"\.[0-9a-f]{12}\.", address), address
        served = (tmp_path / address.removeprefix("/static/")).read_bytes()
        assert sha384(served) == fingerprint
