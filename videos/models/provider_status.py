"""The line before a remote studio: how many tasks run at a time, and whether the studio is open at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce

from videos.models.leases import LeasedModel, LeasedQuerySet

# How often the account is looked at while all is well, and at first while the studio is closed.
CHECK_INTERVAL = timedelta(minutes=10)
MIN_RECHECK_INTERVAL = timedelta(minutes=1)
MAX_RECHECK_INTERVAL = timedelta(minutes=15)
# A line that closes so soon after it was opened again was not well: it is looked at less and less often.
RELAPSE_WINDOW = timedelta(minutes=15)
# So many looks in a row that got no answer are an outage.
MAX_FAILED_CHECKS = 3
# So many orders in a row, paid or perhaps paid, that brought no video: the next ones would be lost, too.
MAX_CONSECUTIVE_FAILURES = 4
# A clip that did not arrive for the so manieth time in a row is one of them, though it is tried on.
MAX_DOWNLOAD_FAILURES = 3
# So many orders in a row that were turned away (429, 503), over at least this time.
MAX_CONSECUTIVE_REJECTIONS, MIN_REJECTION_PERIOD = 5, timedelta(minutes=2)
# What the account says is no proof against either: the line stays closed for so long, and twice as long each time.
COOLDOWN = timedelta(minutes=4)


class ProviderUnavailable(Exception):
    """The studio has been closed for so long that a new dance could not be promised; nothing was charged."""


class ProviderStatusQuerySet(LeasedQuerySet["ProviderStatus"]):
    def for_provider(self, provider: str, now: datetime) -> ProviderStatus:
        """The line of a provider, made at its first use; it falls due for a look at the account then."""
        status = self.get_or_create(provider=provider, defaults={"due_at": now})[0]
        if status.due_at is None:
            self.filter(pk=provider, due_at=None).update(due_at=now)
        return status

    def unavailable(self, provider: str) -> ProviderStatus | None:
        """The line of a provider while it is closed."""
        return self.filter(provider=provider, unavailable_since__isnull=False).first()

    def mark_unavailable(self, provider: str, reason: str, now: datetime, *, required_balance: int = 0) -> None:
        """Let nobody in until a look at the account says otherwise; of several at once the first one counts.

        A look that is under way began before and does not count.
        """
        fields = self.for_provider(provider, now).unavailable_fields(reason, now, required_balance)
        self.filter(pk=provider, unavailable_since=None).update(claim=F("claim") + 1, **fields)

    def record_failure(self, provider: str, reason: str, now: datetime) -> None:
        """An order that was paid, or may have been, brought no video; too many in a row close the line."""
        self.filter(pk=provider).update(consecutive_failures=F("consecutive_failures") + 1)
        status = self.for_provider(provider, now)
        if status.consecutive_failures >= MAX_CONSECUTIVE_FAILURES:
            orders = f"the last {status.consecutive_failures} orders were paid, or may have been, and brought no video"
            self.mark_unavailable(provider, f"{orders}: {reason}", now)

    def record_rejection(self, provider: str, reason: str, now: datetime) -> None:
        """The studio answered and took nothing; too many in a row, for too long, close the line."""
        since = Coalesce(F("rejected_since"), now)
        self.filter(pk=provider).update(consecutive_rejections=F("consecutive_rejections") + 1, rejected_since=since)
        status = self.for_provider(provider, now)
        long_enough = status.rejected_since and now - status.rejected_since >= MIN_REJECTION_PERIOD
        if long_enough and status.consecutive_rejections >= MAX_CONSECUTIVE_REJECTIONS:
            self.mark_unavailable(
                provider, f"the last {status.consecutive_rejections} orders were turned away: {reason}", now
            )

    def record_accepted(self, provider: str) -> None:
        """An order was not turned away; whether it brings a video is another question."""
        self.filter(pk=provider, consecutive_rejections__gt=0).update(consecutive_rejections=0, rejected_since=None)
        self.filter(pk=provider, half_open=True, consecutive_failures__lt=MAX_CONSECUTIVE_FAILURES).update(
            half_open=False
        )

    def record_success(self, provider: str) -> None:
        """A clip came home."""
        self.filter(pk=provider, consecutive_failures__gt=0).update(consecutive_failures=0, half_open=False)

    def schedule_check(self, provider: str, now: datetime) -> None:
        """Let the worker look at the account at once, unless one does already: an answer gave reason to."""
        soon = now + max(MIN_RECHECK_INTERVAL, settings.LEASE_DURATION)
        self.filter(pk=provider, unavailable_since=None, due_at__gt=soon).update(due_at=now)


class ProviderStatus(LeasedModel):
    """One row for each remote provider. Being due means that the account is to be looked at.

    ``max_concurrent_tasks`` is the account's own number of tasks at a time, empty until it has told one.
    ``consecutive_outages`` counts how often in a row the line closed soon after it was opened. ``staff_notified_at`` is
    when staff were told of this closing.
    ``consecutive_failures`` and ``consecutive_rejections`` count orders in a row that went wrong, each in its way.
    """

    provider = models.CharField(max_length=20, primary_key=True)
    max_concurrent_tasks = models.PositiveIntegerField(
        null=True, blank=True, help_text="Tasks at a time, as the account tells."
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    unavailable_since = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    required_balance = models.PositiveIntegerField(
        default=0, help_text="Credits the account must hold to be opened again."
    )
    consecutive_outages = models.PositiveIntegerField(default=0)
    recovered_at = models.DateTimeField(null=True, blank=True)
    staff_notified_at = models.DateTimeField(null=True, blank=True)
    half_open = models.BooleanField(
        default=False, db_default=False, help_text="Opened after orders had failed: one at a time, at first."
    )
    daily_limit_reached = models.BooleanField(
        default=False, db_default=False, help_text="Closed for longer than any promise: the day's cap."
    )
    consecutive_failures = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Paid orders in a row that brought no video."
    )
    consecutive_rejections = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Orders in a row that were not taken."
    )
    rejected_since = models.DateTimeField(null=True, blank=True)
    balance = models.PositiveIntegerField(
        null=True, blank=True, help_text="In the provider's credits, at the last look."
    )

    objects: ClassVar = ProviderStatusQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.provider} ({'available' if self.is_available else 'unavailable'})"

    @property
    def is_available(self) -> bool:
        return self.unavailable_since is None

    @property
    def has_failed_repeatedly(self) -> bool:
        """Whether so many of the latest orders went wrong that the next ones would, too."""
        return (
            self.consecutive_failures >= MAX_CONSECUTIVE_FAILURES
            or self.consecutive_rejections >= MAX_CONSECUTIVE_REJECTIONS
        )

    def is_cooling_down(self, now: datetime) -> bool:
        """Whether it is too early to try again, whatever the account says."""
        cooldown = min(MAX_RECHECK_INTERVAL, COOLDOWN * 2 ** min(self.consecutive_outages, 10))
        return (
            self.unavailable_since is not None
            and self.has_failed_repeatedly
            and now - self.unavailable_since < cooldown
        )

    @property
    def capacity(self) -> int:
        """Tasks that may be in flight at a time."""
        if self.half_open:
            return 1
        return settings.RUNWAY_CONCURRENCY if self.max_concurrent_tasks is None else self.max_concurrent_tasks

    def can_promise(self, now: datetime) -> bool:
        """Whether a new dance could still be ready in time: not when it has been closed for a third of the promise, or
        is known to be closed for longer.
        """
        return self.unavailable_since is None or (
            not self.daily_limit_reached and now - self.unavailable_since < settings.PROMISE_WINDOW / 3
        )

    def unavailable_fields(self, reason: str, now: datetime, required_balance: int = 0) -> dict[str, Any]:
        """What a closed line's row says. ``reason`` is for staff; ``required_balance`` is what the account must hold,
        in the provider's credits, to open again.
        """
        relapsed = self.half_open or (self.recovered_at is not None and now - self.recovered_at < RELAPSE_WINDOW)
        consecutive_outages = self.consecutive_outages + 1 if relapsed else 0
        return {
            "unavailable_since": now,
            "reason": reason[:300],
            "required_balance": required_balance,
            "consecutive_outages": consecutive_outages,
            "staff_notified_at": self.staff_notified_at if relapsed else None,
            "attempts": 0,
            "due_at": now + (check_interval(consecutive_outages) if relapsed else timedelta(0)),
        }

    def reschedule_check(self, now: datetime, **fields: Any) -> None:
        """Nothing better is known of the account: look again after a while. Raises LeaseLost."""
        self.update_claimed(due_at=now + check_interval(max(self.consecutive_outages, self.attempts - 1)), **fields)

    def mark_available(self, max_concurrent_tasks: int | None, now: datetime) -> None:
        """The account is well. Raises LeaseLost."""
        recovery: dict[str, Any] = {}
        if not self.is_available:
            recovery = {
                "unavailable_since": None,
                "reason": "",
                "required_balance": 0,
                "daily_limit_reached": False,
                "recovered_at": now,
            }
            recovery["half_open"] = self.has_failed_repeatedly
        self.update_claimed(
            max_concurrent_tasks=max_concurrent_tasks,
            checked_at=now,
            attempts=0,
            due_at=now + CHECK_INTERVAL,
            **recovery,
        )


def check_interval(failures: int) -> timedelta:
    """1, 2, 4, ... minutes, capped."""
    return min(MAX_RECHECK_INTERVAL, MIN_RECHECK_INTERVAL * 2 ** min(failures, 10))
