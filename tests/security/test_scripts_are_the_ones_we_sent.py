"""Every script of ours carries the fingerprint of the very bytes that are sent."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from videos.models import Photo

ROOT = Path(__file__).parents[2]
TAG = re.compile(r'<script defer src="([^"]+)" integrity="sha384-([^"]+)"></script>')


def sha384(data: bytes) -> str:
    return base64.b64encode(hashlib.sha384(data).digest()).decode()


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.django_db
def test_the_fingerprints_on_the_pages_are_those_of_the_files(as_owner: Client, photo: Photo, request_video) -> None:
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


def test_they_are_those_of_the_collected_files_in_production(tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from django.conf import settings;"
        f"settings.STATIC_ROOT = {str(tmp_path / 'static')!r};"
        "from django.core.management import call_command;"
        "call_command('collectstatic', verbosity=0, interactive=False);"
        "from petgroove.scripts import script; from pathlib import Path;"
        "names = [str(p.relative_to('static')) for p in Path('static').rglob('*.js')];"
        "print(*(script(name) for name in names), sep='\\n')"
    )
    plain = os.environ | {"DJANGO_SETTINGS_MODULE": "petgroove.settings", "VAR_DIR": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=plain, capture_output=True, text=True, check=False)
    found = TAG.findall(ran.stdout)
    assert len(found) >= 6, ran.stderr
    for address, fingerprint in found:
        assert re.search(r"\.[0-9a-f]{12}\.", address), address
        sent = (tmp_path / "static" / address.removeprefix("/static/")).read_bytes()
        assert sha384(sent) == fingerprint
