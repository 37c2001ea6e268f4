"""The state machine: claim one due row, do one step of it, record the outcome.

Everything slow (rendering, HTTP, storage) happens outside any transaction, under a lease that ``Watch`` keeps alive.
Whoever lost the lease stops and writes nothing.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from videos.models import LeaseLost, Leftover, Letter, Photo, Preview, ProviderStatus, Rubbish, Video
from videos.models.leases import Leased
from videos.worker.keepalive import UNENDABLE

log = logging.getLogger(__name__)

Row = Video | Preview | Photo | ProviderStatus | Letter | Rubbish | Leftover


def can_be_given_up(row: Row) -> bool:
    """Not a line or rubbish, which are looked at for ever, nor a leftover, which has an end of its own."""
    return not isinstance(row, ProviderStatus | Rubbish | Leftover)


def postpone(row: Leased, wait: timedelta, *, attempts: int) -> None:
    """Give the claim back; the row is due again after ``wait``."""
    row.as_claimed.update(due_at=timezone.now() + wait, attempts=attempts)


def give_up(row: Row, code: str) -> None:
    """End a row that cannot go on: a video with its credit returned, a photo as a print, a preview without a file.

    One that cannot even be ended (its charge is missing, say) waits for somebody to look at it, and the rest go on.
    """
    what: dict[str, object] = {str(row._meta.model_name): row.pk}
    try:
        if isinstance(row, Video):
            row.fail(code, timezone.now())
            log.warning("failed; the credit is back", extra={"video": row.pk, "code": code})
        elif isinstance(row, Photo):
            row.record(due_at=None, attempts=0, cut={"mode": "print"})
        else:
            row.record(due_at=None, attempts=0)
    except LeaseLost:
        log.warning("the lease was lost before it could be ended", extra=what)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("it could not be ended", extra=what)
        postpone(row, UNENDABLE, attempts=row.attempts)
