"""More than a simulated day of a worker: neither rows nor memory accumulate."""

import gc
import logging
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from credits import ledger
from tests.remote.conftest import Clock, Site
from videos.models import (
    ProviderStatus,
    ProviderTaskDeletion,
    Status,
    StoredFileDeletion,
    Video,
    VideoNotification,
    WorkerHeartbeat,
)

pytestmark = pytest.mark.django_db

# A few hours include every kind of hour.
HOURS, WARM, FEW_HOURS = 25, 8, 6
# Bytes that a video may leave in memory. A leaked picture or clip is several times as large.
MAX_BYTES_PER_VIDEO = 10_000


@pytest.fixture
def memory_tracing() -> Iterator[None]:
    """Trace memory with logging disabled, since pytest keeps every record for its report."""
    logging.disable()
    tracemalloc.start()
    yield
    tracemalloc.stop()
    logging.disable(logging.NOTSET)


def traced_memory() -> int:
    """Return the bytes allocated by Python, including numpy arrays."""
    mail.outbox.clear()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def run_hour(site: Site, clock: Clock, hour: int) -> None:
    """Request a video and delete every other one. In some hours a task fails or the provider is unavailable."""
    WorkerHeartbeat.objects.record(f"machine:{hour}", "all", timezone.now())
    if hour % 6 == 3:
        site.fake_server.fault("fate", "fail", code="INTERNAL")
    if hour % 8 == 5:
        site.fake_server.settings(credits=0)
    video = site.video(now=timezone.now())
    until = timezone.now() + timedelta(hours=1)
    while timezone.now() < until:
        unfinished = Video.objects.unfinished().exists()
        clock.advance(20 if unfinished and ProviderStatus.objects.unavailable("runway") is None else 450)
        site.work()
        if not unfinished:
            site.fake_server.settings(credits=100_000)
    video.refresh_from_db()
    if hour % 2:
        assert video.delete_by_owner(timezone.now())


def run_hours(site: Site, clock: Clock, hours: int) -> Iterator[int]:
    """Run hours with one video each, then one hour without; yield each finished hour."""
    ledger.grant(site.video().user, 2 * hours, reason="For the tests", by=None)
    for hour in range(hours):
        run_hour(site, clock, hour)
        yield hour
    clock.advance(3600)
    site.work()


def verify_rows(site: Site, dances: int) -> None:
    """Verify that only videos, their notifications and one provider status remain."""
    assert not Video.objects.unfinished().exists()
    assert Video.objects.count() == VideoNotification.objects.count() == dances
    assert {*Video.objects.values_list("status", flat=True)} == {Status.SUCCEEDED, Status.FAILED}
    assert not VideoNotification.objects.exclude(due_at=None).exists()
    assert (
        ProviderStatus.objects.count(),
        ProviderTaskDeletion.objects.count(),
        StoredFileDeletion.objects.count(),
    ) == (1, 0, 0)
    site.verify()


def prune_heartbeats() -> bool:
    """Return whether the rows of the first two workers, now silent, are deleted when the next one starts."""
    WorkerHeartbeat.objects.record("machine:last", "all", timezone.now())
    return not WorkerHeartbeat.objects.filter(worker__in=["machine:0", "machine:1"]).exists()


def test_rows_do_not_accumulate_within_hours(site: Site, clock: Clock) -> None:
    assert len([*run_hours(site, clock, FEW_HOURS)]) == FEW_HOURS
    verify_rows(site, FEW_HOURS + 1)
    assert not prune_heartbeats()
    clock.advance(24 * 3600)
    assert prune_heartbeats()


@pytest.mark.slow
def test_memory_is_released_after_a_day(site: Site, clock: Clock, memory_tracing: None) -> None:
    warm = 0
    for hour in run_hours(site, clock, HOURS):
        if hour == WARM:
            warm = traced_memory()
    assert traced_memory() - warm < (HOURS - WARM) * MAX_BYTES_PER_VIDEO
    verify_rows(site, HOURS + 1)
    assert prune_heartbeats()
