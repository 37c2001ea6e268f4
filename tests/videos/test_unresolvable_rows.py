"""A row that can be neither finished nor refunded blocks no worker and no other video."""

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
def uncharged(request_video: Any, prepared: Photo) -> Video:
    """A video whose charge is missing, so that it cannot be refunded."""
    video = request_video(now=timezone.now() - timedelta(minutes=1))
    tamper(Entry.objects.filter(reference=f"{video.ledger_subject}:charge").delete)
    return video


@pytest.mark.parametrize("provider", ["studio", "runway"])
@pytest.mark.parametrize(
    "fields", [{"promised_by": timezone.now()}, {"attempts": MAX_ATTEMPTS}], ids=["late", "poison"]
)
def test_unresolvable_row_waits_and_others_continue(
    uncharged: Video, request_video: Any, studio: Any, provider: str, fields: dict[str, Any], caplog: Any
) -> None:
    Video.objects.filter(pk=uncharged.pk).update(provider=provider, **fields)
    other = request_video()
    steps = 0
    with caplog.at_level(logging.ERROR):
        while work_once():
            steps += 1
            assert steps < 20, "the worker is stuck with the row"
    uncharged.refresh_from_db()
    other.refresh_from_db()
    assert other.status == "succeeded"
    assert uncharged.status == "queued"
    assert uncharged.due_at is not None
    assert uncharged.due_at > timezone.now()
    assert [record for record in caplog.records if record.exc_info]
    # A failure that was rolled back sends no notification.
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
    assert "stale results    1 in 30 days" in capsys.readouterr().out
