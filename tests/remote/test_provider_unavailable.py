"""No credits, a bad key, a suspension, the daily limit: videos wait, staff are notified, and work resumes."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.remote.conftest import Site
from tests.runway.transport import closed_port
from tests.videos.test_dance_page import choice
from videos.models import Photo, ProviderStatus, ProviderUnavailable, Status, Video
from videos.models.choices import FallbackReason
from videos.models.provider_status import CHECK_INTERVAL, MAX_RECHECK_INTERVAL, MIN_RECHECK_INTERVAL
from videos.ordering import choose_provider

pytestmark = pytest.mark.django_db

OUTAGES: list[Any] = [
    {"credits": 24},
    {"daily": 1},
    # The test of the e-mail covers the key quickly.
    pytest.param({"keys": ["key_other"]}, marks=pytest.mark.slow),
    pytest.param({"suspended": True}, marks=pytest.mark.slow),
]
HEALTHY: dict[str, Any] = {"credits": 5000, "keys": None, "suspended": False, "daily": None}


def break_account(site: Site, **outage: Any) -> None:
    """Make the account unusable. The first video discovers it."""
    site.fake_server.settings(**(outage or {"credits": 0}))


def staff_emails() -> list[Any]:
    """Return the e-mails to staff. Owners get notifications of their own."""
    return [message for message in mail.outbox if message.subject.startswith("PetGroove:")]


def unavailable_for(minutes: float) -> None:
    ProviderStatus.objects.update(unavailable_since=timezone.now() - timedelta(minutes=minutes))


@pytest.mark.parametrize("outage", OUTAGES, ids=str)
def test_videos_wait_and_resume_when_the_provider_is_back(site: Site, outage: dict[str, Any], staff: User) -> None:
    first = site.video()
    site.settle()
    break_account(site, **outage)
    videos = [site.video() for _ in range(2)]
    site.pass_time(rounds=4)
    assert {video.status for video in Video.objects.exclude(pk=first.pk)} == {Status.QUEUED}
    assert set(Video.objects.exclude(pk=first.pk).values_list("submissions", flat=True)) == {0}
    assert not ProviderStatus.objects.get().is_available
    assert [message.to for message in staff_emails()] == [[staff.email]]
    assert "videos are waiting" in staff_emails()[0].body
    site.fake_server.settings(**HEALTHY)
    site.settle()
    assert ProviderStatus.objects.get().is_available
    assert Video.objects.filter(status=Status.SUCCEEDED).count() == 1 + len(videos)
    assert len(staff_emails()) == 1
    site.verify()


def test_outage_email_gives_the_reason_and_no_key(site: Site, staff: User, settings: Any) -> None:
    break_account(site, keys=["key_other"])
    site.video()
    site.pass_time()
    [message] = staff_emails()
    assert "401" in message.body
    assert settings.RUNWAY_API_KEY not in message.body + message.subject


def test_outage_email_is_retried(site: Site, staff: User, settings: Any) -> None:
    break_account(site)
    site.video()
    working = settings.MAILERS
    unreachable = {"host": "127.0.0.1", "port": closed_port()}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": unreachable}}
    site.pass_time(rounds=2)
    assert staff_emails() == []
    settings.MAILERS = working
    site.pass_time()
    assert len(staff_emails()) == 1


def test_running_task_is_still_fetched(site: Site) -> None:
    video = site.video()
    site.work()
    break_account(site, credits=0)
    site.settle()
    video.refresh_from_db()
    assert video.status == Status.SUCCEEDED


def test_deadline_is_kept_during_an_outage(site: Site) -> None:
    break_account(site)
    video = site.video()
    site.pass_time()
    site.expire_promise(video)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code, video.submissions) == (Status.FAILED, "late", 0)
    site.verify()


def test_waiting_page_shows_outage_and_next_check(site: Site, as_owner: Client) -> None:
    break_account(site)
    video = site.video()
    site.pass_time()
    page = as_owner.get(video.get_absolute_url()).content.decode()
    assert "Our video service is down. Your place in the queue is safe." in page
    assert "Checking again at" in page
    assert "seconds to go" not in page


def test_new_videos_are_accepted_while_the_deadline_can_be_kept(site: Site, as_owner: Client, prepared: Photo) -> None:
    break_account(site)
    site.video()
    site.pass_time()
    assert "ll wait in the queue" in as_owner.get(prepared.get_absolute_url()).content.decode()
    assert as_owner.post(prepared.get_absolute_url(), choice()).status_code == 302


def test_nothing_is_spent_when_the_deadline_cannot_be_kept(site: Site, as_owner: Client, prepared: Photo) -> None:
    break_account(site)
    site.video()
    site.pass_time()
    unavailable_for(minutes=6)
    before = ledger.balance_of(prepared.user)
    response = as_owner.post(prepared.get_absolute_url(), choice(dance="conga"))
    assert response.status_code == 503
    page = response.content.decode()
    assert "Nothing was charged" in page
    assert 'value="conga" required checked' in page
    assert (ledger.balance_of(prepared.user), Video.objects.count()) == (before, 1)
    with pytest.raises(ProviderUnavailable):
        site.video()


def test_embedded_studio_is_the_fallback_if_enabled(
    site: Site, settings: Any, as_owner: Client, prepared: Photo, studio: Any
) -> None:
    settings.STUDIO_FALLBACK = True
    break_account(site)
    waiting = site.video()
    site.pass_time(rounds=3)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.provider, waiting.fallback_reason) == (
        Status.SUCCEEDED,
        "studio",
        FallbackReason.UNAVAILABLE,
    )
    assert "so our own studio makes this one" in as_owner.get(waiting.get_absolute_url()).content.decode()
    assert "so our own studio makes this one" in as_owner.get(prepared.get_absolute_url()).content.decode()
    later = site.video()
    assert (later.provider, later.fallback_reason) == ("studio", FallbackReason.UNAVAILABLE)
    site.fake_server.settings(**HEALTHY)
    site.pass_time()
    assert site.video().provider == "runway"


def test_account_checks_back_off_after_relapses(site: Site, staff: User) -> None:
    site.fake_server.fault("create", "answer", status=401, times=0)
    site.video()
    site.pass_time(rounds=5)
    status = ProviderStatus.objects.get()
    assert status.consecutive_outages >= 3
    assert len(staff_emails()) == 1
    assert status.due_at is not None
    assert status.due_at - timezone.now() > 2 * MIN_RECHECK_INTERVAL
    assert status.due_at - timezone.now() <= MAX_RECHECK_INTERVAL


def test_available_account_is_checked_every_few_minutes(site: Site) -> None:
    site.video()
    site.settle()
    due_at = ProviderStatus.objects.get().due_at
    assert due_at is not None
    assert timedelta(0) < due_at - timezone.now() <= CHECK_INTERVAL


def test_three_moderated_photos_switch_to_the_embedded_studio(
    site: Site, studio: Any, as_owner: Client, stranger: User
) -> None:
    site.fake_server.fault("fate", "fail", code="SAFETY.INPUT.IMAGE", times=3)
    for _ in range(3):
        site.video()
        site.settle()
    fourth = site.video()
    assert (fourth.provider, fourth.fallback_reason) == ("studio", FallbackReason.MODERATION)
    site.settle()
    fourth.refresh_from_db()
    assert fourth.status == Status.SUCCEEDED
    assert "rejected several of your photos" in as_owner.get(fourth.get_absolute_url()).content.decode()
    assert choose_provider(stranger, timezone.now()) == ("runway", FallbackReason.NONE)
    tomorrow = timezone.now() + timedelta(hours=25)
    assert choose_provider(fourth.user, tomorrow) == ("runway", FallbackReason.NONE)
    site.verify()


def test_queued_videos_move_to_the_embedded_studio(site: Site, studio: Any) -> None:
    site.fake_server.settings(concurrency=1)
    site.fake_server.fault("fate", "fail", code="SAFETY.INPUT.IMAGE", times=3)
    videos = [site.video() for _ in range(5)]
    site.settle()
    assert len(site.accepted()) == 3
    assert [Video.objects.get(pk=video.pk).fallback_reason for video in videos] == [
        "",
        "",
        "",
        "moderation",
        "moderation",
    ]
    site.verify()
