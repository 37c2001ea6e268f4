"""No credits, a bad key, a suspension, the daily cap: everybody waits, staff know, and work goes on by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.remote.conftest import Site
from tests.runway.wires import closed_port
from tests.videos.test_choosing_a_dance import choice
from videos.line import CLOSED_LOOK, LONGEST_LOOK, OPEN_LOOK, Line
from videos.makers import StoodIn
from videos.models import Photo, Status, StudioClosed, Video
from videos.offer import maker_for

pytestmark = pytest.mark.django_db

CLOSINGS: list[Any] = [
    {"credits": 24},
    {"daily": 1},
    # The key is quick in the test of the mail.
    pytest.param({"keys": ["key_other"]}, marks=pytest.mark.slow),
    pytest.param({"suspended": True}, marks=pytest.mark.slow),
]
OPENINGS: dict[str, Any] = {"credits": 5000, "keys": None, "suspended": False, "daily": None}


def close(site: Site, **closing: Any) -> None:
    """The account goes bad, and the first dance finds out."""
    site.stand_in.settings(**(closing or {"credits": 0}))


def alarms() -> list[Any]:
    """The mails to staff; owners get their own."""
    return [message for message in mail.outbox if message.subject.startswith("PetGroove:")]


def closed_for(minutes: float) -> None:
    Line.objects.update(closed_since=timezone.now() - timedelta(minutes=minutes))


@pytest.mark.parametrize("closing", CLOSINGS, ids=str)
def test_every_dance_waits_and_goes_on_when_the_account_is_well(
    site: Site, closing: dict[str, Any], staff: User
) -> None:
    first = site.video()
    site.settle()
    close(site, **closing)
    videos = [site.video() for _ in range(2)]
    site.pass_time(rounds=4)
    assert {video.status for video in Video.objects.exclude(pk=first.pk)} == {Status.QUEUED}
    assert set(Video.objects.exclude(pk=first.pk).values_list("submissions", flat=True)) == {0}
    assert Line.objects.get().is_closed
    assert [message.to for message in alarms()] == [[staff.email]]
    assert "dances are waiting" in alarms()[0].body
    site.stand_in.settings(**OPENINGS)
    site.settle()
    assert not Line.objects.get().is_closed
    assert Video.objects.filter(status=Status.SUCCEEDED).count() == 1 + len(videos)
    assert len(alarms()) == 1
    site.judge()


def test_the_mail_tells_the_reason_and_no_key(site: Site, staff: User, settings: Any) -> None:
    close(site, keys=["key_other"])
    site.video()
    site.pass_time()
    [message] = alarms()
    assert "401" in message.body
    assert settings.RUNWAY_API_KEY not in message.body + message.subject


def test_a_mail_that_cannot_be_sent_is_tried_again(site: Site, staff: User, settings: Any) -> None:
    close(site)
    site.video()
    works = settings.MAILERS
    nobody = {"host": "127.0.0.1", "port": closed_port()}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": nobody}}
    site.pass_time(rounds=2)
    assert alarms() == []
    settings.MAILERS = works
    site.pass_time()
    assert len(alarms()) == 1


def test_a_task_under_way_is_still_brought_home(site: Site) -> None:
    video = site.video()
    site.work()
    close(site, credits=0)
    site.settle()
    video.refresh_from_db()
    assert video.status == Status.SUCCEEDED


def test_the_promise_holds_while_the_studio_is_closed(site: Site) -> None:
    close(site)
    video = site.video()
    site.pass_time()
    site.promise_passes(video)
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.error_code, video.submissions) == (Status.FAILED, "late", 0)
    site.judge()


def test_the_waiting_page_says_so_and_when_we_look_again(site: Site, as_owner: Client) -> None:
    close(site)
    video = site.video()
    site.pass_time()
    told = as_owner.get(video.get_absolute_url()).content.decode()
    assert "The studio is closed for the moment. Your place in line is kept." in told
    assert "we look again at" in told
    assert "seconds to go" not in told


def test_while_the_promise_can_be_kept_new_dances_are_taken_and_the_page_says_how(
    site: Site, as_owner: Client, prepared: Photo
) -> None:
    close(site)
    site.video()
    site.pass_time()
    assert "it waits in line" in as_owner.get(prepared.get_absolute_url()).content.decode()
    assert as_owner.post(prepared.get_absolute_url(), choice()).status_code == 302


def test_when_it_cannot_be_kept_nothing_is_spent_and_the_choice_stays(
    site: Site, as_owner: Client, prepared: Photo
) -> None:
    close(site)
    site.video()
    site.pass_time()
    closed_for(minutes=6)
    before = ledger.balance_of(prepared.user)
    answer = as_owner.post(prepared.get_absolute_url(), choice(dance="conga"))
    assert answer.status_code == 503
    told = answer.content.decode()
    assert "Nothing was spent" in told
    assert 'value="conga" required checked' in told
    assert (ledger.balance_of(prepared.user), Video.objects.count()) == (before, 1)
    with pytest.raises(StudioClosed):
        site.video()


def test_the_embedded_studio_stands_in_where_that_is_wanted(
    site: Site, settings: Any, as_owner: Client, prepared: Photo, studio: Any
) -> None:
    settings.STUDIO_FALLBACK = True
    close(site)
    waiting = site.video()
    site.pass_time(rounds=3)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.provider, waiting.stood_in) == (Status.SUCCEEDED, "studio", StoodIn.CLOSED)
    assert "Our own studio dances this one" in as_owner.get(waiting.get_absolute_url()).content.decode()
    assert "Our own studio dances this one" in as_owner.get(prepared.get_absolute_url()).content.decode()
    later = site.video()
    assert (later.provider, later.stood_in) == ("studio", StoodIn.CLOSED)
    site.stand_in.settings(**OPENINGS)
    site.pass_time()
    assert site.video().provider == "runway"


def test_the_account_is_looked_at_less_and_less_often_when_it_relapses(site: Site, staff: User) -> None:
    site.stand_in.fault("create", "answer", status=401, times=0)
    site.video()
    site.pass_time(rounds=5)
    line = Line.objects.get()
    assert line.relapses >= 3
    assert len(alarms()) == 1
    assert line.due_at is not None
    assert line.due_at - timezone.now() > 2 * CLOSED_LOOK
    assert line.due_at - timezone.now() <= LONGEST_LOOK


def test_an_open_account_is_looked_at_every_few_minutes(site: Site) -> None:
    site.video()
    site.settle()
    due_at = Line.objects.get().due_at
    assert due_at is not None
    assert timedelta(0) < due_at - timezone.now() <= OPEN_LOOK


def test_after_three_moderated_photos_in_a_day_the_embedded_studio_takes_over(
    site: Site, studio: Any, as_owner: Client, stranger: User
) -> None:
    site.stand_in.fault("fate", "fail", code="SAFETY.INPUT.IMAGE", times=3)
    for _ in range(3):
        site.video()
        site.settle()
    fourth = site.video()
    assert (fourth.provider, fourth.stood_in) == ("studio", StoodIn.STRIKES)
    site.settle()
    fourth.refresh_from_db()
    assert fourth.status == Status.SUCCEEDED
    assert "safety check turned several of your photos down" in as_owner.get(fourth.get_absolute_url()).content.decode()
    assert maker_for(stranger, timezone.now()) == ("runway", StoodIn.NO)
    tomorrow = timezone.now() + timedelta(hours=25)
    assert maker_for(fourth.user, tomorrow) == ("runway", StoodIn.NO)
    site.judge()


def test_dances_already_in_line_are_handed_over_at_the_third_strike(site: Site, studio: Any) -> None:
    site.stand_in.settings(concurrency=1)
    site.stand_in.fault("fate", "fail", code="SAFETY.INPUT.IMAGE", times=3)
    videos = [site.video() for _ in range(5)]
    site.settle()
    assert len(site.accepted()) == 3
    assert [Video.objects.get(pk=video.pk).stood_in for video in videos] == ["", "", "", "strikes", "strikes"]
    site.judge()
