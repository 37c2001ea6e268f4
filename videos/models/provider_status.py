"""Availability and capacity of the remote providers: a circuit breaker for each, and its concurrency limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos.models.leases import LeasedModel, LeasedQuerySet
from videos.providers.registry import remote_provider

# How often the account is checked while the provider is available.
CHECK_INTERVAL = timedelta(minutes=10)
# During an outage, the interval starts at the minimum and doubles up to the maximum.
MIN_RECHECK_INTERVAL = timedelta(minutes=1)
MAX_RECHECK_INTERVAL = timedelta(minutes=15)
# An outage this soon after a recovery counts as a relapse, and the account is then checked less and less often.
RELAPSE_WINDOW = timedelta(minutes=15)
# This many consecutive checks without an answer are an outage.
MAX_FAILED_CHECKS = 3
# This many consecutive orders that were paid, or may have been, but produced no video are an outage.
MAX_CONSECUTIVE_FAILURES = 4
# Count a clip as lost after this many failed downloads in a row. The downloads are still retried.
MAX_DOWNLOAD_FAILURES = 3
# This many consecutive rejections (429, 503), over at least this period, are an outage.
MAX_CONSECUTIVE_REJECTIONS, MIN_REJECTION_PERIOD = 5, timedelta(minutes=2)
# A healthy account does not prove that orders succeed again. After failures or rejections, the provider therefore
# stays unavailable for this long, and twice as long after each relapse.
COOLDOWN = timedelta(minutes=4)


class ProviderUnavailable(Exception):
    """The provider has been unavailable for too long to promise a new video in time. Nothing was charged."""


class ProviderStatusQuerySet(LeasedQuerySet["ProviderStatus"]):
    def for_provider(self, provider: str, now: datetime) -> ProviderStatus:
        """Return the status of a provider. Create it at first use, due for a check of the account."""
        status = self.get_or_create(provider=provider, defaults={"due_at": now})[0]
        if status.due_at is None:
            self.filter(pk=provider, due_at=None).update(due_at=now)
        return status

    def unavailable(self, provider: str) -> ProviderStatus | None:
        """Return the status of a provider if it is unavailable, otherwise None."""
        return self.filter(provider=provider, unavailable_since__isnull=False).first()

    def mark_unavailable(self, provider: str, reason: str, now: datetime, *, required_balance: int = 0) -> None:
        """Admit no videos until a check of the account succeeds. The first of several concurrent calls wins.

        A check that is already running started before the outage, so it loses its claim and its result is discarded.
        """
        fields = self.for_provider(provider, now).unavailable_fields(reason, now, required_balance)
        self.filter(pk=provider, unavailable_since=None).update(claim=F("claim") + 1, **fields)

    def record_failure(self, provider: str, reason: str, now: datetime) -> None:
        """Count an order that was paid, or may have been, but produced no video. Too many in a row are an outage."""
        self.filter(pk=provider).update(consecutive_failures=F("consecutive_failures") + 1)
        status = self.for_provider(provider, now)
        if status.consecutive_failures >= MAX_CONSECUTIVE_FAILURES:
            orders = f"the last {status.consecutive_failures} orders were paid, or may have been, but produced no video"
            self.mark_unavailable(provider, f"{orders}: {reason}", now)

    def record_rejection(self, provider: str, reason: str, now: datetime) -> None:
        """Count an order that the provider rejected. Too many in a row, over too long a period, are an outage."""
        since, rejections = Coalesce(F("rejected_since"), now), F("consecutive_rejections") + 1
        self.filter(pk=provider).update(consecutive_rejections=rejections, rejected_since=since, connection_failures=0)
        status = self.for_provider(provider, now)
        long_enough = status.rejected_since and now - status.rejected_since >= MIN_REJECTION_PERIOD
        if long_enough and status.consecutive_rejections >= MAX_CONSECUTIVE_REJECTIONS:
            self.mark_unavailable(
                provider, f"the last {status.consecutive_rejections} orders were rejected: {reason}", now
            )

    def record_connection_failure(self, provider: str) -> int:
        """Count an order that could not be sent, and return how many could not in a row.

        This is the provider's trouble and not the video's, which keeps its place.
        """
        status = self.filter(pk=provider)
        status.update(connection_failures=F("connection_failures") + 1)
        return status.values_list("connection_failures", flat=True).first() or 0

    def record_accepted(self, provider: str) -> None:
        """Reset the count of rejections: the provider accepted an order, though it may still produce no video."""
        self.filter(pk=provider, consecutive_rejections__gt=0).update(consecutive_rejections=0, rejected_since=None)
        self.filter(pk=provider, connection_failures__gt=0).update(connection_failures=0)
        self.filter(pk=provider, half_open=True, consecutive_failures__lt=MAX_CONSECUTIVE_FAILURES).update(
            half_open=False
        )

    def record_success(self, provider: str) -> None:
        """Reset the count of failures: a clip was fetched."""
        self.filter(pk=provider, consecutive_failures__gt=0).update(consecutive_failures=0, half_open=False)

    def schedule_check(self, provider: str, now: datetime) -> None:
        """Make the check of an available account due now, unless it is running already or due soon."""
        soon = now + max(MIN_RECHECK_INTERVAL, settings.LEASE_DURATION)
        self.filter(pk=provider, unavailable_since=None, due_at__gt=soon).update(due_at=now)


class ProviderStatus(LeasedModel):
    """The status of one remote provider. While the row is due, the account is to be checked.

    ``max_concurrent_tasks`` is the account's own limit, empty until it has reported one. ``consecutive_outages`` counts
    consecutive outages that began soon after a recovery. ``staff_notified_at`` is when staff were notified of this one.
    ``consecutive_failures`` counts orders that produced no video, ``consecutive_rejections`` rejected orders.
    """

    provider = models.CharField(_("provider"), max_length=20, primary_key=True)
    max_concurrent_tasks = models.PositiveIntegerField(
        _("max concurrent tasks"), null=True, blank=True, help_text=_("Concurrency limit reported by the account.")
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    unavailable_since = models.DateTimeField(_("unavailable since"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    required_balance = models.PositiveIntegerField(
        _("required balance"), default=0, help_text=_("Balance the account needs to become available again.")
    )
    consecutive_outages = models.PositiveIntegerField(_("consecutive outages"), default=0)
    recovered_at = models.DateTimeField(_("recovered at"), null=True, blank=True)
    staff_notified_at = models.DateTimeField(_("staff notified at"), null=True, blank=True)
    half_open = models.BooleanField(
        _("half open"),
        default=False,
        db_default=False,
        help_text=_("Available again after failures, with one task at a time."),
    )
    daily_limit_reached = models.BooleanField(
        _("daily limit reached"),
        default=False,
        db_default=False,
        help_text=_("Unavailable until the provider's daily limit resets."),
    )
    consecutive_failures = models.PositiveIntegerField(
        _("consecutive failures"),
        default=0,
        db_default=0,
        help_text=_("Consecutive paid orders that produced no video."),
    )
    consecutive_rejections = models.PositiveIntegerField(
        _("consecutive rejections"), default=0, db_default=0, help_text=_("Consecutive rejected orders.")
    )
    connection_failures = models.PositiveIntegerField(
        _("connection failures"), default=0, db_default=0, help_text=_("Consecutive orders that could not be sent.")
    )
    rejected_since = models.DateTimeField(_("rejected since"), null=True, blank=True)
    balance = models.PositiveIntegerField(
        _("balance"), null=True, blank=True, help_text=_("Balance at the last check, in the provider's credits.")
    )

    objects: ClassVar = ProviderStatusQuerySet.as_manager()

    class Meta:
        verbose_name = _("provider status")
        verbose_name_plural = _("provider statuses")

    def __str__(self) -> str:
        words = {"provider": self.provider}
        return (
            gettext("%(provider)s (available)") if self.is_available else gettext("%(provider)s (unavailable)")
        ) % words

    @property
    def is_available(self) -> bool:
        return self.unavailable_since is None

    @property
    def has_failed_repeatedly(self) -> bool:
        """Whether the latest orders failed or were rejected so often that the next ones would be, too."""
        return (
            self.consecutive_failures >= MAX_CONSECUTIVE_FAILURES
            or self.consecutive_rejections >= MAX_CONSECUTIVE_REJECTIONS
        )

    def is_cooling_down(self, now: datetime) -> bool:
        """Whether it is too early to try again, even if the account is healthy."""
        cooldown = min(MAX_RECHECK_INTERVAL, COOLDOWN * 2 ** min(self.consecutive_outages, 10))
        return (
            self.unavailable_since is not None
            and self.has_failed_repeatedly
            and now - self.unavailable_since < cooldown
        )

    @property
    def capacity(self) -> int:
        """Return how many tasks may be in flight at a time."""
        if self.half_open:
            return 1
        if self.max_concurrent_tasks is not None:
            return self.max_concurrent_tasks
        return remote_provider(self.provider).default_concurrency

    def can_promise(self, now: datetime) -> bool:
        """Whether a new video could still be ready in time.

        It could not once the outage has lasted a third of the promise window, or if the daily limit is reached.
        """
        return self.unavailable_since is None or (
            not self.daily_limit_reached and now - self.unavailable_since < settings.PROMISE_WINDOW / 3
        )

    def unavailable_fields(self, reason: str, now: datetime, required_balance: int = 0) -> dict[str, Any]:
        """Return the fields of the row during an outage.

        ``reason`` is for staff. ``required_balance`` is what the account must hold, in the provider's credits, for the
        provider to become available again.
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
        """Check the account again later, with backoff, since this check changed nothing. Raises LeaseLost."""
        self.update_claimed(due_at=now + check_interval(max(self.consecutive_outages, self.attempts - 1)), **fields)

    def mark_available(self, max_concurrent_tasks: int | None, now: datetime) -> None:
        """Record a healthy account, and end the outage if there is one. Raises LeaseLost."""
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
            connection_failures=0,
            attempts=0,
            due_at=now + CHECK_INTERVAL,
            **recovery,
        )


def check_interval(failures: int) -> timedelta:
    """Return 1, 2, 4, ... minutes, at most ``MAX_RECHECK_INTERVAL``."""
    return min(MAX_RECHECK_INTERVAL, MIN_RECHECK_INTERVAL * 2 ** min(failures, 10))
