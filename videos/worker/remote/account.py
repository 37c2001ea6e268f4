"""Check the provider account: availability and concurrency limit."""

from __future__ import annotations

import logging

from django.conf import settings

from videos import clock
from videos.emails.provider_unavailable import notify_staff
from videos.models import DEFAULT_SECONDS, ProviderStatus, Video
from videos.models.provider_status import MAX_FAILED_CHECKS
from videos.providers import registry
from videos.providers.base import Account, AccountUnavailable, RemoteProvider, RequestFailed
from videos.worker.keepalive import ShouldStop

log = logging.getLogger(__name__)


def check_account(status: ProviderStatus, should_stop: ShouldStop) -> None:
    """Check a claimed provider's account, mark it available or unavailable, and notify staff once.

    Raises LeaseLost.
    """
    if (
        status.provider != settings.VIDEO_PROVIDER
        and not Video.objects.unfinished().filter(provider=status.provider).exists()
    ):
        status.update_claimed(due_at=None, attempts=0)
        return
    account, problem = fetch_account(status)
    if account is None and not problem:
        status.reschedule_check(clock.now())
        return
    if problem and status.is_available:
        status.update_claimed(
            **status.unavailable_fields(problem, clock.now()) | {"due_at": clock.now() + settings.LEASE_DURATION}
        )
        log.error("provider unavailable", extra={"provider": status.pk, "reason": problem})
    if not status.is_available and (problem or status.consecutive_outages) and status.staff_notified_at is None:
        notify_staff(status)
    if problem or account is None:
        daily_limit_reached = account is not None and account.daily_limit_reached
        status.reschedule_check(clock.now(), reason=problem[:300], daily_limit_reached=daily_limit_reached)
        return
    if not status.is_available:
        log.info("provider available again", extra={"provider": status.pk})
    status.mark_available(account.max_concurrent_tasks, clock.now())


def fetch_account(status: ProviderStatus) -> tuple[Account | None, str]:
    """Return the account, if it could be fetched, and the reason for staff why it accepts no orders.

    Both are empty if the request failed and the cause may be temporary. Raises LeaseLost.
    """
    provider = registry.remote_provider(status.provider)
    try:
        account = provider.account()
    except AccountUnavailable as error:
        return None, error.reason
    except RequestFailed as error:
        log.warning("account check failed", extra={"provider": status.pk, "reason": error.reason})
        outage = f"cannot be reached: {error.reason}" if status.attempts >= MAX_FAILED_CHECKS else ""
        return None, outage if status.is_available else status.reason
    status.update_claimed(balance=account.balance)
    problem = account_problem(provider, account, status.required_balance)
    return account, problem or (status.reason if status.is_cooling_down(clock.now()) else "")


def account_problem(provider: RemoteProvider, account: Account, required_balance: int = 0) -> str:
    """Return the reason for staff why the account accepts no orders now; empty if it accepts them."""
    required_balance = max(required_balance, provider.lowest_price(DEFAULT_SECONDS))
    if account.balance is not None and account.balance < required_balance:
        return f"the account holds {account.balance} credits, a video costs {required_balance}"
    return account.trouble
