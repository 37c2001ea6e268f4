"""Admission by many workers at once: the account's concurrency limit is never exceeded."""

import pytest
from django.conf import settings
from django.utils import timezone

from credits import ledger
from tests.remote.conftest import Site
from tests.threads import CONTROL_ROUNDS, ROUNDS, THREADS, all_at_once
from videos.models import ProviderStatus, Status, Step, Video
from videos.worker.remote.admission import admit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture
def queued_videos(site: Site) -> list[Video]:
    """One claimed video per thread, with three free slots at the provider."""
    first = site.video()
    ledger.grant(first.user, THREADS, reason="For the tests", by=None)
    for _ in range(THREADS - 1):
        site.video()
    ProviderStatus.objects.for_provider("runway", timezone.now())
    ProviderStatus.objects.update(max_concurrent_tasks=3)
    return list(Video.objects.order_by("created_at"))


def requeue(videos: list[Video]) -> None:
    Video.objects.update(status=Status.QUEUED, step=Step.NONE, submissions=0)
    for video in videos:
        video.refresh_from_db()


def test_admission_never_exceeds_the_limit(queued_videos: list[Video]) -> None:
    for _ in range(ROUNDS):
        requeue(queued_videos)
        all_at_once(lambda number: admit(queued_videos[number], timezone.now(), settings.LEASE_DURATION))
        admitted = set(Video.objects.in_flight("runway").values_list("pk", flat=True))
        assert admitted == {video.pk for video in queued_videos[:3]}


def test_without_the_lock_admission_exceeds_the_limit(queued_videos: list[Video]) -> None:
    """The negative control: count and submit without a lock, with three slots."""

    def admit_unguarded(number: int) -> None:
        if Video.objects.in_flight("runway").count() < 3:
            queued_videos[number].submit(timezone.now(), settings.LEASE_DURATION)

    for _ in range(CONTROL_ROUNDS):
        requeue(queued_videos)
        all_at_once(admit_unguarded)
        if Video.objects.in_flight("runway").count() > 3:
            return
    raise AssertionError(f"never more than 3 in {CONTROL_ROUNDS} rounds")
