"""A worker that is asked to stop looks up between any two parts of its work, and what it had begun is due at once.

Counted, not timed: on any machine the parts between two looks take well under the second that a stop may take.
"""

import io
from collections.abc import Callable
from functools import cache

import pytest
from django.utils import timezone
from PIL import Image
from skimage import data

from accounts.models import User
from videos import photos
from videos.dances import BY_SLUG
from videos.models import Photo, Preview, Video
from videos.uploads import store_photo
from videos.worker.runner import work_once


class StopAfter:
    """Asked whether to stop, says yes from the ``at``-th time on, and counts how often it was asked."""

    def __init__(self, at: int) -> None:
        self.at, self.asked = at, 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.asked > self.at


@cache
def picture() -> photos.Normalised:
    out = io.BytesIO()
    Image.fromarray(data.cat()).save(out, "JPEG")
    return photos.normalise(out.getvalue())


@pytest.fixture
def cat(owner: User) -> Photo:
    """A photo on which the model runs twice."""
    return store_photo(owner, picture(), timezone.now())


def stops(photo: Photo, at: int) -> bool:
    """Whether the preparation of the photo stops at the ``at``-th time, and leaves the photo due."""
    should_stop = StopAfter(at)
    assert work_once(should_stop, queue="render") is True
    photo.refresh_from_db()
    if should_stop.asked <= at:
        return False
    assert (photo.cutout_info, photo.sticker.name, photo.attempts) == ({}, "", 0)
    assert photo.due_at is not None
    assert photo.due_at <= timezone.now()
    return True


def test_photo_preparation_stops_between_steps(cat: Photo) -> None:
    """Reading, faces, the first run of the model: what comes before the model is cheap."""
    assert [stops(cat, at) for at in range(4)] == [True] * 4


@pytest.mark.slow
def test_photo_preparation_stops_between_all_steps(cat: Photo) -> None:
    """Reading, faces, each run of the model, the sticker."""
    at = 0
    while stops(cat, at):
        at += 1
    assert at >= 7
    assert (cat.cutout_info["passes"], cat.due_at, bool(cat.sticker)) == (2, None, True)


def test_a_preview_stops_at_once(prepared: Photo) -> None:
    preview = prepared.preview_of(BY_SLUG["disco"], timezone.now())
    assert work_once(StopAfter(0), queue="render") is True
    preview.refresh_from_db()
    assert (preview.is_pending, preview.file.name, preview.attempts) == (True, "", 0)
    assert work_once(queue="render") is True
    assert Preview.objects.get().file


@pytest.mark.parametrize("at", [0, 3])
def test_video_stops_before_and_after_segmentation(cat: Photo, request_video: Callable[..., Video], at: int) -> None:
    video = request_video(photo=cat, user=cat.user)
    should_stop = StopAfter(at)
    assert work_once(should_stop, queue="render") is True
    video.refresh_from_db()
    assert (should_stop.asked, video.status, video.progress, video.attempts) == (at + 1, "processing", 0.0, 0)
    assert video.due_at is not None
    assert video.due_at <= timezone.now()
