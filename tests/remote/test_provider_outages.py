"""Outages, repeated rejections and repeated paid failures: the provider is marked unavailable and staff notified."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.remote.conftest import Clock, Site
from videos.models import LeaseLost, Photo, ProviderStatus, ProviderUnavailable, Status, Video
from videos.models.choices import FallbackReason
from videos.models.provider_status import MAX_CONSECUTIVE_FAILURES, MAX_CONSECUTIVE_REJECTIONS, MAX_FAILED_CHECKS

pytestmark = pytest.mark.django_db

UNREACHABLE_URL = "http://127.0.0.1:9"


def staff_emails() -> list[str]:
    return [message.body for message in mail.outbox if message.subject.startswith("PetGroove:")]


def age_status(minutes: float) -> None:
    """Move the times of the provider status back by ``minutes``."""
    for name in ("unavailable_since", "rejected_since", "recovered_at"):
        ProviderStatus.objects.exclude(**{name: None}).update(**{name: timezone.now() - timedelta(minutes=minutes)})


def test_retry_after_of_a_day_delays_by_a_minute_at_most(site: Site, clock: Clock) -> None:
    site.fake_server.settings(concurrency=1)
    site.fake_server.fault("create", "answer", status=503, retry_after="86400")
    first, second = site.video(), site.video()
    site.work()
    for _ in range(4):
        clock.advance(31)
        site.work()
    first.refresh_from_db()
    assert (first.status, len(site.accepted(first))) == (Status.SUCCEEDED, 1)
    assert len(site.accepted(second)) == 1


def test_outage_marks_provider_unavailable_and_notifies_staff(
    site: Site, settings: Any, staff: User, as_owner: Client
) -> None:
    base, settings.RUNWAY_BASE_URL = settings.RUNWAY_BASE_URL, UNREACHABLE_URL
    video = site.video()
    site.pass_time(rounds=MAX_FAILED_CHECKS + 1)
    assert ProviderStatus.objects.get().reason.startswith("cannot be reached")
    [body] = staff_emails()
    assert "cannot be reached" in body
    assert "Our video service is down." in as_owner.get(video.get_absolute_url()).content.decode()
    age_status(6)
    with pytest.raises(ProviderUnavailable):
        site.video()
    settings.RUNWAY_BASE_URL = base
    site.settle()
    assert Video.objects.get().status == Status.SUCCEEDED
    assert len(staff_emails()) == 1
    site.verify()


@pytest.mark.engine
def test_running_check_is_not_taken_over(site: Site) -> None:
    now = timezone.now()
    ProviderStatus.objects.for_provider("runway", now)
    status = ProviderStatus.objects.claim_next(now, settings.LEASE_DURATION)
    assert status is not None
    ProviderStatus.objects.schedule_check("runway", now)
    assert ProviderStatus.objects.claim_next(now, settings.LEASE_DURATION) is None
    status.mark_available(3, now)
    ProviderStatus.objects.schedule_check("runway", now)
    assert ProviderStatus.objects.claim_next(now, settings.LEASE_DURATION) == status, (
        "an available provider is due immediately"
    )


@pytest.mark.engine
def test_outage_during_a_check_wins_and_is_checked_again(site: Site) -> None:
    now = timezone.now()
    ProviderStatus.objects.for_provider("runway", now)
    status = ProviderStatus.objects.claim_next(now, settings.LEASE_DURATION)
    assert status is not None
    ProviderStatus.objects.mark_unavailable("runway", "no credits", now)
    with pytest.raises(LeaseLost):
        status.mark_available(3, now)
    status = ProviderStatus.objects.get()
    assert (status.reason, status.due_at) == ("no credits", now)


def test_one_failed_check_changes_nothing(site: Site, staff: User) -> None:
    site.fake_server.fault("organization", "reset", times=MAX_FAILED_CHECKS - 1)
    site.video()
    site.settle()
    assert ProviderStatus.objects.get().is_available
    assert staff_emails() == []


def test_embedded_studio_is_the_fallback_in_an_outage(site: Site, settings: Any, studio: Any) -> None:
    settings.RUNWAY_BASE_URL, settings.STUDIO_FALLBACK = UNREACHABLE_URL, True
    waiting = site.video()
    site.pass_time(rounds=MAX_FAILED_CHECKS + 1)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.fallback_reason) == (Status.SUCCEEDED, FallbackReason.UNAVAILABLE)
    assert site.video().provider == "studio"


def test_constant_rejections_open_the_circuit(site: Site, staff: User) -> None:
    site.fake_server.fault("create", "answer", status=503, times=MAX_CONSECUTIVE_REJECTIONS)
    videos = [site.video() for _ in range(3)]
    site.pass_time(rounds=1)
    age_status(3)
    site.pass_time(rounds=1)
    status = ProviderStatus.objects.get()
    assert not status.is_available
    assert "rejected: 503" in status.reason
    assert len(staff_emails()) == 1
    age_status(5)
    site.settle()
    status.refresh_from_db()
    assert (status.is_available, status.consecutive_rejections, status.half_open) == (True, 0, False)
    assert {Video.objects.get(pk=video.pk).submissions for video in videos} == {1}
    site.verify()


# The loss of a clip and of a task run by default; the next tests cover lost responses.
PAID_FAILURES = [
    pytest.param({"on": "create", "do": "answer", "status": 500, "accepted": True}, marks=pytest.mark.slow),
    pytest.param({"on": "create", "do": "reset", "accepted": True}, marks=pytest.mark.slow),
    {"on": "fate", "do": "foreign"},
    {"on": "fate", "do": "fail", "code": "INTERNAL"},
    pytest.param({"on": "fate", "do": "vanish"}, marks=pytest.mark.slow),
]


def request_videos(site: Site, dances: int) -> None:
    """Request more videos than the test owner could otherwise pay for."""
    ledger.grant(site.video().user, dances, reason="For the tests", by=None)
    for _ in range(dances - 1):
        site.video()


def run_until_unavailable(site: Site) -> None:
    """Advance time until the provider is unavailable, and a little further."""
    for _ in range(40):
        site.pass_time()
        if not ProviderStatus.objects.get().is_available:
            break
    site.pass_time(rounds=3)


@pytest.mark.parametrize("fault", PAID_FAILURES, ids=lambda fault: f"{fault['on']}-{fault['do']}")
def test_repeated_paid_failures_mark_provider_unavailable(site: Site, staff: User, fault: dict[str, Any]) -> None:
    request_videos(site, MAX_CONSECUTIVE_FAILURES + 2)
    site.fake_server.settings(concurrency=1)
    site.fake_server.fault(times=0, **fault)
    run_until_unavailable(site)
    assert len(site.accepted()) == MAX_CONSECUTIVE_FAILURES
    status = ProviderStatus.objects.get()
    assert (status.is_available, status.consecutive_failures) == (False, MAX_CONSECUTIVE_FAILURES)
    assert "produced no video" in status.reason
    assert len(staff_emails()) == 1


@pytest.mark.engine
def test_half_open_provider_gets_one_order(site: Site, staff: User) -> None:
    # Three concurrent orders may be lost before the provider is marked unavailable; others must remain queued.
    request_videos(site, MAX_CONSECUTIVE_FAILURES + 4)
    site.fake_server.fault("create", "answer", status=500, accepted=True, times=0)
    run_until_unavailable(site)
    lost = len(site.accepted())
    assert lost >= MAX_CONSECUTIVE_FAILURES
    age_status(5)
    site.pass_time(rounds=4)
    assert len(site.accepted()) == lost + 1
    status = ProviderStatus.objects.get()
    assert (status.is_available, status.consecutive_outages) == (False, 1)
    age_status(5)
    site.pass_time(rounds=4)
    assert len(site.accepted()) == lost + 1
    assert len(staff_emails()) == 1


def test_fetched_clip_ends_the_trial(site: Site) -> None:
    request_videos(site, MAX_CONSECUTIVE_FAILURES + 2)
    site.fake_server.fault("create", "reset", accepted=True, times=6)
    run_until_unavailable(site)
    lost = len(site.accepted())
    age_status(5)
    site.fake_server.reset()
    site.fake_server.settings(concurrency=3, hang=0.1, light=True)
    site.pass_time()
    assert (ProviderStatus.objects.get().half_open, len(site.accepted())) == (True, 1)
    site.settle()
    status = ProviderStatus.objects.get()
    assert (status.consecutive_failures, status.half_open, status.capacity) == (0, False, 3)
    assert lost >= MAX_CONSECUTIVE_FAILURES


def test_owner_errors_do_not_count_as_outage(site: Site, settings: Any) -> None:
    settings.MODERATION_STRIKES = 100
    for code in ("SAFETY.INPUT.IMAGE", "ASSET.INVALID", "INTERNAL.BAD_OUTPUT.CODE01"):
        site.fake_server.fault("fate", "fail", code=code, times=2)
    request_videos(site, 6)
    site.settle()
    assert Video.objects.filter(status=Status.FAILED).count() == 6 > MAX_CONSECUTIVE_FAILURES
    assert ProviderStatus.objects.get().consecutive_failures == 0
    site.verify()


def test_no_new_videos_while_the_daily_limit_is_reached(site: Site, prepared: Photo) -> None:
    site.fake_server.settings(daily=0)
    site.video()
    site.pass_time()
    assert ProviderStatus.objects.get().daily_limit_reached
    before = ledger.balance_of(prepared.user)
    with pytest.raises(ProviderUnavailable):
        site.video()
    assert ledger.balance_of(prepared.user) == before
    site.fake_server.settings(daily=None)
    site.settle()
    assert not ProviderStatus.objects.get().daily_limit_reached
    assert site.video().provider == "runway"
