"""An outage, orders that are turned away, orders that are paid for nothing: the line closes, and staff are told."""

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
from videos.models import LeaseLost, Line, Photo, Status, StudioClosed, Video
from videos.models.choices import StoodIn
from videos.models.provider_status import LOOKS_WITHOUT_ANSWER, MOST_LOSSES, MOST_TURNED_AWAY

pytestmark = pytest.mark.django_db

NOWHERE = "http://127.0.0.1:9"


def alarms() -> list[str]:
    return [message.body for message in mail.outbox if message.subject.startswith("PetGroove:")]


def minutes_pass(minutes: float) -> None:
    """For the line alone: it has been so for that long."""
    for name in ("closed_since", "turned_away_since", "reopened_at"):
        Line.objects.exclude(**{name: None}).update(**{name: timezone.now() - timedelta(minutes=minutes)})


def test_a_studio_that_asks_for_a_day_keeps_nobody_waiting_for_more_than_a_minute(site: Site, clock: Clock) -> None:
    site.stand_in.settings(concurrency=1)
    site.stand_in.fault("create", "answer", status=503, retry_after="86400")
    first, second = site.video(), site.video()
    site.work()
    for _ in range(4):
        clock.advance(31)
        site.work()
    first.refresh_from_db()
    assert (first.status, len(site.accepted(first))) == (Status.SUCCEEDED, 1)
    assert len(site.accepted(second)) == 1


def test_an_outage_closes_the_line_and_staff_are_told(site: Site, settings: Any, staff: User, as_owner: Client) -> None:
    base, settings.RUNWAY_BASE_URL = settings.RUNWAY_BASE_URL, NOWHERE
    video = site.video()
    site.pass_time(rounds=LOOKS_WITHOUT_ANSWER + 1)
    assert Line.objects.get().reason.startswith("cannot be reached")
    [told] = alarms()
    assert "cannot be reached" in told
    assert "The studio is closed for the moment" in as_owner.get(video.get_absolute_url()).content.decode()
    minutes_pass(6)
    with pytest.raises(StudioClosed):
        site.video()
    settings.RUNWAY_BASE_URL = base
    site.settle()
    assert Video.objects.get().status == Status.SUCCEEDED
    assert len(alarms()) == 1
    site.judge()


@pytest.mark.engine
def test_a_look_that_is_under_way_is_not_taken_over(site: Site) -> None:
    now = timezone.now()
    Line.objects.of("runway", now)
    line = Line.objects.claim_next(now, settings.LEASE)
    assert line is not None
    Line.objects.look_soon("runway", now)
    assert Line.objects.claim_next(now, settings.LEASE) is None
    line.open(3, now)
    Line.objects.look_soon("runway", now)
    assert Line.objects.claim_next(now, settings.LEASE) == line, "an open line falls due at once"


@pytest.mark.engine
def test_a_line_that_is_closed_during_a_look_stays_closed_and_is_looked_at_anew(site: Site) -> None:
    now = timezone.now()
    Line.objects.of("runway", now)
    looked = Line.objects.claim_next(now, settings.LEASE)
    assert looked is not None
    Line.objects.close("runway", "no credits", now)
    with pytest.raises(LeaseLost):
        looked.open(3, now)
    line = Line.objects.get()
    assert (line.reason, line.due_at) == ("no credits", now)


def test_one_look_without_an_answer_closes_nothing(site: Site, staff: User) -> None:
    site.stand_in.fault("organization", "reset", times=LOOKS_WITHOUT_ANSWER - 1)
    site.video()
    site.settle()
    assert not Line.objects.get().is_closed
    assert alarms() == []


def test_in_an_outage_the_embedded_studio_stands_in_where_that_is_wanted(
    site: Site, settings: Any, studio: Any
) -> None:
    settings.RUNWAY_BASE_URL, settings.STUDIO_FALLBACK = NOWHERE, True
    waiting = site.video()
    site.pass_time(rounds=LOOKS_WITHOUT_ANSWER + 1)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.stood_in) == (Status.SUCCEEDED, StoodIn.CLOSED)
    assert site.video().provider == "studio"


def test_a_studio_that_turns_every_order_away_is_closed_and_tried_with_one(site: Site, staff: User) -> None:
    site.stand_in.fault("create", "answer", status=503, times=MOST_TURNED_AWAY)
    videos = [site.video() for _ in range(3)]
    site.pass_time(rounds=1)
    minutes_pass(3)
    site.pass_time(rounds=1)
    line = Line.objects.get()
    assert line.is_closed
    assert "turned away: 503" in line.reason
    assert len(alarms()) == 1
    minutes_pass(5)
    site.settle()
    line.refresh_from_db()
    assert (line.is_closed, line.turned_away, line.on_trial) == (False, 0, False)
    assert {Video.objects.get(pk=video.pk).submissions for video in videos} == {1}
    site.judge()


# Quick are the loss of a clip and that of a task; the next tests lose answers.
LOSSES = [
    pytest.param({"on": "create", "do": "answer", "status": 500, "accepted": True}, marks=pytest.mark.slow),
    pytest.param({"on": "create", "do": "reset", "accepted": True}, marks=pytest.mark.slow),
    {"on": "fate", "do": "foreign"},
    {"on": "fate", "do": "fail", "code": "INTERNAL"},
    pytest.param({"on": "fate", "do": "vanish"}, marks=pytest.mark.slow),
]


def several(site: Site, dances: int) -> None:
    """Ask for some more dances than an owner of the tests can pay."""
    ledger.grant(site.video().user, dances, reason="For the tests", by=None)
    for _ in range(dances - 1):
        site.video()


def until_closed(site: Site) -> None:
    """Let time pass until the line is closed, and some more."""
    for _ in range(40):
        site.pass_time()
        if Line.objects.get().is_closed:
            break
    site.pass_time(rounds=3)


@pytest.mark.parametrize("fault", LOSSES, ids=lambda fault: f"{fault['on']}-{fault['do']}")
def test_paid_orders_that_bring_no_video_close_the_line(site: Site, staff: User, fault: dict[str, Any]) -> None:
    several(site, MOST_LOSSES + 2)
    site.stand_in.settings(concurrency=1)
    site.stand_in.fault(times=0, **fault)
    until_closed(site)
    assert len(site.accepted()) == MOST_LOSSES
    line = Line.objects.get()
    assert (line.is_closed, line.losses) == (True, MOST_LOSSES)
    assert "brought no video" in line.reason
    assert len(alarms()) == 1


@pytest.mark.engine
def test_after_a_rest_one_order_shows_whether_it_goes_well_again(site: Site, staff: User) -> None:
    # Three at a time may be lost before the line knows, and then there are still some in it.
    several(site, MOST_LOSSES + 4)
    site.stand_in.fault("create", "answer", status=500, accepted=True, times=0)
    until_closed(site)
    lost = len(site.accepted())
    assert lost >= MOST_LOSSES
    minutes_pass(5)
    site.pass_time(rounds=4)
    assert len(site.accepted()) == lost + 1
    line = Line.objects.get()
    assert (line.is_closed, line.relapses) == (True, 1)
    minutes_pass(5)
    site.pass_time(rounds=4)
    assert len(site.accepted()) == lost + 1
    assert len(alarms()) == 1


def test_a_clip_that_comes_home_ends_the_trial(site: Site) -> None:
    several(site, MOST_LOSSES + 2)
    site.stand_in.fault("create", "reset", accepted=True, times=6)
    until_closed(site)
    lost = len(site.accepted())
    minutes_pass(5)
    site.stand_in.reset()
    site.stand_in.settings(concurrency=3, hang=0.1, light=True)
    site.pass_time()
    assert (Line.objects.get().on_trial, len(site.accepted())) == (True, 1)
    site.settle()
    line = Line.objects.get()
    assert (line.losses, line.on_trial, line.capacity) == (0, False, 3)
    assert lost >= MOST_LOSSES


def test_the_owners_faults_close_nothing(site: Site, settings: Any) -> None:
    settings.MODERATION_STRIKES = 100
    for code in ("SAFETY.INPUT.IMAGE", "ASSET.INVALID", "INTERNAL.BAD_OUTPUT.CODE01"):
        site.stand_in.fault("fate", "fail", code=code, times=2)
    several(site, 6)
    site.settle()
    assert Video.objects.filter(status=Status.FAILED).count() == 6 > MOST_LOSSES
    assert Line.objects.get().losses == 0
    site.judge()


def test_while_the_days_cap_is_known_no_new_dance_is_taken(site: Site, prepared: Photo) -> None:
    site.stand_in.settings(daily=0)
    site.video()
    site.pass_time()
    assert Line.objects.get().lasting
    before = ledger.balance_of(prepared.user)
    with pytest.raises(StudioClosed):
        site.video()
    assert ledger.balance_of(prepared.user) == before
    site.stand_in.settings(daily=None)
    site.settle()
    assert not Line.objects.get().lasting
    assert site.video().provider == "runway"
