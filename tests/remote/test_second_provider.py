"""A second remote provider: its orders, tasks, limits and outages are its own."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.fresh_settings import settings_in
from tests.remote.conftest import Site, order_from
from tests.remote.echo import Echo
from tests.videos.test_doctor import of
from videos.models import Photo, ProviderStatus, ProviderTaskDeletion, Status, Video
from videos.models.capacity import capacity
from videos.operations.stats import collect_stats
from videos.providers import registry
from videos.providers.base import AccountUnavailable, ConnectionFailed, FailureKind, RemoteProvider

pytestmark = pytest.mark.django_db

RUNWAY_CALLS = ("create", "task", "delete", "organization", "output")


def test_settings_accept_its_name(echo: Echo) -> None:
    assert settings_in(VIDEO_PROVIDER="echo")["VIDEO_PROVIDER"] == "echo"


def test_incomplete_provider_is_refused_with_what_is_missing() -> None:
    class Incomplete(Echo):
        poll = RemoteProvider.poll

    with pytest.raises(TypeError, match="abstract method 'poll'"):
        Incomplete()


def test_order_never_reaches_runway(site: Site, echo: Echo) -> None:
    video = site.video()
    site.settle()
    site.pass_time()
    video.refresh_from_db()
    assert (video.status, video.provider, video.provider_model[:5]) == (Status.SUCCEEDED, "echo", "echo/")
    assert (video.provider_cost, [order.key for order in echo.orders]) == (35, [f"{video.pk}-1"])
    assert echo.deleted == ["echo-1"]
    assert {place: site.fake_server.calls(place) for place in RUNWAY_CALLS} == dict.fromkeys(RUNWAY_CALLS, 0)


def test_page_offers_the_formats_of_the_provider(echo: Echo, as_owner: Client, prepared: Photo) -> None:
    page = as_owner.get(prepared.get_absolute_url()).content.decode()
    assert ('value="tall"' in page, 'value="square"' in page) == (True, False)


def test_limits_of_one_do_not_hold_up_the_other(site: Site, echo: Echo, settings: Any) -> None:
    echo.is_running = True
    waiting = [order_from(site, settings, "echo") for _ in range(3)]
    others = [order_from(site, settings, "runway") for _ in range(2)]
    site.work()
    assert len(echo.orders) == echo.default_concurrency
    assert len(site.accepted()) == len(others)
    echo.state = replace(echo.state, max_concurrent_tasks=2)
    site.pass_time()
    site.pass_time()
    assert len(echo.orders) == 2
    echo.is_running = False
    site.settle()
    assert set(Video.objects.values_list("status", flat=True)) == {Status.SUCCEEDED}
    assert len(echo.orders) == len(waiting)


def test_waiting_time_follows_its_own_limit(site: Site, echo: Echo, settings: Any) -> None:
    settings.RUNWAY_CONCURRENCY = 7
    video = site.video()

    def capacities() -> tuple[int, int | None]:
        return capacity("echo", timezone.now()), Video.objects.with_queue_position().get(pk=video.pk).line_capacity

    assert not ProviderStatus.objects.filter(pk="echo").exists()
    assert capacities() == (1, 1)
    ProviderStatus.objects.for_provider("echo", timezone.now())
    assert capacities() == (1, 1)


def test_outage_of_one_leaves_the_other_available(site: Site, echo: Echo, settings: Any, staff: User) -> None:
    echo.error = AccountUnavailable("no money")
    waiting, other = order_from(site, settings, "echo"), order_from(site, settings, "runway")
    site.pass_time(rounds=3)
    other.refresh_from_db()
    waiting.refresh_from_db()
    assert (other.status, waiting.status, waiting.submissions) == (Status.SUCCEEDED, Status.QUEUED, 0)
    assert {status.pk: status.is_available for status in ProviderStatus.objects.all()} == {
        "echo": False,
        "runway": True,
    }
    [message] = [message for message in mail.outbox if message.subject.startswith("PetGroove:")]
    assert (message.subject, echo.account_url in message.body) == ("PetGroove: echo is unavailable", True)
    assert "runwayml" not in message.body
    echo.error = None
    site.settle()
    waiting.refresh_from_db()
    assert waiting.status == Status.SUCCEEDED


def test_balance_of_one_is_not_that_of_the_other(site: Site, echo: Echo, settings: Any) -> None:
    echo.state = replace(echo.state, balance=34)
    order_from(site, settings, "echo")
    order_from(site, settings, "runway")
    site.work()
    assert ProviderStatus.objects.get(pk="echo").reason == "the account holds 34 credits, a video costs 35"
    assert ProviderStatus.objects.get(pk="runway").is_available


def test_refused_connection_is_not_paid_for(site: Site, echo: Echo) -> None:
    echo.error = ConnectionFailed("refused")
    video = site.video()
    site.work()
    video.refresh_from_db()
    assert (video.status, video.submissions, site.accepted()) == (Status.QUEUED, 0, [])


@pytest.mark.engine
def test_both_may_give_the_same_task_id(site: Site, echo: Echo, settings: Any) -> None:
    at_runway = order_from(site, settings, "runway")
    site.work()
    at_runway.refresh_from_db()
    echo.next_id = at_runway.provider_task_id or ""
    at_echo = order_from(site, settings, "echo")
    site.settle()
    at_runway.refresh_from_db()
    at_echo.refresh_from_db()
    assert at_echo.provider_task_id == at_runway.provider_task_id
    assert (at_echo.status, at_runway.status) == (Status.SUCCEEDED, Status.SUCCEEDED)
    site.pass_time()
    assert echo.deleted == [entry["task"] for entry in site.fake_server.journal("deleted")] == [echo.next_id]
    assert not ProviderTaskDeletion.objects.exists()


def test_tasks_are_deleted_where_they_were_made(site: Site, echo: Echo, settings: Any, studio: Any) -> None:
    settings.STUDIO_FALLBACK = True
    echo.failure = FailureKind.INTERNAL
    video = site.video()
    site.pass_time(rounds=2)
    echo.error = AccountUnavailable("no money")
    ProviderStatus.objects.mark_unavailable("echo", "no money", timezone.now())
    site.settle()
    video.refresh_from_db()
    assert (video.status, video.provider, video.previous_task_ids) == (Status.SUCCEEDED, "studio", ["echo-1"])
    echo.deleted.clear()
    assert video.delete_by_owner(timezone.now())
    site.pass_time()
    assert echo.deleted == ["echo-1"]
    assert site.fake_server.calls("delete") == 0


def test_costs_are_compared_in_cents(site: Site, echo: Echo, settings: Any) -> None:
    settings.CREDIT_CENTS = 100
    order_from(site, settings, "echo")
    order_from(site, settings, "runway")
    site.settle()
    [row] = collect_stats(timezone.now()).per_dance
    assert (row.ready, row.cost, row.margin) == (2, 42, 200 - 42)


def test_doctor_checks_each_provider(echo: Echo, capsys: Any) -> None:
    with suppress(CommandError):
        call_command("doctor", "--json")
    rows = {row["part"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["echo"]["message"] == "Echo, 1000 credits, 1 concurrent tasks"
    assert rows["runway"]["hint"] == "VIDEO_PROVIDER is echo. Set it to runway to use the key."


def test_doctor_tells_of_a_missing_key(echo: Echo, capsys: Any) -> None:
    echo.is_configured = False
    result = of("echo", capsys)
    assert (result["state"], result["hint"]) == ("error", "Set ECHO_API_KEY, or unset VIDEO_PROVIDER.")


def test_privacy_page_names_each_provider(echo: Echo, client: Client) -> None:
    page = client.get(reverse("privacy")).content.decode()
    assert "we may send your photo to Runway or Echo" in page


def test_staff_can_filter_by_provider(echo: Echo, client: Client, staff: User) -> None:
    client.force_login(staff)
    page = client.get(reverse("admin:videos_video_changelist")).content.decode()
    assert "?provider=echo" in page


def test_provider_may_leave_the_registry(
    site: Site, echo: Echo, settings: Any, client: Client, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = order_from(site, settings, "echo")
    site.settle()
    settings.VIDEO_PROVIDER = "runway"
    monkeypatch.delitem(registry.REMOTE, "echo")
    ProviderTaskDeletion.objects.enqueue("echo", "echo-9", timezone.now())
    site.pass_time(rounds=2)
    assert not ProviderTaskDeletion.objects.exists()
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200
    client.force_login(video.user)
    assert client.get(video.get_absolute_url()).status_code == 200
