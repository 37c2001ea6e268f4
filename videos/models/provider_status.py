"""The line before a remote studio: how many tasks run at a time, and whether the studio is open at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce

from videos.models.leases import Leased, LeasedQuerySet

if TYPE_CHECKING:
    from videos.models.video import Video

# How often the account is looked at while all is well, and at first while the studio is closed.
OPEN_LOOK = timedelta(minutes=10)
CLOSED_LOOK = timedelta(minutes=1)
LONGEST_LOOK = timedelta(minutes=15)
# A line that closes so soon after it was opened again was not well: it is looked at less and less often.
RELAPSE = timedelta(minutes=15)
# So many looks in a row that got no answer are an outage.
LOOKS_WITHOUT_ANSWER = 3
# So many orders in a row, paid or perhaps paid, that brought no video: the next ones would be lost, too.
MOST_LOSSES = 4
# A clip that did not arrive for the so manieth time in a row is one of them, though it is tried on.
UNDELIVERABLE = 3
# So many orders in a row that were turned away (429, 503), over at least this time.
MOST_TURNED_AWAY, TURNED_AWAY_FOR = 5, timedelta(minutes=2)
# What the account says is no proof against either: the line stays closed for so long, and twice as long each time.
REST = timedelta(minutes=4)


class StudioClosed(Exception):
    """The studio has been closed for so long that a new dance could not be promised; nothing was charged."""


class LineQuerySet(LeasedQuerySet["Line"]):
    def of(self, provider: str, now: datetime) -> Line:
        """The line of a provider, made at its first use; it falls due for a look at the account then."""
        line = self.get_or_create(provider=provider, defaults={"due_at": now})[0]
        if line.due_at is None:
            self.filter(pk=provider, due_at=None).update(due_at=now)
        return line

    def closed(self, provider: str) -> Line | None:
        """The line of a provider while it is closed."""
        return self.filter(provider=provider, closed_since__isnull=False).first()

    def close(self, provider: str, reason: str, now: datetime, *, needed: int = 0) -> None:
        """Let nobody in until a look at the account says otherwise; of several at once the first one counts.

        A look that is under way began before and does not count.
        """
        fields = self.of(provider, now).closing(reason, now, needed)
        self.filter(pk=provider, closed_since=None).update(claim=F("claim") + 1, **fields)

    def lost_one(self, provider: str, why: str, now: datetime) -> None:
        """An order that was paid, or may have been, brought no video; too many in a row close the line."""
        self.filter(pk=provider).update(losses=F("losses") + 1)
        line = self.of(provider, now)
        if line.losses >= MOST_LOSSES:
            told = f"the last {line.losses} orders were paid, or may have been, and brought no video: {why}"
            self.close(provider, told, now)

    def turned_one_away(self, provider: str, why: str, now: datetime) -> None:
        """The studio answered and took nothing; too many in a row, for too long, close the line."""
        since = Coalesce(F("turned_away_since"), now)
        self.filter(pk=provider).update(turned_away=F("turned_away") + 1, turned_away_since=since)
        line = self.of(provider, now)
        long = line.turned_away_since and now - line.turned_away_since >= TURNED_AWAY_FOR
        if long and line.turned_away >= MOST_TURNED_AWAY:
            self.close(provider, f"the last {line.turned_away} orders were turned away: {why}", now)

    def took_one(self, provider: str) -> None:
        """An order was not turned away; whether it brings a video is another question."""
        self.filter(pk=provider, turned_away__gt=0).update(turned_away=0, turned_away_since=None)
        self.filter(pk=provider, on_trial=True, losses__lt=MOST_LOSSES).update(on_trial=False)

    def brought_one(self, provider: str) -> None:
        """A clip came home."""
        self.filter(pk=provider, losses__gt=0).update(losses=0, on_trial=False)

    def look_soon(self, provider: str, now: datetime) -> None:
        """Let the worker look at the account at once, unless one does already: an answer gave reason to."""
        soon = now + max(CLOSED_LOOK, settings.LEASE)
        self.filter(pk=provider, closed_since=None, due_at__gt=soon).update(due_at=now)


class Line(Leased):
    """One row for each remote provider. Being due means that the account is to be looked at.

    ``limit`` is the account's own number of tasks at a time, empty until it has told one. ``relapses`` counts how
    often in a row the line closed soon after it was opened. ``told_at`` is when staff were told of this closing.
    ``losses`` and ``turned_away`` count orders in a row that went wrong, each in its way.
    """

    provider = models.CharField(max_length=20, primary_key=True)
    limit = models.PositiveIntegerField(null=True, blank=True, help_text="Tasks at a time, as the account tells.")
    looked_at = models.DateTimeField(null=True, blank=True)
    closed_since = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    needed = models.PositiveIntegerField(default=0, help_text="Credits the account must hold to be opened again.")
    relapses = models.PositiveIntegerField(default=0)
    reopened_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    on_trial = models.BooleanField(
        default=False, db_default=False, help_text="Opened after orders had failed: one at a time, at first."
    )
    lasting = models.BooleanField(
        default=False, db_default=False, help_text="Closed for longer than any promise: the day's cap."
    )
    losses = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Paid orders in a row that brought no video."
    )
    turned_away = models.PositiveIntegerField(default=0, db_default=0, help_text="Orders in a row that were not taken.")
    turned_away_since = models.DateTimeField(null=True, blank=True)
    balance = models.PositiveIntegerField(
        null=True, blank=True, help_text="In the provider's credits, at the last look."
    )

    objects: ClassVar = LineQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.provider} ({'closed' if self.closed_since else 'open'})"

    @property
    def is_closed(self) -> bool:
        return self.closed_since is not None

    @property
    def is_losing(self) -> bool:
        """Whether so many of the latest orders went wrong that the next ones would, too."""
        return self.losses >= MOST_LOSSES or self.turned_away >= MOST_TURNED_AWAY

    def is_resting(self, now: datetime) -> bool:
        """Whether it is too early to try again, whatever the account says."""
        rest = min(LONGEST_LOOK, REST * 2 ** min(self.relapses, 10))
        return self.closed_since is not None and self.is_losing and now - self.closed_since < rest

    @property
    def capacity(self) -> int:
        """Tasks that may be in flight at a time."""
        if self.on_trial:
            return 1
        return settings.RUNWAY_CONCURRENCY if self.limit is None else self.limit

    def can_promise(self, now: datetime) -> bool:
        """Whether a new dance could still be ready in time: not when it has been closed for a third of the promise, or
        is known to be closed for longer.
        """
        return self.closed_since is None or (not self.lasting and now - self.closed_since < settings.PROMISE / 3)

    def places_behind(self, video: Video) -> int:
        """How many places ``video`` stands behind the free ones; below nought it may go in now."""
        taken = type(video).objects.in_flight(self.provider).count()
        return video.ahead() - (self.capacity - taken)

    def closing(self, reason: str, now: datetime, needed: int = 0) -> dict[str, Any]:
        """What a closed line's row says. ``reason`` is for staff; ``needed`` is what the account must hold, in the
        provider's credits, to open again.
        """
        relapsed = self.on_trial or (self.reopened_at is not None and now - self.reopened_at < RELAPSE)
        relapses = self.relapses + 1 if relapsed else 0
        return {
            "closed_since": now,
            "reason": reason[:300],
            "needed": needed,
            "relapses": relapses,
            "told_at": self.told_at if relapsed else None,
            "attempts": 0,
            "due_at": now + (look_after(relapses) if relapsed else timedelta(0)),
        }

    def look_later(self, now: datetime, **fields: Any) -> None:
        """Nothing better is known of the account: look again after a while. Raises LeaseLost."""
        self.record(due_at=now + look_after(max(self.relapses, self.attempts - 1)), **fields)

    def open(self, limit: int | None, now: datetime) -> None:
        """The account is well. Raises LeaseLost."""
        again: dict[str, Any] = {}
        if self.is_closed:
            again = {"closed_since": None, "reason": "", "needed": 0, "lasting": False, "reopened_at": now}
            again["on_trial"] = self.is_losing
        self.record(limit=limit, looked_at=now, attempts=0, due_at=now + OPEN_LOOK, **again)


def look_after(times: int) -> timedelta:
    """1, 2, 4, ... minutes, capped."""
    return min(LONGEST_LOOK, CLOSED_LOOK * 2 ** min(times, 10))
