"""A sign of life of every worker: one small row each, for readiness checks and the doctor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models

# How often a worker writes its row, and after how long a silence it counts as gone. One step may take minutes.
HEARTBEAT_INTERVAL = timedelta(seconds=15)
STALE_AFTER = timedelta(minutes=5)


class WorkerHeartbeatQuerySet(models.QuerySet["WorkerHeartbeat"]):
    def record(self, worker: str, queue: str, now: datetime) -> None:
        """``worker`` is here; rows of workers that went without a word are cleared away after a day."""
        self.update_or_create(worker=worker, defaults={"queue": queue, "seen_at": now})
        self.filter(seen_at__lt=now - timedelta(days=1)).delete()

    def alive(self, now: datetime) -> Self:
        return self.filter(seen_at__gt=now - STALE_AFTER)


class WorkerHeartbeat(models.Model):
    """One worker process; ``worker`` is its host and process id."""

    worker = models.CharField(max_length=100, primary_key=True)
    queue = models.CharField(max_length=10)
    seen_at = models.DateTimeField()

    objects: ClassVar = WorkerHeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.worker
