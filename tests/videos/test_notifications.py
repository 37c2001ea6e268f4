"""The e-mail about a finished video: sent once, after the commit, and only if the owner wants it."""

import logging
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from credits.models import Entry
from petgroove.logs import LogfmtFormatter
from tests.videos.conftest import NO_MAIL_SERVER
from videos.emails.video_finished import MAX_AGE
from videos.models import Photo, Video, VideoNotification
from videos.worker.runner import MAX_ATTEMPTS, work_once


@pytest.fixture
def video(request_video, prepared: Photo, studio) -> Video:
    return request_video()


def work(turns: int = 20) -> None:
    """Run all steps, including delayed ones. A notification that cannot be sent is retried in each turn."""
    for _ in range(turns):
        Video.objects.unfinished().update(due_at=timezone.now())
        VideoNotification.objects.exclude(due_at=None).update(due_at=timezone.now())
        if not work_once():
            return


@pytest.mark.engine
def test_ready_video_sends_one_email_with_its_url(video: Video) -> None:
    work()
    work()
    [message] = mail.outbox
    assert message.subject == "Your disco video is ready"
    assert message.to == ["owner@example.org"]
    url = f"http://localhost:8000/videos/{video.pk}/"
    assert url in message.body
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    assert f'href="{url}"' in html
    assert VideoNotification.objects.get().sent_at


def test_failed_video_sends_an_email_after_the_refund(video: Video, studio) -> None:
    studio.raises = RuntimeError("broken")
    work()
    [message] = mail.outbox
    assert message.subject == "We refunded your credit"
    assert Video.objects.get().error_message in message.body
    assert Entry.objects.filter(reference=f"{video.ledger_subject}:refund").exists()


@pytest.mark.parametrize(
    ("code", "can_retry"), [("late", True), ("studio", True), ("bad_photo", False), ("moderated", False)]
)
def test_retry_is_offered_only_where_it_would_help(video: Video, as_owner: Client, code: str, can_retry: bool) -> None:
    Video.objects.claim_next(timezone.now(), timedelta(minutes=1)).fail(code, timezone.now())
    work()
    [message] = mail.outbox
    for text in (message.body, message.alternatives[0][0]):
        again = escape(video.again_url) if text.startswith("<") else video.again_url
        assert ("Your photo and dance are saved." in text, again in text) == (can_retry, can_retry)
    assert (">Try again<" in as_owner.get(video.get_absolute_url()).content.decode()) == can_retry


@pytest.mark.engine
def test_notification_is_created_in_the_same_transaction(video: Video) -> None:
    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "videos_videonotification"'):
            raise DatabaseError("the notification cannot be written")
        return execute(sql, params, many, context)

    video = Video.objects.claim_next(timezone.now(), timedelta(minutes=1))
    with connection.execute_wrapper(refuse), pytest.raises(DatabaseError, match="the notification cannot be written"):
        video.fail("late", timezone.now())
    assert Video.objects.get().status == "queued"
    assert not Entry.objects.filter(reference=f"{video.ledger_subject}:refund").exists()


@contextmanager
def no_mail_server(settings: Any) -> Iterator[None]:
    working = settings.MAILERS
    settings.MAILERS = NO_MAIL_SERVER
    yield
    settings.MAILERS = working


@pytest.mark.engine
def test_mail_failure_is_retried_and_blocks_nothing(video: Video, request_video, settings: Any) -> None:
    with no_mail_server(settings):
        work(2 * MAX_ATTEMPTS)
    assert mail.outbox == []
    assert Video.objects.get().status == "succeeded"
    assert VideoNotification.objects.get().attempts > MAX_ATTEMPTS
    assert VideoNotification.objects.get().due_at
    work()
    assert len(mail.outbox) == 1


class RefusingBackend(BaseEmailBackend):
    """A mail server that refuses the owner, or whose password smtplib cannot encode."""

    error: Exception

    def send_messages(self, messages: list[Any]) -> int:
        raise self.error


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"owner@example.org": (550, b"no such user owner@example.org")}),
        UnicodeEncodeError("ascii", "p\xe4ssword", 1, 2, "ordinal not in range(128)"),
    ],
)
def test_failure_is_retried_and_logged_without_the_address(
    error: Exception, video: Video, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.RefusingBackend"}}
    monkeypatch.setattr(RefusingBackend, "error", error, raising=False)
    with caplog.at_level(logging.INFO):
        work(3)
    lines = [LogfmtFormatter().format(record) for record in caplog.records]
    assert [line for line in lines if f"notification could not be sent video={video.pk}" in line] != []
    assert [line for line in lines if "owner@example.org" in line or "Traceback" in line] == []
    notification = VideoNotification.objects.get()
    assert (notification.sent_at, notification.due_at is None) == (None, False)


def test_retried_email_has_the_same_message_id(video: Video) -> None:
    work()
    VideoNotification.objects.update(due_at=timezone.now(), sent_at=None)
    work()
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second == f"<{video.pk}.video_ready@petgroove.example>"


@pytest.mark.engine
def test_outdated_notification_is_not_sent(video: Video, settings: Any) -> None:
    with no_mail_server(settings):
        work(2)
    Video.objects.update(finished_at=timezone.now() - MAX_AGE - timedelta(minutes=1))
    work()
    assert mail.outbox == []
    assert VideoNotification.objects.get().due_at is None


def test_owner_can_turn_off_emails(as_owner: Client, video: Video, request_video) -> None:
    page = reverse("account_email")
    assert 'value="off">Turn off' in as_owner.get(page).content.decode()
    as_owner.post(reverse("videos:notifications"), {"mail": "off"})
    work()
    assert mail.outbox == []
    assert 'value="on">Turn on' in as_owner.get(page).content.decode()
    as_owner.post(reverse("videos:notifications"), {"mail": "on"})
    request_video()
    work()
    assert len(mail.outbox) == 1


@pytest.mark.engine
def test_preference_counts_until_the_email_is_sent(video: Video, settings: Any) -> None:
    with no_mail_server(settings):
        work(2)
    assert VideoNotification.objects.get().due_at
    video.user.email_when_finished = False
    video.user.save()
    work()
    assert mail.outbox == []
