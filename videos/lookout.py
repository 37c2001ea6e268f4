"""Looks at the remote studio's account: whether it is open, and how many tasks it runs at a time."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from accounts.models import User
from videos.line import LOOKS_WITHOUT_ANSWER, Line
from videos.models import Video
from videos.providers.base import Closed, Unreachable
from videos.providers.catalogue import is_loopback, model_named
from videos.watch import Stopping

if TYPE_CHECKING:
    from videos.providers.runway import Organization, Runway

log = logging.getLogger(__name__)

# What every new dance is ordered with.
USUAL_SECONDS = 5


def runway() -> Runway:
    """Runway as the settings have it; it holds no connection. Raises Closed when there is no key any more."""
    if not settings.RUNWAY_API_KEY:
        raise Closed("RUNWAY_API_KEY is not set")
    # Imported here: the web process reads this module and makes no requests.
    from videos.providers.runway import Runway

    return Runway(
        settings.RUNWAY_API_KEY,
        settings.RUNWAY_MODEL_ID,
        settings.RUNWAY_BASE_URL,
        settings.RUNWAY_DOWNLOAD_HOSTS,
        allow_loopback=is_loopback(settings.RUNWAY_BASE_URL),
        read_timeout=settings.RUNWAY_TIMEOUT,
    )


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


def tell_staff(line: Line) -> None:
    """One mail for each closing. A mail that cannot be sent is tried again at the next look. Raises LeaseLost."""
    staff = User.objects.filter(is_staff=True, is_active=True).values_list("email", flat=True)
    to = [settings.STAFF_EMAIL] if settings.STAFF_EMAIL else list(staff)
    waiting = Video.objects.living().filter(provider=line.provider).count()
    try:
        if to:
            send_mail(f"PetGroove: {line.provider} is closed", words_for(line, waiting), None, to)
    except OSError:
        log.exception("staff could not be told", extra={"line": line.pk})
        return
    line.record(told_at=timezone.now())


def words_for(line: Line, waiting: int) -> str:
    return (
        f"{line.provider} has taken no orders since {line.closed_since:%Y-%m-%d %H:%M} UTC:\n\n"
        f"    {line.reason}\n\n"
        f"{waiting} {'dance is' if waiting == 1 else 'dances are'} waiting; each gives its credit back if it is not "
        "ready by its promised time.\n"
        "Add credits, or mend the key or the account, at https://dev.runwayml.com/. Work goes on by itself as soon as "
        "the account is well: it is looked at every few minutes. `python manage.py doctor` tells more.\n"
    )
