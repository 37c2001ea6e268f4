"""No e-mail goes to an owner who saw the video become ready. Whenever that is not certain, it is sent."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.videos.test_polling import poll, poll_url_in
from videos.models import Photo, Video, VideoNotification
from videos.worker.runner import work_once

pytestmark = pytest.mark.engine

DELAY = timedelta(seconds=30)


@pytest.fixture
def video(request_video, prepared: Photo, studio, settings) -> Video:
    settings.NOTIFICATION_DELAY = DELAY
    return request_video()


def finish_waiting() -> None:
    """Run the worker as if the delay had passed."""
    VideoNotification.objects.exclude(due_at=None).update(due_at=timezone.now())
    work_once()


def watched_url_in(card: str) -> str:
    match = re.search(r'<form hidden method="post" action="([^"]+)" data-watched>', card)
    assert match
    return match[1]


def test_owner_who_watched_gets_no_email(as_owner: Client, video: Video) -> None:
    url = poll_url_in(as_owner.get(video.get_absolute_url()))
    while work_once():
        pass
    assert mail.outbox == []
    card = poll(as_owner, url).content.decode()
    assert as_owner.post(watched_url_in(card)).status_code == 204
    finish_waiting()
    notification = VideoNotification.objects.get()
    assert (mail.outbox, notification.sent_at, notification.due_at) == ([], None, None)
    assert notification.watched_at


def test_poll_alone_does_not_stop_the_email(as_owner: Client, video: Video) -> None:
    url = poll_url_in(as_owner.get(video.get_absolute_url()))
    while work_once():
        pass
    poll(as_owner, url)
    finish_waiting()
    assert len(mail.outbox) == 1


def test_page_that_is_opened_later_does_not_confirm(as_owner: Client, video: Video) -> None:
    while work_once():
        pass
    assert "data-watched" not in as_owner.get(video.get_absolute_url()).content.decode()


def test_email_waits_only_for_the_delay(video: Video) -> None:
    while work_once():
        pass
    video.refresh_from_db()
    assert video.finished_at
    assert VideoNotification.objects.get().due_at == video.finished_at + DELAY


def test_refund_is_announced_even_to_those_who_watch(as_owner: Client, video: Video) -> None:
    claimed = Video.objects.claim_next(timezone.now(), timedelta(minutes=1))
    claimed.fail("late", timezone.now())
    as_owner.post(reverse("videos:watched", args=[video.pk]))
    assert VideoNotification.objects.get().watched_at is None
    finish_waiting()
    assert [message.subject for message in mail.outbox] == ["We refunded your credit"]


def test_unfinished_video_cannot_be_watched(as_owner: Client, video: Video) -> None:
    assert as_owner.post(reverse("videos:watched", args=[video.pk])).status_code == 204
    while work_once():
        pass
    finish_waiting()
    assert len(mail.outbox) == 1


def test_stranger_cannot_stop_an_email(as_stranger: Client, video: Video) -> None:
    while work_once():
        pass
    assert as_stranger.post(reverse("videos:watched", args=[video.pk])).status_code == 404
    assert Client().post(reverse("videos:watched", args=[video.pk])).status_code == 302
    assert as_stranger.get(reverse("videos:watched", args=[video.pk])).status_code == 405
    finish_waiting()
    assert len(mail.outbox) == 1


def test_mark_after_the_email_changes_nothing(as_owner: Client, video: Video) -> None:
    while work_once():
        pass
    finish_waiting()
    as_owner.post(reverse("videos:watched", args=[video.pk]))
    assert VideoNotification.objects.get().watched_at is None
