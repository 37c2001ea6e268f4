"""The first page of the admin: the state of the site and the figures of the day."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.videos.test_admin import do, many
from videos.models import ProviderStatus, Video, WorkerHeartbeat
from videos.operations import stats


@pytest.mark.parametrize("count", [200, pytest.param(2000, marks=pytest.mark.slow)])
@pytest.mark.engine
def test_dashboard_shows_the_state(
    as_staff: Client, request_video: Any, settings: Any, count: int, django_assert_max_num_queries: Any
) -> None:
    settings.CREDIT_CENTS = 100
    photo = request_video().photo
    many(photo, count)
    ProviderStatus.objects.create(provider="runway", balance=260, checked_at=timezone.now())
    WorkerHeartbeat.objects.record("here:1", "all", timezone.now())
    with django_assert_max_num_queries(12):
        page = as_staff.get("/admin/").content.decode()
    assert "credits: 260, videos left: 10" in page
    assert "1 queued, 0 rendering" in page
    assert "1 running" in page
    assert page.count('<svg class="bar-chart"') == 1
    assert page.count('<svg class="share"') == len({video.dance for video in Video.objects.all()})
    assert "cents" in page


@pytest.mark.engine
def test_stats_match_the_rows(request_video: Any, as_staff: Client) -> None:
    now = timezone.now()
    ended = request_video()
    request_video(now=now - timedelta(minutes=5))
    do(as_staff, ended, "cancel")
    result = stats.collect_stats(timezone.now())
    assert (result.queue.queued, result.failures, result.refunds, result.refunded) == (1, {"stopped": 1}, 1, 1)
    assert result.queue.longest_wait >= timedelta(minutes=5)
    assert [(row.slug, row.ready, row.failed) for row in result.per_dance] == [("disco", 0, 1)]
    assert (result.per_day[-1].failed, len(result.per_day)) == (1, 30)


def test_dashboard_reports_a_missing_worker(as_staff: Client) -> None:
    WorkerHeartbeat.objects.record("gone:1", "all", timezone.now() - timedelta(minutes=6))
    assert "Start one: <code>python manage.py worker</code>" in as_staff.get("/admin/").content.decode()
