"""The cost of a video at the provider: the price at first, the reported cost in the end, or nothing."""

import pytest
from django.utils import timezone

from tests.remote.conftest import Site, refreshed
from videos.operations.stats import collect_stats

pytestmark = pytest.mark.django_db


def test_reported_cost_replaces_the_price(site: Site) -> None:
    site.fake_server.fault("fate", "fail", code="INTERNAL", refunded=True)
    video = site.video()
    site.work()
    assert (refreshed(video).provider_cost, video.current_task_cost) == (25, 25)
    site.fake_server.advance(60)
    site.pass_time()
    assert (refreshed(video).provider_cost, video.current_task_cost) == (0, 0)
    site.settle()
    assert (refreshed(video).provider_cost, video.current_task_cost) == (25, 25)


def test_lost_answers_count_their_possible_cost(site: Site) -> None:
    site.fake_server.fault("create", "reset", accepted=True, times=2)
    video = site.video()
    site.settle()
    assert (refreshed(video).error_code, video.provider_cost) == ("lost", 50)
    assert collect_stats(timezone.now()).per_dance[0].cost == 50


@pytest.mark.parametrize("status", [429, 401, 400])
def test_rejected_order_costs_nothing(site: Site, status: int) -> None:
    site.fake_server.fault("create", "answer", status=status, error="promptImage is bad")
    video = site.video()
    site.work()
    assert (refreshed(video).provider_cost, video.current_task_cost) == (None, 0)


@pytest.mark.parametrize("how", ["late", "stopped"])
def test_cancelled_task_is_counted(site: Site, how: str) -> None:
    site.fake_server.fault("fate", "stuck", times=0)
    video = site.video()
    site.pass_time(rounds=3)
    if how == "late":
        site.expire_promise(video)
    else:
        refreshed(video).cancel("stopped", timezone.now())
    site.pass_time(rounds=2)
    assert (refreshed(video).error_code, video.provider_cost) == (how, 25)
    assert [task["credits"] for task in site.fake_server.tasks()] == [25]
