"""Every file that leaves says that it was made with AI, and so does the page of a shared video."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.videos.conftest import QuickStudio, prepare, render_video
from tests.xmp import PROVIDER, STUDIO, source_type
from videos.dances import BY_SLUG
from videos.emails.inline_image import email_thumbnail
from videos.models import Photo, Preview, Video
from videos.provenance import SourceType
from videos.worker import marking
from videos.worker.runner import work_once

pytestmark = pytest.mark.django_db
LINE = "Made with PetGroove from one photo, by AI"


def stored(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


@pytest.fixture
def unmarked(studio: QuickStudio) -> QuickStudio:
    """The studio, whose clips have no XMP yet."""
    studio.clip = studio.clip.partition(bytes.fromhex("be7acfcb"))[0][:-8]
    return studio


def test_a_studio_video_and_its_poster_say_so(
    request_video: Callable[..., Video], prepared: Photo, unmarked: QuickStudio
) -> None:
    video = render_video(request_video())
    content = stored(video.file.name)
    assert content.startswith(unmarked.clip)
    assert (source_type(content), source_type(stored(video.poster.name))) == (STUDIO, STUDIO)
    assert video.size == len(content)


def test_a_retry_stores_the_same_bytes(
    request_video: Callable[..., Video], prepared: Photo, unmarked: QuickStudio
) -> None:
    first, second = (render_video(request_video()) for _ in range(2))
    assert first.sha256 == second.sha256
    assert stored(first.poster.name) == stored(second.poster.name)


def test_a_providers_video_says_that_it_was_generated(ready: Video) -> None:
    assert ready.source_type is SourceType.COMPOSITE
    ready.provider = "runway"
    assert ready.source_type is SourceType.TRAINED
    assert source_type(email_thumbnail(ready)) == PROVIDER


def test_a_preview_says_so(photo: Photo) -> None:
    prepare(photo)
    photo.preview_of(BY_SLUG["disco"], timezone.now())
    assert work_once(queue="render") is True
    assert source_type(stored(Preview.objects.get().file.name)) == STUDIO


def test_a_providers_manifest_stays_valid_where_nobody_signs(tmp_path: Any, clip: bytes) -> None:
    """A change of the file would break it, and it says itself how the clip was made."""
    file = tmp_path / "clip.mp4"
    manifest = bytes.fromhex("d8fec3d61b0e483c92975828877ec481") + b"a manifest"
    file.write_bytes(clip + (8 + len(manifest)).to_bytes(4) + b"uuid" + manifest)
    before = file.read_bytes()
    assert marking.mark_video(file, SourceType.TRAINED) is False
    assert file.read_bytes() == before


def test_a_shared_page_says_so_and_how(client: Client, ready: Video) -> None:
    ready.enable_sharing()
    page = client.get(ready.share_link.get_absolute_url()).content.decode()
    assert f'<a href="{reverse("how_its_made")}">{LINE}</a>' in page
    how = client.get(reverse("how_its_made")).content.decode()
    for term in SourceType:
        assert term.value in how


@pytest.mark.parametrize("certificate", [None, "/a/chain.pem"])
def test_only_a_site_that_signs_says_so(client: Client, settings: Any, certificate: str | None) -> None:
    settings.C2PA_CERTIFICATE = certificate
    page = client.get(reverse("how_its_made")).content.decode()
    assert ("Content Credentials" in page) == bool(certificate)
