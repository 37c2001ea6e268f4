"""Rows that are jobs: due at a time, claimed under a lease, fenced by a claim number.

``due_at`` is both the schedule and the lease. A worker claims a row with one conditional UPDATE that moves ``due_at``
to the end of its lease and adds one to ``claim``. Every later write of that step filters by the same claim number. If
it matches no row, another worker has taken the lease and the step must stop. When a worker dies, its lease expires and
the row becomes due again. The loop that claims due rows therefore also recovers lost ones, and no row can get stuck.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import connections, models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy

# If other workers claim the row first, try again a few times, then wait for the next iteration of the loop.
MAX_CLAIM_TRIES = 5
# Delays between attempts at background jobs, which no owner is waiting for.
MIN_RETRY_DELAY, MAX_RETRY_DELAY = timedelta(seconds=30), timedelta(hours=1)


class LeaseLost(Exception):
    """Another worker holds the row now, or the row is finished. The result of this worker must be discarded."""


class LeasedQuerySet[Row: LeasedModel](models.QuerySet[Row]):
    def due(self, now: datetime) -> Self:
        """Return the rows that are due, in the order of this queryset if it has one, else the longest overdue first."""
        due = self.filter(due_at__lte=now)
        return due if due.query.order_by else due.order_by("due_at", "pk")

    def claim_next(self, now: datetime, lease: timedelta) -> Row | None:
        """Claim the first row that is due, for the duration of ``lease``. Return None if nothing is due."""
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

    ``claim`` is the fencing token and only ever grows. ``attempts`` counts the claims since the row last made progress.
    It sets the backoff, and distinguishes a row that kills its workers from one that only has to wait.
    """

    due_at = models.DateTimeField(gettext_lazy("due at"), null=True, blank=True, editable=False, db_index=True)
    claim = models.PositiveIntegerField(gettext_lazy("claim"), default=0, editable=False)
    attempts = models.PositiveIntegerField(gettext_lazy("attempts"), default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def claimed(self) -> models.QuerySet[Any]:
        """Return a queryset of this row that is empty once this claim is lost."""
        return type(self)._default_manager.filter(pk=self.pk, claim=self.claim, due_at__isnull=False)

    def update_claimed(self, **fields: Any) -> None:
        """Update ``fields`` in the row and on this instance. Raises LeaseLost and then writes nothing."""
        if not self.claimed.update(**fields):
            raise LeaseLost
        for name, value in fields.items():
            setattr(self, name, value)

    def retry_later(self, now: datetime) -> None:
        """Make the row due again after 30 s, 1, 2, 4, ... minutes, at most an hour. Raises LeaseLost."""
        self.update_claimed(due_at=now + min(MAX_RETRY_DELAY, MIN_RETRY_DELAY * 2 ** min(self.attempts - 1, 10)))

    def heartbeat(self, now: datetime, lease: timedelta, **fields: Any) -> None:
        """Extend the lease to ``lease`` from ``now``. Raises LeaseLost."""
        self.update_claimed(due_at=now + lease, **fields)
