"""Rows that are jobs: due at a time, claimed under a lease, fenced by a claim number.

``due_at`` is schedule and lease at once. A worker claims a row with one conditional UPDATE that moves ``due_at`` to the
end of its lease and adds one to ``claim``. Every later write of that step asks for the same claim number; when no row
answers, the lease was lost to somebody else and the step must stop. A worker that dies simply lets the lease run out:
the loop that picks due rows is also the sweep, so nothing can be stuck.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import connections, models, transaction
from django.db.models import F

# A row that many workers want at once is tried a few times, then left for the next turn of the loop.
MAX_CLAIM_TRIES = 5
# Between two attempts at what nobody waits for.
MIN_RETRY_DELAY, MAX_RETRY_DELAY = timedelta(seconds=30), timedelta(hours=1)


class LeaseLost(Exception):
    """Somebody else holds the row now, or it has ended: what this worker knows no longer counts."""


class LeasedQuerySet[Row: LeasedModel](models.QuerySet[Row]):
    def due(self, now: datetime) -> Self:
        """The rows whose time has come, the longest due first."""
        return self.filter(due_at__lte=now).order_by("due_at", "pk")

    def claim_next(self, now: datetime, lease: timedelta) -> Row | None:
        """Take the row that is due the longest, for the length of ``lease``; None when nothing is due."""
        for _ in range(MAX_CLAIM_TRIES):
            with transaction.atomic(using=self.db):
                due = self.due(now)
                if connections[self.db].features.has_select_for_update_skip_locked:
                    due = due.select_for_update(skip_locked=True, of=("self",))
                row = due.values_list("pk", "claim").first()
                if row is None:
                    return None
                pk, claim = row
                taken = self.model._default_manager.filter(pk=pk, claim=claim, due_at__lte=now).update(
                    due_at=now + lease, claim=F("claim") + 1, attempts=F("attempts") + 1
                )
            if taken:
                return self.model._default_manager.get(pk=pk)
        return None


class LeasedModel(models.Model):
    """A row that is a job. ``due_at`` is empty when there is nothing left to do.

    ``claim`` only ever grows: it is the fencing token. ``attempts`` counts the claims since the row last moved on; it
    sets the back-off, and tells a row that kills its workers from one that has merely to wait.
    """

    due_at = models.DateTimeField(null=True, blank=True, editable=False, db_index=True)
    claim = models.PositiveIntegerField(default=0, editable=False)
    attempts = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def claimed(self) -> models.QuerySet[Any]:
        """This row, as long as this claim holds."""
        return type(self)._default_manager.filter(pk=self.pk, claim=self.claim, due_at__isnull=False)

    def update_claimed(self, **fields: Any) -> None:
        """Write ``fields`` under this claim, here and in the row. Raises LeaseLost; nothing is written then."""
        if not self.claimed.update(**fields):
            raise LeaseLost
        for name, value in fields.items():
            setattr(self, name, value)

    def retry_later(self, now: datetime) -> None:
        """Due again after 30 s, 1, 2, 4, ... minutes, at most an hour. Raises LeaseLost."""
        self.update_claimed(due_at=now + min(MAX_RETRY_DELAY, MIN_RETRY_DELAY * 2 ** min(self.attempts - 1, 10)))

    def heartbeat(self, now: datetime, lease: timedelta, **fields: Any) -> None:
        """Heartbeat: the lease runs anew from ``now``. Raises LeaseLost."""
        self.update_claimed(due_at=now + lease, **fields)
