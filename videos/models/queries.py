"""Queries over videos: the queue, typical durations and moderation limits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from videos.models.capacity import capacity_of
from videos.models.choices import UNFINISHED_STATUSES, ErrorCode, Status, Step
from videos.models.leases import LeasedQuerySet
from videos.models.provider_status import MAX_DOWNLOAD_FAILURES, ProviderStatus
from videos.models.turns import LINE_ORDER, before, in_line
from videos.providers.registry import get_provider

if TYPE_CHECKING:
    from accounts.models import User

MODERATION_WINDOW = timedelta(hours=24)
# After this many consecutive errors or crashes, a queued video no longer holds up those behind it.
STUCK_AFTER = 3


class VideoQuerySet(LeasedQuerySet[Any]):
    """Queries over the video queue."""

    def of(self, user: User) -> Self:
        """Return the videos that this owner sees, newest first."""
        return self.kept().filter(user=user).order_by("-created_at")

    def kept(self) -> Self:
        """Return the videos that their owners have not deleted."""
        return self.filter(deleted_at=None, deletion=None)

    def unfinished(self) -> Self:
        # The condition on ``due_at``, which the status implies, lets the database use the partial index.
        return self.filter(status__in=UNFINISHED_STATUSES, due_at__isnull=False)

    def shared(self, token: str) -> Self:
        """Return the one video of a share link, unless its owner is suspended."""
        ready = self.kept().filter(status=Status.SUCCEEDED, user__is_active=True)
        return ready.filter(share_link__token=token).select_related("share_link")

    def begun(self) -> Self:
        """Return the unfinished videos that have left the queue."""
        return self.filter(status=Status.PROCESSING)

    def in_line(self, *providers: str) -> Self:
        """Return the queued videos of these providers in the order in which they are taken."""
        return in_line(self.filter(status=Status.QUEUED, provider__in=providers))

    def waiting_of(self, user_id: Any, provider: str) -> Self:
        """Return one owner's queued videos in their order. Those that are stuck come last."""
        stuck = Q(consecutive_errors__gte=STUCK_AFTER) | Q(attempts__gte=STUCK_AFTER)
        last = Case(When(stuck, then=1), default=0)
        return self.filter(user=user_id, provider=provider, status=Status.QUEUED).order_by(last, "created_at", "pk")

    def overdue(self, now: datetime) -> Self:
        """Return unfinished videos whose promised time has passed."""
        return self.unfinished().filter(promised_by__lte=now)

    def typical_duration(self, provider: str) -> timedelta:
        """Return how long this provider takes: the median of its last twenty videos, or a default."""
        return self.duration_stats(provider)[0]

    def duration_stats(self, provider: str) -> tuple[timedelta, datetime | None]:
        """Return the typical duration, and when the provider's latest video was ready (None if there is none)."""
        ready = self.filter(status=Status.SUCCEEDED, provider=provider).order_by("-finished_at")
        times = list(ready.values_list("started_at", "finished_at")[:20])
        spans = sorted(finished - started for started, finished in times if started and finished)
        typical = spans[len(spans) // 2] if spans else get_provider(provider).default_duration
        return typical, times[0][1] if times else None

    def in_flight(self, provider: str) -> Self:
        """Return the videos that count against a provider's concurrency limit (see ``at_providers``)."""
        return self.at_providers().filter(provider=provider)

    def at_providers(self) -> Self:
        """Return the videos that a remote provider has: being submitted, or rendering.

        A video whose download keeps failing counts as well, until its clip counts as lost. Otherwise, more clips would
        be paid for that cannot be fetched.
        """
        at_provider = Q(step__in=(Step.SUBMITTING, Step.RENDERING))
        stuck = Q(step=Step.STORING, consecutive_errors__gt=0, consecutive_errors__lt=MAX_DOWNLOAD_FAILURES)
        return self.filter(at_provider | stuck, status=Status.PROCESSING)

    def ahead_of(self, place: tuple[Any, Any, Any, Any], provider: Any) -> Self:
        """Return the videos that are taken before the given place in the line, without those that are stuck.

        ``place`` holds the values of ``LINE_ORDER``. See ``STUCK_AFTER`` for what is stuck.
        """
        return self.filter(
            before(*place),
            status=Status.QUEUED,
            provider=provider,
            consecutive_errors__lt=STUCK_AFTER,
            attempts__lt=STUCK_AFTER,
        )

    def with_queue_position(self) -> Self:
        """Annotate each video with what a page shows of a queued video.

        ``queue_position`` is the number of videos ahead of it, and ``line_capacity`` how many are made at a time.
        ``next_check_at`` is when its provider is checked next, or None while the provider is available.
        """
        turn, joined_at, created_at, pk = map(OuterRef, LINE_ORDER)
        ahead = self.model.objects.ahead_of((turn, joined_at, created_at, pk), OuterRef("provider"))
        count = ahead.order_by().values("status").annotate(count=Count("pk")).values("count")
        outages = ProviderStatus.objects.filter(provider=OuterRef("provider"), unavailable_since__isnull=False)
        queued = Q(status=Status.QUEUED)
        return self.annotate(
            queue_position=Case(When(queued, then=Coalesce(Subquery(count), 0)), default=0),
            line_capacity=Case(When(queued, then=capacity_of(OuterRef("provider"), timezone.now())), default=1),
            next_check_at=Case(
                When(queued, then=Subquery(outages.values(at=Coalesce("due_at", "unavailable_since"))[:1]))
            ),
        )

    def moderation_strikes(self, user: User, now: datetime) -> int:
        """Return how many photos of this user a remote provider rejected as unsafe in the last 24 hours."""
        return self.filter(user=user, error_code=ErrorCode.MODERATED, finished_at__gt=now - MODERATION_WINDOW).count()

    def is_moderation_limited(self, user: User, now: datetime) -> bool:
        """Whether this user has reached the daily limit of rejected photos. Too many rejections suspend our account."""
        return self.moderation_strikes(user, now) >= settings.MODERATION_STRIKES
