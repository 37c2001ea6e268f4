"""The number of queries per page is small and constant, and a gallery page of 24 videos stays small."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from credits import ledger
from tests.videos.conftest import jpeg, render_video
from tests.videos.test_admin import many
from videos.models import Photo, ProviderStatus, Video


@pytest.mark.parametrize("count", [1, 30, 300])
@pytest.mark.engine
def test_gallery_needs_four_queries(
    as_owner: Client, photo: Photo, count: int, django_assert_max_num_queries: Any
) -> None:
    many(photo, count)
    with django_assert_max_num_queries(4):
        page = as_owner.get("/videos/").content.decode()
    assert page.count('class="video-grid-link"') == min(24, count)


def test_gallery_page_is_at_most_30_kilobytes(as_owner: Client, photo: Photo) -> None:
    many(photo, 30)
    page = as_owner.get("/videos/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert len(page.content) <= 30_000


@pytest.mark.engine
def test_gallery_is_paginated(as_owner: Client, photo: Photo) -> None:
    many(photo, 60)
    seen: list[str] = []
    url = "/videos/"
    for _ in range(3):
        page = as_owner.get(url)
        seen += [str(video.pk) for video in page.context["videos"]]
        url = f"/videos/?{page.context['older']}"
    assert page.context["older"] == ""
    expected = Video.objects.order_by("-created_at").values_list("pk", flat=True)
    assert seen == [str(pk) for pk in expected]


@pytest.mark.engine
def test_invalid_cursor_is_ignored(as_owner: Client, photo: Photo, subtests: pytest.Subtests) -> None:
    many(photo, 2)
    for before in ("", "yesterday", "2026-02-31", "2026-01-01T00:00:00", "%00", "9" * 40):
        with subtests.test(before=before):
            assert as_owner.get("/videos/", {"before": before}).content.count(b'class="video-grid-link"') == 2


def test_video_and_form_pages_need_few_queries(
    as_owner: Client, request_video: Any, prepared: Photo, studio: Any, django_assert_max_num_queries: Any
) -> None:
    ledger.grant(prepared.user, 20, reason="Many", by=None)
    for number in range(10):
        request_video(now=timezone.now() - timedelta(minutes=number))
    video = Video.objects.latest("created_at")
    with django_assert_max_num_queries(4):
        assert "9 videos ahead" in as_owner.get(video.get_absolute_url()).content.decode()
    Video.objects.filter(pk=video.pk).update(status="processing", step="rendering", started_at=timezone.now())
    with django_assert_max_num_queries(4):
        as_owner.get(video.get_absolute_url())
    Video.objects.exclude(pk=video.pk).update(due_at=timezone.now() + timedelta(hours=1))
    render_video(video)
    with django_assert_max_num_queries(4):
        as_owner.get(video.get_absolute_url())
    with django_assert_max_num_queries(3):
        as_owner.get("/photos/")
    # Two give the photo and its cards their turns. On PostgreSQL, two more ask for the time.
    with django_assert_max_num_queries(13):
        as_owner.post("/photos/", {"image": SimpleUploadedFile("pet.jpg", jpeg(), "image/jpeg")})


@pytest.mark.engine
def test_queue_position_in_an_outage_needs_no_more_queries(
    as_owner: Client, request_video: Any, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.VIDEO_PROVIDER, settings.RUNWAY_API_KEY = "runway", "key_test"
    request_video(now=timezone.now() - timedelta(minutes=1))
    video = request_video()
    ProviderStatus.objects.mark_unavailable("runway", "no credits", timezone.now())
    with django_assert_max_num_queries(4):
        page = as_owner.get(video.get_absolute_url()).content.decode()
    assert "Our video service is down. Your place in the queue is safe." in page
    assert "Checking again at" in page
