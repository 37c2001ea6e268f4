"""A day and more in a worker's life, by a clock of our own: dances come and go, and neither rows nor memory pile up."""

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

# A few hours hold each kind of hour.
HOURS, WARM, FEW_HOURS = 25, 8, 6
# Bytes that a dance may leave in memory; a picture or a clip that is kept by mistake is several times as large.
MAX_BYTES_PER_VIDEO = 10_000


@pytest.fixture
def memory_tracing() -> Iterator[None]:
    """Memory is counted, and nothing logged: pytest keeps every record for its report."""
    logging.disable()
    tracemalloc.start()
    yield
    tracemalloc.stop()
    logging.disable(logging.NOTSET)


def traced_memory() -> int:
    """Bytes that Python holds, numpy's pictures among them."""
    mail.outbox.clear()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def run_hour(site: Site, clock: Clock, hour: int) -> None:
    """A dance, every other one deleted by its owner later; now and then a failure, or a closed studio."""
    WorkerHeartbeat.objects.record(f"machine:{hour}", "all", timezone.now())
    if hour % 6 == 3:
        site.fake_server.fault("fate", "fail", code="INTERNAL")
    if hour % 8 == 5:
        site.fake_server.settings(credits=0)
    asked = site.video(now=timezone.now())
    until = timezone.now() + timedelta(hours=1)
    while timezone.now() < until:
        living = Video.objects.unfinished().exists()
        clock.advance(20 if living and ProviderStatus.objects.unavailable("runway") is None else 450)
        site.work()
        if not living:
            site.fake_server.settings(credits=100_000)
    asked.refresh_from_db()
    if hour % 2:
        assert asked.delete_by_owner(timezone.now())


def run_hours(site: Site, clock: Clock, hours: int) -> Iterator[int]:
    """Let hours go by, with a dance in each, and then one without; yield each hour that is over."""
    ledger.grant(site.video().user, 2 * hours, reason="For the tests", by=None)
    for hour in range(hours):
        run_hour(site, clock, hour)
        yield hour
    clock.advance(3600)
    site.work()


def verify_rows(site: Site, dances: int) -> None:
    """Only dances, their letters and one line are left."""
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
    """Whether the first two workers, which went without a word, are gone when the next one starts."""
    WorkerHeartbeat.objects.record("machine:last", "all", timezone.now())
    return not WorkerHeartbeat.objects.filter(worker__in=["machine:0", "machine:1"]).exists()


def test_rows_do_not_pile_up_within_hours(site: Site, clock: Clock) -> None:
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
