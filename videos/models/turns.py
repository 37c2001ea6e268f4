"""Fair share between owners: the line in which rows wait for a worker, or for a slot of a provider.

Each owner's waiting rows are numbered in the order of their requests: ``turn`` is how many of them are ahead.
``joined_at`` is when their owner joined the line. The line is sorted by both. When a row begins, its owner's other rows
move up by one turn, and the owner joins the line again, behind everybody. Owners therefore take turns: see
``docs/decisions/0025-fair-share.md`` for the proof that nobody waits for more than one of each other owner's rows per
own row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LINE_ORDER = ("turn", "joined_at", "created_at", "pk")
# The columns of an index over the rows that wait.
LINE_COLUMNS = ("turn", "joined_at", "created_at", "id")


class TurnFields(models.Model):
    """The place of a row in the line. The model has ``created_at`` as well, and is a LeasedModel."""

    turn = models.PositiveIntegerField(_("turn"), default=0, db_default=0, editable=False)
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        abstract = True

    @property
    def line_owner(self) -> models.Model:
        """Return the owner or guest whose turn it is with this row."""
        raise NotImplementedError

    @property
    def line_mates(self) -> models.QuerySet[Any]:
        """Return the rows of the same owner that wait in the same line, in their order."""
        raise NotImplementedError

    @contextmanager
    def line_lock(self) -> Iterator[None]:
        """Change the owner's part of the line in a transaction."""
        with transaction.atomic():
            lock(self.line_owner)
            yield

    def line_up(self, joined_at: datetime | None = None) -> None:
        """Number the owner's waiting rows again. ``joined_at`` is given if the owner joins the line again.

        Call it under ``line_lock``.
        """
        for row in renumber(self.line_mates, joined_at):
            if row.pk == self.pk:
                self.turn, self.joined_at = row.turn, row.joined_at


def lock(owner: models.Model) -> None:
    """Let the changes of one owner's part of a line wait for each other, until the end of the transaction.

    Lock the owner before any row, as ``close_account`` does; any other order would allow deadlocks. ``no_key`` lets
    other transactions check foreign keys to the owner.
    """
    rows = type(owner)._default_manager.select_for_update(of=("self",), no_key=True)
    rows.filter(pk=owner.pk).values_list("pk").first()


def waiting(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Return those of ``rows`` that no worker has begun, in the order of their requests."""
    return rows.filter(due_at__isnull=False, attempts=0).order_by("created_at", "pk")


def in_line(rows: models.QuerySet[Any]) -> Any:
    """Return ``rows`` in the order in which workers take them."""
    return rows.order_by(*LINE_ORDER)


def new_place(now: datetime) -> dict[str, Any]:
    """Return the fields of a row that is requested again: due, and behind the owners who wait already."""
    return {"due_at": now, "attempts": 0, "turn": 0, "joined_at": now}


def next_place(mates: models.QuerySet[Any], now: datetime) -> tuple[int, datetime]:
    """Return the ``turn`` and ``joined_at`` of a new row behind ``mates``, the waiting rows of its owner.

    Call it under the owner's lock, so that no two rows get the same turn.
    """
    found = mates.order_by().aggregate(count=models.Count("pk"), joined_at=models.Min("joined_at"))
    return found["count"], found["joined_at"] or now


def renumber(mates: models.QuerySet[Any], joined_at: datetime | None = None) -> list[Any]:
    """Number the waiting rows of one owner from 0, in their order. Return those that have changed.

    Without ``joined_at``, the earliest of theirs counts.
    """
    rows = list(mates.only("pk", "turn", "joined_at"))
    times = [row.joined_at for row in rows]
    # An owner never joins earlier than the last time, even if the clocks of two workers differ.
    joined_at = max([joined_at, *times]) if joined_at else min(times, default=None)
    changed = []
    for turn, row in enumerate(rows):
        if (row.turn, row.joined_at) != (turn, joined_at):
            row.turn, row.joined_at = turn, joined_at
            changed.append(row)
    if changed:
        mates.model._default_manager.bulk_update(changed, ["turn", "joined_at"], batch_size=100)
    return changed


def before(turn: Any, joined_at: Any, created_at: Any, pk: Any) -> Q:
    """Return the condition of the rows that are ahead of the given place in the line."""
    same_turn = Q(turn=turn)
    same_time = same_turn & Q(joined_at=joined_at)
    ahead = Q(turn__lt=turn) | (same_turn & Q(joined_at__lt=joined_at))
    return ahead | (same_time & Q(created_at__lt=created_at)) | (same_time & Q(created_at=created_at, pk__lt=pk))
