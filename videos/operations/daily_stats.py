"""Statistics of the last thirty days, by day, dance and status, from one query.

A day that is over for good is counted once and then kept in the cache, so that with a million videos in a month the
front page of the admin reads only the rows of two days.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, F, FloatField, Q, Sum, When
from django.db.models.functions import Coalesce, TruncDate

from videos.models import UNFINISHED_STATUSES, Status, Video
from videos.providers.registry import REMOTE, remote_provider

DAYS = 30
DAY = timedelta(days=1)
KEPT = (DAYS + 1) * 86_400


@dataclass(frozen=True, slots=True)
class DayRow:
    day: date
    ready: int
    failed: int


@dataclass(frozen=True, slots=True)
class Totals:
    """``credits`` are those of ready videos. ``cost`` is in US cents."""

    ready: int = 0
    failed: int = 0
    credits: int = 0
    cost: float = 0.0
    stale_results: int = 0

    def plus(self, other: Totals) -> Totals:
        return Totals(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Totals)))


@dataclass(frozen=True, slots=True)
class DayStats:
    """``cells`` has (dance, status, totals) for each dance and status of the day, ``counts`` the number of videos."""

    day: date
    cells: tuple[tuple[str, str, Totals], ...] = ()
    counts: tuple[tuple[str, int], ...] = ()

    @property
    def by_status(self) -> dict[str, int]:
        total: Counter[str] = Counter()
        for status, count in self.counts:
            total[status] += count
        return dict(total)

    @property
    def row(self) -> DayRow:
        by_status = self.by_status
        return DayRow(self.day, by_status.get(Status.SUCCEEDED, 0), by_status.get(Status.FAILED, 0))

    @property
    def is_final(self) -> bool:
        """Whether no video of the day is unfinished. A finished one keeps its status and its cost."""
        return not any(status in UNFINISHED_STATUSES for status, _ in self.counts)


def daily_stats(now: datetime) -> list[DayStats]:
    """Return the last thirty days, in UTC, oldest first. The last is today."""
    today = now.astimezone(UTC).date()
    days = [today - number * DAY for number in reversed(range(DAYS))]
    known: dict[str, DayStats] = cache.get_many([cache_key(day) for day in days[:-2]])
    missing = [day for day in days if cache_key(day) not in known]
    counted = count_days(missing)
    final = {cache_key(day): counted[day] for day in missing if day in days[:-2] and counted[day].is_final}
    if final:
        cache.set_many(final, KEPT)
    return [counted[day] if day in counted else known[cache_key(day)] for day in days]


def cache_key(day: date) -> str:
    return f"daily-stats:2:{day}"


def between(first: date, after: date) -> Q:
    return Q(created_at__gte=datetime.combine(first, time(), UTC), created_at__lt=datetime.combine(after, time(), UTC))


def cost_in_cents() -> Any:
    """Return the cost of a video in US cents: each provider counts in its own credits.

    The tasks of a video that the embedded studio took over count at their own provider's price.
    """
    prices = [When(task_provider=name, then=remote_provider(name).cents_per_credit) for name in REMOTE]
    return F("provider_cost") * Case(*prices, default=1.0, output_field=FloatField())


def count_days(days: list[date]) -> dict[date, DayStats]:
    """Return the statistics of these days, which are in order."""
    wanted, first = Q(), days[0]
    for day in days:
        if day + DAY not in days:
            wanted |= between(first, day + DAY)
            first = next((later for later in days if later > day), day)
    ready = Q(status=Status.SUCCEEDED)
    rows = (
        Video.objects.filter(wanted)
        .order_by()
        .values_list(TruncDate("created_at", tzinfo=UTC), "dance", "status")
        .annotate(
            count=Count("pk"),
            credits=Coalesce(Sum("price", filter=ready), 0),
            cost=Coalesce(Sum(cost_in_cents()), 0.0),
            stale=Sum("stale_results"),
        )
    )
    cells: dict[date, list[tuple[str, str, Totals]]] = {}
    counts: dict[date, list[tuple[str, int]]] = {}
    for day, dance, status, count, credits, cost, stale in rows:
        totals = Totals(
            ready=count if status == Status.SUCCEEDED else 0,
            failed=count if status == Status.FAILED else 0,
            credits=credits,
            cost=cost,
            stale_results=stale,
        )
        cells.setdefault(day, []).append((dance, status, totals))
        counts.setdefault(day, []).append((status, count))
    return {day: DayStats(day, tuple(cells.get(day, ())), tuple(counts.get(day, ()))) for day in days}
