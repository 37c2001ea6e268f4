"""What a dance costs at the studio: its price from the start, its real cost in the end, or nothing at all."""

import pytest
from django.utils import timezone

from tests.remote.conftest import Site, fresh
from videos.operations.stats import collect_stats

pytestmark = pytest.mark.django_db


def test_an_order_counts_its_price_from_the_start_and_its_real_cost_in_the_end(site: Site) -> None:
    site.stand_in.fault("fate", "fail", code="INTERNAL", refunded=True)
    video = site.video()
    site.work()
    assert (fresh(video).provider_cost, video.current_task_cost) == (25, 25)
    site.stand_in.advance(60)
    site.pass_time()
    assert (fresh(video).provider_cost, video.current_task_cost) == (0, 0)
    site.settle()
    assert (fresh(video).provider_cost, video.current_task_cost) == (25, 25)


def test_lost_answers_count_what_they_may_have_cost(site: Site) -> None:
    site.stand_in.fault("create", "reset", accepted=True, times=2)
    video = site.video()
    site.settle()
    assert (fresh(video).error_code, video.provider_cost) == ("lost", 50)
    assert collect_stats(timezone.now()).per_dance[0].cost == 50


@pytest.mark.parametrize("status", [429, 401, 400])
def test_an_order_that_was_not_taken_costs_nothing(site: Site, status: int) -> None:
    site.stand_in.fault("create", "answer", status=status, error="promptImage is bad")
    video = site.video()
    site.work()
    assert (fresh(video).provider_cost, video.current_task_cost) == (None, 0)


@pytest.mark.parametrize("how", ["late", "stopped"])
def test_a_task_that_was_cut_short_is_counted(site: Site, how: str) -> None:
    site.stand_in.fault("fate", "stuck", times=0)
    video = site.video()
    site.pass_time(rounds=3)
    if how == "late":
        site.promise_passes(video)
    else:
        fresh(video).cancel("stopped", timezone.now())
    site.pass_time(rounds=2)
    assert (fresh(video).error_code, video.provider_cost) == (how, 25)
    assert [task["credits"] for task in site.stand_in.tasks()] == [25]
