"""Tasks at a remote studio that nobody waits for any more: the worker deletes them there, with what they made."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone

from videos.leases import Leased, LeasedQuerySet


class LeftoverQuerySet(LeasedQuerySet["Leftover"]):
    def leave(self, provider: str, task_id: str, now: datetime) -> None:
        """Let the worker delete this task; told twice, it counts once."""
        self.get_or_create(task_id=task_id, defaults={"provider": provider, "due_at": now})


class Leftover(Leased):
    """One task to be deleted; the row goes when the studio has said that the task is gone."""

    provider = models.CharField(max_length=20)
    task_id = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = LeftoverQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.provider} {self.task_id}"
