"""The line of videos: who stands in it, and how long it takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from videos.leases import LeasedQuerySet
from videos.line import UNDELIVERABLE, Line
from videos.makers import FIRST_GUESS
from videos.models.states import LIVING, Status, Step

if TYPE_CHECKING:
    from accounts.models import User
    from videos.models.video import Video  # noqa: F401

STRIKES_COUNT_FOR = timedelta(hours=24)
# So many troubles or deaths in a row, and those behind it in line go first.
STUCK = 3


class VideoQuerySet(LeasedQuerySet["Video"]):
    """The videos as a line."""

    def of(self, user: User) -> Self:
        """The videos this owner sees, the newest first."""
        return self.filter(user=user, deleted_at=None).order_by("-created_at")

    def living(self) -> Self:
        return self.filter(status__in=LIVING)

    def shared(self, token: str) -> Self:
        """The one video that a private link leads to, while the link is open."""
        return self.filter(share__token=token, status=Status.SUCCEEDED, deleted_at=None)

    def overdue(self, now: datetime) -> Self:
        """Living videos whose promised time has passed."""
        return self.living().filter(promised_by__lte=now)

    def typical_time(self, provider: str) -> timedelta:
        """How long this provider takes for a video: the median of its last twenty, or a first guess."""
        return self.pace(provider)[0]

    def pace(self, provider: str) -> tuple[timedelta, datetime | None]:
        """The typical time, and when the provider's latest video was ready: a line that moves is no slow one."""
        ready = self.filter(status=Status.SUCCEEDED, provider=provider).order_by("-finished_at")
        times = list(ready.values_list("started_at", "finished_at")[:20])
        spans = sorted(finished - started for started, finished in times if started and finished)
        return spans[len(spans) // 2] if spans else FIRST_GUESS[provider], times[0][1] if times else None

    def in_flight(self, provider: str) -> Self:
        """Videos that hold one of the places at a remote provider: sent, or about to be, and not yet made.

        So does one whose clip will not arrive, until it counts as lost: more of its kind would only be paid for.
        """
        flying = Q(step__in=(Step.SUBMITTING, Step.RENDERING))
        stuck = Q(step=Step.STORING, troubles__gt=0, troubles__lt=UNDELIVERABLE)
        return self.filter(flying | stuck, provider=provider, status=Status.PROCESSING)

    def ahead_of(self, created_at: Any, pk: Any, provider: Any) -> Self:
        """Those in line before the one that is described. One that goes wrong again and again holds nobody up."""
        earlier = Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk)
        return self.filter(earlier, status=Status.QUEUED, provider=provider, troubles__lt=STUCK, attempts__lt=STUCK)

    def with_place(self) -> Self:
        """Each with what a page tells of a video in line, asked along with its row.

        ``place`` is how many stand before it, and ``reopens`` when its studio, closed now, is looked at next.
        """
        before = self.model.objects.ahead_of(*map(OuterRef, ("created_at", "pk", "provider")))
        count = before.order_by().values("status").annotate(count=Count("pk")).values("count")
        closed = Line.objects.filter(provider=OuterRef("provider"), closed_since__isnull=False)
        queued = Q(status=Status.QUEUED)
        return self.annotate(
            place=Case(When(queued, then=Coalesce(Subquery(count), 0)), default=0),
            reopens=Case(When(queued, then=Subquery(closed.values(at=Coalesce("due_at", "closed_since"))[:1]))),
        )

    def strikes(self, user: User, now: datetime) -> int:
        """How many photos of this user a remote provider refused for its safety rules in the last day."""
        return self.filter(user=user, error_code="moderated", finished_at__gt=now - STRIKES_COUNT_FOR).count()

    def struck_out(self, user: User, now: datetime) -> bool:
        """Whether this user's dances are kept from the remote provider: too many refusals suspend our account."""
        return self.strikes(user, now) >= settings.MODERATION_STRIKES
