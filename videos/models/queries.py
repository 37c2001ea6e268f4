"""The line of videos: who stands in it, and how long it takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from videos.models.choices import UNFINISHED_STATUSES, Status, Step
from videos.models.leases import LeasedQuerySet
from videos.models.provider_status import MAX_DOWNLOAD_FAILURES, ProviderStatus
from videos.providers.registry import DEFAULT_DURATION

if TYPE_CHECKING:
    from accounts.models import User

MODERATION_WINDOW = timedelta(hours=24)
# So many troubles or deaths in a row, and those behind it in line go first.
STUCK_AFTER = 3


class VideoQuerySet(LeasedQuerySet[Any]):
    """The videos as a line."""

    def of(self, user: User) -> Self:
        """The videos this owner sees, the newest first."""
        return self.filter(user=user, deleted_at=None).order_by("-created_at")

    def unfinished(self) -> Self:
        return self.filter(status__in=UNFINISHED_STATUSES)

    def shared(self, token: str) -> Self:
        """The one video that a private link leads to, while the link is open."""
        return self.filter(share_link__token=token, status=Status.SUCCEEDED, deleted_at=None)

    def overdue(self, now: datetime) -> Self:
        """Living videos whose promised time has passed."""
        return self.unfinished().filter(promised_by__lte=now)

    def typical_duration(self, provider: str) -> timedelta:
        """How long this provider takes for a video: the median of its last twenty, or a first guess."""
        return self.duration_stats(provider)[0]

    def duration_stats(self, provider: str) -> tuple[timedelta, datetime | None]:
        """The typical time, and when the provider's latest video was ready: a line that moves is no slow one."""
        ready = self.filter(status=Status.SUCCEEDED, provider=provider).order_by("-finished_at")
        times = list(ready.values_list("started_at", "finished_at")[:20])
        spans = sorted(finished - started for started, finished in times if started and finished)
        return spans[len(spans) // 2] if spans else DEFAULT_DURATION[provider], times[0][1] if times else None

    def in_flight(self, provider: str) -> Self:
        """Videos that hold one of the places at a remote provider: sent, or about to be, and not yet made.

        So does one whose clip will not arrive, until it counts as lost: more of its kind would only be paid for.
        """
        flying = Q(step__in=(Step.SUBMITTING, Step.RENDERING))
        stuck = Q(step=Step.STORING, consecutive_errors__gt=0, consecutive_errors__lt=MAX_DOWNLOAD_FAILURES)
        return self.filter(flying | stuck, provider=provider, status=Status.PROCESSING)

    def ahead_of(self, created_at: Any, pk: Any, provider: Any) -> Self:
        """Those in line before the one that is described. One that goes wrong again and again holds nobody up."""
        earlier = Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk)
        return self.filter(
            earlier,
            status=Status.QUEUED,
            provider=provider,
            consecutive_errors__lt=STUCK_AFTER,
            attempts__lt=STUCK_AFTER,
        )

    def with_queue_position(self) -> Self:
        """Each with what a page tells of a video in line, asked along with its row.

        ``queue_position`` is how many stand before it, and ``next_check_at`` when its studio, closed now, is looked at
        next.
        """
        before = self.model.objects.ahead_of(*map(OuterRef, ("created_at", "pk", "provider")))
        count = before.order_by().values("status").annotate(count=Count("pk")).values("count")
        outages = ProviderStatus.objects.filter(provider=OuterRef("provider"), unavailable_since__isnull=False)
        queued = Q(status=Status.QUEUED)
        return self.annotate(
            queue_position=Case(When(queued, then=Coalesce(Subquery(count), 0)), default=0),
            next_check_at=Case(
                When(queued, then=Subquery(outages.values(at=Coalesce("due_at", "unavailable_since"))[:1]))
            ),
        )

    def moderation_strikes(self, user: User, now: datetime) -> int:
        """How many photos of this user a remote provider refused for its safety rules in the last day."""
        return self.filter(user=user, error_code="moderated", finished_at__gt=now - MODERATION_WINDOW).count()

    def is_moderation_limited(self, user: User, now: datetime) -> bool:
        """Whether this user's dances are kept from the remote provider: too many refusals suspend our account."""
        return self.moderation_strikes(user, now) >= settings.MODERATION_STRIKES
