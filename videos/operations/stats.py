"""How the house is doing, in figures: for the admin's front page and the ``stats`` command."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import TruncDate

from credits.models import Entry, Kind
from videos import dances
from videos.models import ProviderStatus, Status, Video, WorkerHeartbeat
from videos.providers.runway.catalogue import get_model

DAYS = 30
DAY = timedelta(days=1)
# What every new dance is ordered with.
DEFAULT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class QueueStats:
    """The line: ``late`` are beyond their promised time, ``longest_wait`` is how long the oldest has waited."""

    queued: int
    processing: int
    late: int
    longest_wait: timedelta | None


@dataclass(frozen=True, slots=True)
class ProviderStats:
    """A remote studio; ``balance`` is in its own credits, as the worker last saw it."""

    name: str
    unavailable_reason: str
    balance: int | None
    dances_left: int | None
    max_concurrent_tasks: int
    in_flight: int
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class DanceRow:
    """One dance over the last thirty days. ``cost`` is in the provider's credits, what is not known for sure included;
    ``margin`` is in cents. ``stale_results`` counts answers that came after their lease was lost.
    """

    slug: str
    name: str
    ready: int
    failed: int
    credits: int
    cost: int
    margin: int | None
    stale_results: int


@dataclass(frozen=True, slots=True)
class DayRow:
    day: date
    ready: int
    failed: int


@dataclass(frozen=True, slots=True)
class Stats:
    """``today`` counts since midnight UTC by status; failures and refunds are those of the last 24 hours."""

    today: dict[str, int]
    queue: QueueStats
    failures: dict[str, int]
    refunds: int
    refunded: int
    providers: list[ProviderStats]
    workers: int
    per_dance: list[DanceRow]
    per_day: list[DayRow]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def collect_stats(now: datetime) -> Stats:
    """All of it, in eight queries however many videos there are."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    today = dict(
        Video.objects.filter(created_at__gte=midnight).values_list("status").annotate(count=Count("pk")).order_by()
    )
    recent = Video.objects.filter(status=Status.FAILED, finished_at__gt=now - DAY, created_at__gt=now - 2 * DAY)
    failures = dict(recent.values_list("error_code").annotate(count=Count("pk")).order_by("-count"))
    refunds = Entry.objects.filter(kind=Kind.REFUND, created_at__gt=now - DAY)
    moved = refunds.aggregate(count=Count("pk"), credits=Sum("amount"))
    return Stats(
        today={str(status): today.get(status, 0) for status in Status.values},
        queue=queue_stats(now),
        failures=failures,
        refunds=moved["count"],
        refunded=moved["credits"] or 0,
        providers=[provider_stats(status) for status in ProviderStatus.objects.order_by("provider")],
        workers=WorkerHeartbeat.objects.alive(now).count(),
        per_dance=per_dance(now),
        per_day=per_day(now),
    )


def queue_stats(now: datetime) -> QueueStats:
    row = Video.objects.unfinished().aggregate(
        queued=Count("pk", filter=Q(status=Status.QUEUED)),
        processing=Count("pk", filter=Q(status=Status.PROCESSING)),
        late=Count("pk", filter=Q(promised_by__lt=now)),
        oldest=Min("created_at"),
    )
    return QueueStats(row["queued"], row["processing"], row["late"], row["oldest"] and now - row["oldest"])


def provider_stats(status: ProviderStatus) -> ProviderStats:
    price = get_model(settings.RUNWAY_MODEL_ID).price(DEFAULT_SECONDS)
    dances_left = status.balance // price if status.balance is not None and price else None
    unavailable_reason = "" if status.is_available else status.reason
    in_flight = Video.objects.in_flight(status.provider).count()
    return ProviderStats(
        status.provider, unavailable_reason, status.balance, dances_left, status.capacity, in_flight, status.checked_at
    )


def per_dance(now: datetime) -> list[DanceRow]:
    rows = (
        Video.objects.filter(created_at__gt=now - DAYS * DAY)
        .values("dance")
        .annotate(
            ready=Count("pk", filter=Q(status=Status.SUCCEEDED)),
            failed=Count("pk", filter=Q(status=Status.FAILED)),
            credits=Sum("price", filter=Q(status=Status.SUCCEEDED)),
            cost=Sum("provider_cost"),
            stale_results=Sum("stale_results"),
        )
        .order_by("-ready", "dance")
    )
    return [dance_row(**row) for row in rows]


def dance_row(
    dance: str, ready: int, failed: int, credits: int | None, cost: int | None, stale_results: int
) -> DanceRow:
    """A credit of Runway is a US cent; what an owner pays for one of ours is ``CREDIT_CENTS``, when it is told."""
    earned, spent = credits or 0, cost or 0
    margin = earned * settings.CREDIT_CENTS - spent if settings.CREDIT_CENTS else None
    return DanceRow(dance, dances.BY_SLUG[dance].name, ready, failed, earned, spent, margin, stale_results)


def per_day(now: datetime) -> list[DayRow]:
    """The last thirty days, days without a dance included."""
    first = (now - (DAYS - 1) * DAY).date()
    rows = (
        Video.objects.filter(created_at__gte=now - DAYS * DAY)
        .annotate(day=TruncDate("created_at"))
        .values("day")
        .annotate(
            ready=Count("pk", filter=Q(status=Status.SUCCEEDED)),
            failed=Count("pk", filter=Q(status=Status.FAILED)),
        )
        .order_by()
    )
    by_day = {row["day"]: row for row in rows}
    days = (first + number * DAY for number in range(DAYS))
    return [
        DayRow(day, by_day[day]["ready"], by_day[day]["failed"]) if day in by_day else DayRow(day, 0, 0) for day in days
    ]
