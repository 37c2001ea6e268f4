"""Statistics for the admin dashboard and the ``stats`` command."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from credits.models import Entry, Kind
from videos import dances
from videos.models import (
    DEFAULT_SECONDS,
    Photo,
    ProviderStatus,
    StaffWarning,
    Status,
    Video,
    VideoReport,
    WorkerHeartbeat,
)
from videos.operations.daily_stats import DAYS, DayRow, DayStats, Totals, daily_stats
from videos.photos.head import SURE, HeadSource
from videos.providers.registry import REMOTE, remote_provider

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

    ``cost`` is in the provider's credits and includes uncertain charges; ``margin`` is in cents. ``stale_results``
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
class Stats:
    """All statistics.

    ``today`` counts since midnight UTC by status; failures and refunds cover the last 24 hours. ``heads`` counts the
    photos of thirty days by ``HEAD_STATES``. ``reports`` are those that wait for staff.
    ``warnings`` are sentences about services that need attention.
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
    reports: int
    warnings: list[str]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def collect_stats(now: datetime) -> Stats:
    """Return all statistics, in eight queries for any number of videos."""
    window = daily_stats(now)
    today = window[-1].by_status
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
        per_dance=per_dance(window),
        per_day=[day.row for day in window],
        heads=head_stats(now),
        reports=VideoReport.objects.unresolved().count(),
        warnings=[warning.sentence for warning in StaffWarning.objects.current(now)],
    )


def known_providers() -> QuerySet[Any]:
    """Return the rows of the remote providers with ``in_flight``, without those that have left the registry."""
    tasks = Video.objects.at_providers().filter(provider=OuterRef("provider")).order_by().values("provider")
    in_flight = Coalesce(Subquery(tasks.annotate(count=Count("pk")).values("count")), 0)
    return ProviderStatus.objects.filter(provider__in=[*REMOTE]).annotate(in_flight=in_flight).order_by("provider")


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


def provider_stats(status: Any) -> ProviderStats:
    price = remote_provider(status.provider).lowest_price(DEFAULT_SECONDS)
    dances_left = status.balance // price if status.balance is not None and price else None
    unavailable_reason = "" if status.is_available else status.reason
    return ProviderStats(
        status.provider,
        unavailable_reason,
        status.balance,
        dances_left,
        status.capacity,
        status.in_flight,
        status.checked_at,
    )


def per_dance(window: list[DayStats]) -> list[DanceRow]:
    totals: dict[str, Totals] = {}
    for day in window:
        for dance, _, part in day.cells:
            totals[dance] = totals[dance].plus(part) if dance in totals else part
    rows = [dance_row(dance, total) for dance, total in totals.items()]
    return sorted(rows, key=lambda row: (-row.ready, row.slug))


def dance_row(dance: str, total: Totals) -> DanceRow:
    """Return a row with the margin if ``CREDIT_CENTS`` is set: the price of one of our credits.

    A Runway credit costs one US cent.
    """
    earned, spent = total.credits, round(total.cost)
    margin = earned * settings.CREDIT_CENTS - spent if settings.CREDIT_CENTS else None
    name = dances.BY_SLUG[dance].name
    return DanceRow(dance, name, total.ready, total.failed, earned, spent, margin, total.stale_results)
