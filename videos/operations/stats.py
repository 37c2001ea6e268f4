"""Statistics for the admin dashboard and the ``stats`` command."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, FloatField, Min, Q, QuerySet, Sum, When
from django.db.models.functions import TruncDate

from credits.models import Entry, Kind
from videos import dances
from videos.models import DEFAULT_SECONDS, Photo, ProviderStatus, StaffWarning, Status, Video, WorkerHeartbeat
from videos.photos.head import SURE, HeadSource
from videos.providers.registry import REMOTE, remote_provider

DAYS = 30
DAY = timedelta(days=1)


# Of the heads in photos: used without a question, asked about, not found, or answered by the owner.
BY_OWNER = Q(head_source=HeadSource.OWNER)
HEAD_STATES = {
    "sure": Q(head__isnull=False, head_confidence__gte=SURE) & ~BY_OWNER,
    "unsure": Q(head__isnull=False, head_confidence__lt=SURE) & ~BY_OWNER,
    "none": Q(head__isnull=True) & ~Q(head_source="") & ~BY_OWNER,
    "owner": BY_OWNER,
}


@dataclass(frozen=True, slots=True)
class QueueStats:
    """Unfinished videos. ``late`` counts those past their promised time; ``longest_wait`` is the age of the oldest."""

    queued: int
    processing: int
    late: int
    longest_wait: timedelta | None


@dataclass(frozen=True, slots=True)
class ProviderStats:
    """A remote provider. ``balance`` is in its own credits, as of the worker's last check."""

    name: str
    unavailable_reason: str
    balance: int | None
    dances_left: int | None
    max_concurrent_tasks: int
    in_flight: int
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class DanceRow:
    """One dance over the last thirty days.

    ``cost`` and ``margin`` are in US cents. The cost includes uncertain charges. ``stale_results``
    counts results that were discarded because their lease was lost.
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
    """All statistics.

    ``today`` counts since midnight UTC by status; failures and refunds cover the last 24 hours. ``heads`` counts the
    photos of thirty days by ``HEAD_STATES``. ``warnings`` are sentences about services that need attention.
    """

    today: dict[str, int]
    queue: QueueStats
    failures: dict[str, int]
    refunds: int
    refunded: int
    providers: list[ProviderStats]
    workers: int
    per_dance: list[DanceRow]
    per_day: list[DayRow]
    heads: dict[str, int]
    warnings: list[str]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def collect_stats(now: datetime) -> Stats:
    """Return all statistics, in ten queries for any number of videos."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    today = dict(
        Video.objects.filter(created_at__gte=midnight).values_list("status").annotate(count=Count("pk")).order_by()
    )
    recent = Video.objects.filter(status=Status.FAILED, finished_at__gt=now - DAY, created_at__gt=now - 2 * DAY)
    failures = dict(recent.values_list("error_code").annotate(count=Count("pk")).order_by("-count"))
    refunds = Entry.objects.filter(kind=Kind.REFUND, created_at__gt=now - DAY)
    totals = refunds.aggregate(count=Count("pk"), credits=Sum("amount"))
    return Stats(
        today={str(status): today.get(status, 0) for status in Status.values},
        queue=queue_stats(now),
        failures=failures,
        refunds=totals["count"],
        refunded=totals["credits"] or 0,
        providers=[provider_stats(status) for status in known_providers()],
        workers=len(WorkerHeartbeat.objects.running(now)),
        per_dance=per_dance(now),
        per_day=per_day(now),
        heads=head_stats(now),
        warnings=[warning.sentence for warning in StaffWarning.objects.current(now)],
    )


def known_providers() -> QuerySet[ProviderStatus]:
    """Return the rows of the remote providers, without those that have left the registry."""
    return ProviderStatus.objects.filter(provider__in=[*REMOTE]).order_by("provider")


def queue_stats(now: datetime) -> QueueStats:
    row = Video.objects.unfinished().aggregate(
        queued=Count("pk", filter=Q(status=Status.QUEUED)),
        processing=Count("pk", filter=Q(status=Status.PROCESSING)),
        late=Count("pk", filter=Q(promised_by__lt=now)),
        oldest=Min("created_at"),
    )
    return QueueStats(row["queued"], row["processing"], row["late"], row["oldest"] and now - row["oldest"])


def head_stats(now: datetime) -> dict[str, int]:
    photos = Photo.objects.filter(created_at__gt=now - DAYS * DAY, deleted_at=None)
    return photos.aggregate(**{state: Count("pk", filter=condition) for state, condition in HEAD_STATES.items()})


def provider_stats(status: ProviderStatus) -> ProviderStats:
    price = remote_provider(status.provider).lowest_price(DEFAULT_SECONDS)
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
            cost=Sum(cost_in_cents()),
            stale_results=Sum("stale_results"),
        )
        .order_by("-ready", "dance")
    )
    return [dance_row(**row) for row in rows]


def cost_in_cents() -> Any:
    """Return the cost of a video in US cents: each provider counts in its own credits.

    The tasks of a video that the embedded studio took over count at their own provider's price.
    """
    prices = [When(task_provider=name, then=remote_provider(name).cents_per_credit) for name in REMOTE]
    return F("provider_cost") * Case(*prices, default=1.0, output_field=FloatField())


def dance_row(
    dance: str, ready: int, failed: int, credits: int | None, cost: float | None, stale_results: int
) -> DanceRow:
    """Return a row with the margin if ``CREDIT_CENTS`` is set: the price of one of our credits."""
    earned, spent = credits or 0, round(cost or 0)
    margin = earned * settings.CREDIT_CENTS - spent if settings.CREDIT_CENTS else None
    return DanceRow(dance, dances.BY_SLUG[dance].name, ready, failed, earned, spent, margin, stale_results)


def per_day(now: datetime) -> list[DayRow]:
    """Return one row for each of the last thirty days, including days without a dance."""
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
