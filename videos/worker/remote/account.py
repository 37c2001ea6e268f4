"""Looks at the remote studio's account: whether it is open, and how many tasks it runs at a time."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from videos.emails.provider_unavailable import notify_staff
from videos.models import ProviderStatus, Video
from videos.models.provider_status import MAX_FAILED_CHECKS
from videos.providers import registry
from videos.providers.base import AccountUnavailable, RequestFailed
from videos.providers.runway.catalogue import get_model
from videos.worker.keepalive import ShouldStop

if TYPE_CHECKING:
    from videos.providers.runway.answers import Organization

log = logging.getLogger(__name__)

# What every new dance is ordered with.
DEFAULT_SECONDS = 5


def check_account(status: ProviderStatus, should_stop: ShouldStop) -> None:
    """Look at the account of a claimed line, close or open it, and tell staff once. Raises LeaseLost."""
    if (
        status.provider != settings.VIDEO_PROVIDER
        and not Video.objects.unfinished().filter(provider=status.provider).exists()
    ):
        status.update_claimed(due_at=None, attempts=0)
        return
    account, problem = fetch_account(status)
    if account is None and not problem:
        status.reschedule_check(timezone.now())
        return
    if problem and status.is_available:
        status.update_claimed(
            **status.unavailable_fields(problem, timezone.now()) | {"due_at": timezone.now() + settings.LEASE_DURATION}
        )
        log.error("provider unavailable", extra={"provider": status.pk, "reason": problem})
    if not status.is_available and (problem or status.consecutive_outages) and status.staff_notified_at is None:
        notify_staff(status)
    if problem or account is None:
        daily_limit_reached = account is not None and account.daily_limit_reached
        status.reschedule_check(timezone.now(), reason=problem[:300], daily_limit_reached=daily_limit_reached)
        return
    if not status.is_available:
        log.info("provider available again", extra={"provider": status.pk})
    status.mark_available(max_concurrent_tasks(account), timezone.now())


def fetch_account(status: ProviderStatus) -> tuple[Organization | None, str]:
    """The account, when it could be asked, and why it could take no order, for staff. Raises LeaseLost.

    Neither, while it could not be asked and that may still be a moment's trouble.
    """
    try:
        account = registry.runway_client().organization()
    except AccountUnavailable as error:
        return None, error.reason
    except RequestFailed as error:
        log.warning("account check failed", extra={"provider": status.pk, "reason": error.reason})
        outage = f"cannot be reached: {error.reason}" if status.attempts >= MAX_FAILED_CHECKS else ""
        return None, outage if status.is_available else status.reason
    status.update_claimed(balance=max(0, account.balance))
    problem = account_problem(account, status.required_balance)
    return account, problem or (status.reason if status.is_cooling_down(timezone.now()) else "")


def max_concurrent_tasks(account: Organization) -> int | None:
    """How many tasks the account runs at a time; None when it does not tell."""
    return settings.RUNWAY_MAX_CONCURRENCY if account.unlimited else account.max_concurrent


def account_problem(account: Organization, required_balance: int = 0) -> str:
    """Why the account could take no order now, for staff; empty when it could."""
    required_balance = max(required_balance, get_model(settings.RUNWAY_MODEL_ID).price(DEFAULT_SECONDS) or 0)
    if account.balance < required_balance:
        return f"the account holds {account.balance} credits, a video costs {required_balance}"
    if account.daily_limit_reached:
        return f"all {account.max_daily} videos of the day are made"
    if account.max_concurrent == 0:
        return f"the account may not use {settings.RUNWAY_MODEL_ID}"
    return ""
