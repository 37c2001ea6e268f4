"""Every script of ours carries the fingerprint of the very bytes that are sent."""

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


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.django_db
def test_integrity_hashes_match_the_files(as_owner: Client, photo: Photo, request_video) -> None:
    video = request_video()
    seen = {}
    for page in ("/", "/photos/", "/videos/", photo.get_absolute_url(), video.get_absolute_url()):
        html = as_owner.get(page).content.decode()
        found = TAG.findall(html)
        assert len(found) == html.count("<script")
        seen |= dict(found)
    assert {address.rsplit("/")[-1] for address in seen} >= {"page.js", "picker.js", "upload.js", "htmx.min.js"}
    for address, fingerprint in seen.items():
        assert sha384(body(as_owner.get(address))) == fingerprint


def test_integrity_hashes_match_the_collected_files(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": settings_in(DEBUG="0")["STORAGES"]["staticfiles"]}
    call_command("collectstatic", verbosity=0, interactive=False)
    names = [str(path.relative_to(STATIC)) for path in STATIC.rglob("*.js")]
    found = [found for name in names for found in TAG.findall(script(name))]
    assert len(found) == len(names) >= 6
    for address, fingerprint in found:
        assert re.search(r"\.[0-9a-f]{12}\.", address), address
        sent = (tmp_path / address.removeprefix("/static/")).read_bytes()
        assert sha384(sent) == fingerprint
