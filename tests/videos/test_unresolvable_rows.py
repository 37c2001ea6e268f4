"""A row that is broken in a way nobody foresaw stops no worker and nobody else's dance."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from credits.models import Entry
from tests.videos.test_audit import tamper
from videos.models import Photo, Video, VideoNotification
from videos.worker.keepalive import MAX_ATTEMPTS
from videos.worker.runner import work_once

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def unpaid(request_video: Any, prepared: Photo) -> Video:
    """A video whose charge is missing, so that nothing can be given back."""
    video = request_video(now=timezone.now() - timedelta(minutes=1))
    tamper(Entry.objects.filter(reference=f"{video.ledger_subject}:charge").delete)
    return video


@pytest.mark.parametrize("provider", ["studio", "runway"])
@pytest.mark.parametrize("wrong", [{"promised_by": timezone.now()}, {"attempts": MAX_ATTEMPTS}], ids=["late", "poison"])
def test_unresolvable_row_waits_and_others_continue(
    unpaid: Video, request_video: Any, studio: Any, provider: str, wrong: dict[str, Any], caplog: Any
) -> None:
    Video.objects.filter(pk=unpaid.pk).update(provider=provider, **wrong)
    other = request_video()
    turns = 0
    with caplog.at_level(logging.ERROR):
        while work_once():
            turns += 1
            assert turns < 20, "the worker does nothing else"
    unpaid.refresh_from_db()
    other.refresh_from_db()
    assert other.status == "succeeded"
    assert unpaid.status == "queued"
    assert unpaid.due_at is not None
    assert unpaid.due_at > timezone.now()
    assert [record for record in caplog.records if record.exc_info]
    # No letter tells of an end that was taken back.
    assert [notification.video_id for notification in VideoNotification.objects.all()] == [other.pk]


def test_stale_result_is_counted(request_video: Any, prepared: Photo, studio: Any, capsys: Any) -> None:
    def another_worker_takes_over(report: Any) -> None:
        studio.before = lambda report: None
        Video.objects.update(due_at=timezone.now())
        work_once()

    video = request_video()
    studio.before = another_worker_takes_over
    work_once()
    video.refresh_from_db()
    assert (video.status, video.stale_results) == ("succeeded", 1)
    call_command("stats")
    assert "dropped answers  1 in 30 days" in capsys.readouterr().out
