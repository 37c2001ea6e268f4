"""The head that a video or a preview is rendered with."""

import uuid
from typing import Any

import pytest
from django.utils import timezone

from videos import dances, formats
from videos.models import Photo, Video
from videos.ordering import request_video
from videos.photos.head import Head, HeadSource
from videos.subject import Subject
from videos.worker import inputs, previews

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
THEN, NOW = Head(0.3, 0.4, 0.1, 0.12, -10), Head(0.7, 0.5, 0.09, 0.1)


def know_head(photo: Photo, head: Head | None, *, confidence: float = 1.0) -> None:
    Photo.objects.filter(pk=photo.pk).update(
        head=head and head.as_json, head_source=HeadSource.DETECTOR, head_confidence=confidence
    )
    photo.refresh_from_db()


@pytest.fixture
def video(prepared: Photo) -> Video:
    know_head(prepared, THEN)
    dance, shape = dances.BY_SLUG["disco"], formats.BY_SLUG["wide"]
    choice = {"user": prepared.user, "photo": prepared, "dance": dance, "shape": shape}
    return request_video(idempotency_key=uuid.uuid4(), now=timezone.now(), **choice)


def test_video_keeps_the_head_that_it_was_ordered_with(video: Video) -> None:
    know_head(video.photo, NOW)
    assert inputs.local_order(video).subject.head == THEN


def test_preview_shows_the_head_that_it_was_requested_with(prepared: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    from videos.studio import render

    shown: list[Any] = []

    def preview(subject: Subject, *, into: Any, **options: Any) -> None:
        shown.append(subject.head)
        into.write_bytes(b"clip")

    monkeypatch.setattr(render, "preview", preview)
    for head in (THEN, None):
        know_head(prepared, head)
        previews.make_preview(prepared.preview_of(dances.BY_SLUG["disco"], timezone.now()))
    assert shown == [THEN, None]
