"""The worker proposes a head when it prepares a photo. It never overrules the owner."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.videos.conftest import video_of
from tests.videos.fake_cutout import add_cutout
from tests.videos.fake_finder import LEFT, RIGHT, Finder, finder
from videos.dances import BY_SLUG
from videos.models import LeaseLost, Photo, Preview, Video
from videos.photos.head import FoundHead, Head, HeadSource
from videos.studio.segmentation import cutout
from videos.worker import inputs
from videos.worker.runner import work_once

__all__ = ["finder"]
pytestmark = pytest.mark.engine


@pytest.fixture
def cut(photo: Photo) -> Photo:
    """A photo with a cut-out from before the head finder existed."""
    add_cutout(photo, heads=None)
    assert not photo.is_prepared
    return photo


def waiting_video(photo: Photo) -> Video:
    """Request a video that the worker leaves alone."""
    video = video_of(Photo.objects.get(pk=photo.pk))
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now() + timedelta(days=1))
    return video


def test_preparation_proposes_the_most_certain_head(photo: Photo, finder: Finder) -> None:
    assert photo.head_status == "pending"
    assert work_once()
    photo.refresh_from_db()
    assert (photo.known_head, photo.head_source, photo.head_confidence) == (LEFT, "detector", 0.9)
    assert ([found.head for found in photo.proposed_heads], photo.head_status) == ([LEFT, RIGHT], "sure")
    assert (photo.is_prepared, photo.due_at) == (True, None)


def test_an_unsure_proposal_is_a_question(photo: Photo, finder: Finder) -> None:
    finder.found = (FoundHead(LEFT, 0.5, HeadSource.OUTLINE),)
    assert work_once()
    photo.refresh_from_db()
    assert (photo.oval, photo.known_head, photo.head_source, photo.head_status) == (LEFT, None, "outline", "unsure")


def test_a_photo_without_a_head_is_looked_at_once(photo: Photo, finder: Finder) -> None:
    finder.found = ()
    assert work_once()
    photo.refresh_from_db()
    assert (photo.head, photo.head_source, photo.head_status) == (None, "detector", "none")
    photo.switch_cutout(False)
    assert work_once()
    assert finder.calls == 1


def test_cutout_from_before_gets_its_head_without_the_model(
    cut: Photo, finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cut.cutout_info
    monkeypatch.setattr(cutout, "segment", lambda *args: pytest.fail("the model ran again"))
    assert work_once()
    cut.refresh_from_db()
    assert cut.known_head == LEFT
    assert cut.cutout_info == before | {"heads": [found.as_json for found in finder.found]}


def test_rendering_finds_the_missing_head(cut: Photo, finder: Finder) -> None:
    """The photo has been prepared, but before the head finder existed."""
    Photo.objects.update(due_at=None)
    video = waiting_video(cut)
    assert (video.head, video.head_source) == (None, "")
    inputs.local_order(video)
    video.refresh_from_db()
    assert (video.oval, video.head_source) == (LEFT, "detector")
    assert Photo.objects.get().known_head == LEFT


def test_a_retry_keeps_the_head_of_the_first_rendering(cut: Photo, finder: Finder) -> None:
    video = waiting_video(cut)
    inputs.local_order(video)
    Photo.objects.get().set_head(RIGHT)
    retried = Video.objects.get()
    inputs.local_order(retried)
    assert retried.oval == LEFT


def test_the_answer_before_rendering_is_used(cut: Photo, finder: Finder) -> None:
    """The owner answers after the request, and before the worker has looked for the head."""
    video = waiting_video(cut)
    Photo.objects.get().set_head(RIGHT)
    inputs.local_order(video)
    video.refresh_from_db()
    assert (video.oval, video.head_source) == (RIGHT, "owner")


def test_a_video_requested_with_an_unsure_head_gets_none(cut: Photo, finder: Finder) -> None:
    finder.found = (FoundHead(LEFT, 0.5, HeadSource.OUTLINE),)
    assert work_once()
    video = waiting_video(cut)
    Photo.objects.get().set_head(LEFT)
    inputs.local_order(video)
    video.refresh_from_db()
    assert (video.oval, video.head_source) == (None, "outline")


def test_a_worker_without_its_lease_does_not_settle_the_head(cut: Photo, finder: Finder) -> None:
    video = waiting_video(cut)
    Video.objects.update(claim=5)
    with pytest.raises(LeaseLost):
        inputs.local_order(video)
    assert Video.objects.get().head_source == ""


def test_a_preview_shows_the_head_that_its_rendering_found(cut: Photo, finder: Finder) -> None:
    preview = cut.preview_of(BY_SLUG["disco"], timezone.now())
    inputs.ensure_prepared(preview.photo)
    preview.follow_photo()
    preview.refresh_from_db()
    assert Head.from_json(preview.head) == LEFT
    Preview.objects.update(file="made.mp4", due_at=None)
    assert Photo.objects.get().preview_of(BY_SLUG["disco"], timezone.now()).file == "made.mp4"


@pytest.mark.parametrize("answer", [RIGHT, None])
def test_an_answer_during_preparation_is_kept(photo: Photo, finder: Finder, answer: Head | None) -> None:
    finder.before = lambda: Photo.objects.get().set_head(answer)
    assert work_once()
    finder.before = lambda: None
    photo.refresh_from_db()
    assert (photo.oval, photo.head_source) == (answer, "owner")
    # The stickers show the old head, so the photo is prepared again.
    assert photo.due_at is not None
    assert work_once()
    photo.refresh_from_db()
    assert (photo.oval, photo.head_source, photo.due_at) == (answer, "owner", None)


def test_an_answer_during_a_rendering_is_kept(cut: Photo, finder: Finder) -> None:
    """A rendering prepares the photo without a claim of its own."""
    video = waiting_video(cut)
    finder.before = lambda: Photo.objects.get().set_head(RIGHT)
    inputs.local_order(video)
    video.refresh_from_db()
    assert (Photo.objects.get().oval, video.oval) == (RIGHT, RIGHT)


def test_a_rejected_head_is_not_proposed_again(cut: Photo, finder: Finder) -> None:
    assert work_once()
    Photo.objects.get().reject_head()
    assert work_once()
    cut.refresh_from_db()
    assert (cut.oval, cut.head_status, cut.due_at) == (RIGHT, "unsure", None)


def test_a_photo_that_kills_workers_has_no_head(photo: Photo, finder: Finder) -> None:
    Photo.objects.update(attempts=99)
    assert work_once()
    photo.refresh_from_db()
    assert (photo.is_prepared, photo.head_status, finder.calls) == (True, "none", 0)
