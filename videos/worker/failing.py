"""Outcomes of a failed step: reschedule the row, or fail it permanently."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError

from videos import clock
from videos.models import (
    CardLoop,
    Guest,
    LeaseLost,
    Photo,
    Preview,
    ProviderStatus,
    ProviderTaskDeletion,
    StoredFileDeletion,
    Takedown,
    Video,
    VideoDeletion,
    VideoExport,
    VideoNotification,
)
from videos.models.leases import LeasedModel
from videos.photos.head import HeadSource
from videos.worker.keepalive import UNRESOLVABLE_DELAY

log = logging.getLogger(__name__)

Row = (
    Video
    | VideoExport
    | Preview
    | CardLoop
    | Photo
    | ProviderStatus
    | VideoNotification
    | Takedown
    | VideoDeletion
    | StoredFileDeletion
    | ProviderTaskDeletion
    | Guest
)


def can_fail_permanently(row: Row) -> bool:
    """Return whether ``row`` can be failed permanently.

    Provider checks and deletions here are retried forever, those of guests' photos as well. A provider task deletion
    expires by itself.
    """
    return not isinstance(row, ProviderStatus | VideoDeletion | StoredFileDeletion | ProviderTaskDeletion | Guest)


def reschedule(row: LeasedModel, wait: timedelta, *, attempts: int) -> None:
    """Release the claim and make the row due again after ``wait``."""
    row.claimed.update(due_at=clock.now() + wait, attempts=attempts)


def fail_permanently(row: Row, code: str) -> None:
    """End a row that cannot continue: refund a video, use a photo as a print, leave others without a file.

    A row that cannot be ended either, for example because its charge is missing, is retried every
    ``UNRESOLVABLE_DELAY`` until an operator repairs it. It does not block other rows.
    """
    context: dict[str, object] = {str(row._meta.model_name): row.pk}
    try:
        if isinstance(row, Video):
            row.fail(code, clock.now())
            log.warning("video failed, credit refunded", extra={"video": row.pk, "code": code})
        elif isinstance(row, Photo):
            print_only = {
                "cutout_info": {"mode": "print", "heads": []},
                "head_source": row.head_source or HeadSource.DETECTOR,
            }
            row.update_claimed(due_at=None, attempts=0, **print_only)
        else:
            row.update_claimed(due_at=None, attempts=0)
    except LeaseLost:
        log.warning("lease lost before the row could be failed", extra=context)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("row could not be failed", extra=context)
        reschedule(row, UNRESOLVABLE_DELAY, attempts=row.attempts)
