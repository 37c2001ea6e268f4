"""The state machine: claim one due row, do one step of it, record the outcome.

Everything slow (rendering, HTTP, storage) happens outside any transaction, under a lease that ``ProgressReporter``
keeps alive. Whoever lost the lease stops and writes nothing.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from videos.models import (
    LeaseLost,
    Photo,
    Preview,
    ProviderStatus,
    ProviderTaskDeletion,
    StoredFileDeletion,
    Video,
    VideoNotification,
)
from videos.models.leases import LeasedModel
from videos.worker.keepalive import UNRESOLVABLE_DELAY

log = logging.getLogger(__name__)

Row = Video | Preview | Photo | ProviderStatus | VideoNotification | StoredFileDeletion | ProviderTaskDeletion


def can_fail_permanently(row: Row) -> bool:
    """Not a line or rubbish, which are looked at for ever, nor a leftover, which has an end of its own."""
    return not isinstance(row, ProviderStatus | StoredFileDeletion | ProviderTaskDeletion)


def reschedule(row: LeasedModel, wait: timedelta, *, attempts: int) -> None:
    """Give the claim back; the row is due again after ``wait``."""
    row.claimed.update(due_at=timezone.now() + wait, attempts=attempts)


def fail_permanently(row: Row, code: str) -> None:
    """End a row that cannot go on: a video with its credit returned, a photo as a print, a preview without a file.

    One that cannot even be ended (its charge is missing, say) waits for somebody to look at it, and the rest go on.
    """
    context: dict[str, object] = {str(row._meta.model_name): row.pk}
    try:
        if isinstance(row, Video):
            row.fail(code, timezone.now())
            log.warning("failed; the credit is back", extra={"video": row.pk, "code": code})
        elif isinstance(row, Photo):
            row.update_claimed(due_at=None, attempts=0, cutout_info={"mode": "print"})
        else:
            row.update_claimed(due_at=None, attempts=0)
    except LeaseLost:
        log.warning("lease lost before the row could be failed", extra=context)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("the row could not be failed", extra=context)
        reschedule(row, UNRESOLVABLE_DELAY, attempts=row.attempts)
