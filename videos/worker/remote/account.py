"""Looks at the remote studio's account: whether it is open, and how many tasks it runs at a time."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from videos.emails.provider_unavailable import tell_staff
from videos.models import Line, Video
from videos.models.provider_status import LOOKS_WITHOUT_ANSWER
from videos.providers.base import Closed, Unreachable
from videos.providers.registry import runway
from videos.providers.runway.catalogue import model_named
from videos.worker.keepalive import Stopping

if TYPE_CHECKING:
    from videos.providers.runway.answers import Organization

log = logging.getLogger(__name__)

# What every new dance is ordered with.
USUAL_SECONDS = 5


def look(line: Line, stopping: Stopping) -> None:
    """Look at the account of a claimed line, close or open it, and tell staff once. Raises LeaseLost."""
    if line.provider != settings.VIDEO_PROVIDER and not Video.objects.living().filter(provider=line.provider).exists():
        line.record(due_at=None, attempts=0)
        return
    account, trouble = asked(line)
    if account is None and not trouble:
        line.look_later(timezone.now())
        return
    if trouble and not line.is_closed:
        line.record(**line.closing(trouble, timezone.now()) | {"due_at": timezone.now() + settings.LEASE})
        log.error("the studio is closed", extra={"line": line.pk, "reason": trouble})
    if line.is_closed and (trouble or line.relapses) and line.told_at is None:
        tell_staff(line)
    if trouble or account is None:
        lasting = account is not None and account.capped
        line.look_later(timezone.now(), reason=trouble[:300], lasting=lasting)
        return
    if line.is_closed:
        log.info("the studio is open again", extra={"line": line.pk})
    line.open(at_a_time(account), timezone.now())


def asked(line: Line) -> tuple[Organization | None, str]:
    """The account, when it could be asked, and why it could take no order, for staff. Raises LeaseLost.

    Neither, while it could not be asked and that may still be a moment's trouble.
    """
    try:
        account = runway().organization()
    except Closed as error:
        return None, error.reason
    except Unreachable as error:
        log.warning("the account could not be looked at", extra={"line": line.pk, "reason": error.reason})
        outage = f"cannot be reached: {error.reason}" if line.attempts >= LOOKS_WITHOUT_ANSWER else ""
        return None, line.reason if line.is_closed else outage
    line.record(balance=max(0, account.balance))
    trouble = trouble_with(account, line.needed)
    return account, trouble or (line.reason if line.is_resting(timezone.now()) else "")


def at_a_time(account: Organization) -> int | None:
    """How many tasks the account runs at a time; None when it does not tell."""
    return settings.RUNWAY_MOST_AT_A_TIME if account.unlimited else account.max_concurrent


def trouble_with(account: Organization, needed: int = 0) -> str:
    """Why the account could take no order now, for staff; empty when it could."""
    needed = max(needed, model_named(settings.RUNWAY_MODEL_ID).price(USUAL_SECONDS) or 0)
    if account.balance < needed:
        return f"the account holds {account.balance} credits, a video costs {needed}"
    if account.capped:
        return f"all {account.max_daily} videos of the day are made"
    if account.max_concurrent == 0:
        return f"the account may not use {settings.RUNWAY_MODEL_ID}"
    return ""
