"""A stopping worker checks for the signal between any two parts of a step, and releases the step at once.

The tests count these checks and do not measure time: each part takes well under the second that a stop may take.
"""

import io
from collections.abc import Callable
from functools import cache

import pytest
from django.utils import timezone
from PIL import Image
from skimage import data

from accounts.models import User
from tests.videos.conftest import propose
from tests.videos.fake_finder import LEFT
from videos import photos
from videos.dances import BY_SLUG
from videos.models import Photo, Preview, Video
from videos.styles import Style
from videos.uploads import store_photo
from videos.worker.runner import work_once


class StopAfter:
    """A ``should_stop`` callable that returns True after ``allowed`` calls, and counts its calls."""

    def __init__(self, allowed: int) -> None:
        self.allowed, self.calls = allowed, 0

    def __call__(self) -> bool:
        self.calls += 1
        return self.calls > self.allowed


@cache
def picture() -> photos.Normalised:
    out = io.BytesIO()
    Image.fromarray(data.cat()).save(out, "JPEG")
    return photos.normalise(out.getvalue())


@pytest.fixture
def cat(owner: User) -> Photo:
    """A photo that needs two runs of the model."""
    return store_photo(owner, picture(), timezone.now())


def stops_and_stays_due(photo: Photo, allowed: int) -> bool:
    """Return whether the preparation stops after ``allowed`` checks. If so, assert that the photo is due."""
    should_stop = StopAfter(allowed)
    assert work_once(should_stop, queue="render") is True
    photo.refresh_from_db()
    if should_stop.calls <= allowed:
        return False
    assert (photo.cutout_info, photo.sticker.name, photo.attempts) == ({}, "", 0)
    assert photo.due_at is not None
    assert photo.due_at <= timezone.now()
    return True


def test_photo_preparation_stops_between_steps(cat: Photo) -> None:
    """It stops while reading, after faces and after the first run of the model."""
    assert [stops_and_stays_due(cat, allowed) for allowed in range(4)] == [True] * 4


@pytest.mark.slow
def test_photo_preparation_stops_between_all_steps(cat: Photo) -> None:
    """It stops while reading, after faces, after each run of the model and after the sticker."""
    allowed = 0
    while stops_and_stays_due(cat, allowed):
        allowed += 1
    assert allowed >= 7
    assert (cat.cutout_info["passes"], cat.due_at, bool(cat.sticker)) == (2, None, True)


@pytest.fixture
def dancing(prepared: Photo) -> Photo:
    """A prepared photo with a head that is sure."""
    return propose(prepared, LEFT, confidence=0.95)


def test_a_dancers_preview_stops_at_once(dancing: Photo) -> None:
    preview = dancing.preview_of(BY_SLUG["disco"], timezone.now())
    assert preview.style == Style.DANCER
    assert work_once(StopAfter(0), queue="render") is True
    preview.refresh_from_db()
    assert (preview.is_pending, preview.file.name, preview.attempts) == (True, "", 0)
    assert work_once(queue="render") is True
    assert Preview.objects.get().file


@pytest.mark.parametrize("allowed", range(4))
def test_a_dancers_video_stops_before_during_and_after_its_rendering(
    dancing: Photo, request_video: Callable[..., Video], monkeypatch: pytest.MonkeyPatch, allowed: int
) -> None:
    """It stops once the head is cut out, with the music, and after each of the first frames."""
    from videos.studio import render

    monkeypatch.setattr(render, "REPORT_EVERY", 0.0)
    video = request_video(photo=dancing, user=dancing.user)
    should_stop = StopAfter(allowed)
    assert work_once(should_stop, queue="render") is True
    video.refresh_from_db()
    assert (should_stop.calls, video.status, video.style, video.attempts) == (allowed + 1, "processing", "dancer", 0)
    assert video.file.name == ""
    assert video.due_at is not None
    assert video.due_at <= timezone.now()


def test_a_preview_stops_at_once(prepared: Photo) -> None:
    preview = prepared.preview_of(BY_SLUG["disco"], timezone.now())
    assert work_once(StopAfter(0), queue="render") is True
    preview.refresh_from_db()
    assert (preview.is_pending, preview.file.name, preview.attempts) == (True, "", 0)
    assert work_once(queue="render") is True
    assert Preview.objects.get().file


@pytest.mark.parametrize("allowed", [0, 3])
def test_video_stops_before_and_after_segmentation(
    cat: Photo, request_video: Callable[..., Video], allowed: int
) -> None:
    video = request_video(photo=cat, user=cat.user)
    should_stop = StopAfter(allowed)
    assert work_once(should_stop, queue="render") is True
    video.refresh_from_db()
    assert (should_stop.calls, video.status, video.progress, video.attempts) == (allowed + 1, "processing", 0.0, 0)
    assert video.due_at is not None
    assert video.due_at <= timezone.now()
