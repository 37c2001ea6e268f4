"""The waiting page in a browser: the video appears without a reload, and then no e-mail is sent."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from videos.models import Video, VideoNotification
from videos.worker.runner import work_once

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def waiting(page: Page, logged_in: str, live_videos: dict[str, Video], settings: Any) -> Video:
    """The page of a queued video, open in the browser."""
    settings.NOTIFICATION_DELAY = timedelta(minutes=5)
    VideoNotification.objects.all().delete()
    video = live_videos["queued"]
    page.goto(f"{logged_in}{video.get_absolute_url()}")
    return video


def run_worker() -> None:
    while work_once():
        pass


def test_owner_who_sees_the_video_appear_gets_no_email(page: Page, waiting: Video) -> None:
    with page.expect_request(lambda request: request.url.endswith("/watched/")) as confirmation:
        run_worker()
        expect(page.get_by_text("Ta-da! Your video is ready.")).to_be_visible()
    response = confirmation.value.response()
    assert response
    assert response.status == 204
    assert VideoNotification.objects.get().watched_at
    VideoNotification.objects.update(due_at=timezone.now())
    run_worker()
    assert mail.outbox == []


def test_email_is_sent_if_the_tab_is_hidden_by_then(page: Page, waiting: Video) -> None:
    # The owner leaves while the answer is on its way.
    hide = "() => Object.defineProperty(document, 'hidden', { get: () => true })"
    page.evaluate(f"document.addEventListener('htmx:before:request', {hide})")
    confirmations = []
    page.on("request", lambda request: confirmations.append(request.url) if request.url.endswith("/watched/") else None)
    run_worker()
    expect(page.get_by_text("Ta-da! Your video is ready.")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert confirmations == []
    VideoNotification.objects.update(due_at=timezone.now())
    run_worker()
    assert len(mail.outbox) == 1
