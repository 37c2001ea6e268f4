"""Worker heartbeats: one row per worker process, for readiness checks and ``doctor``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models

# How often a worker updates its row.
HEARTBEAT_INTERVAL = timedelta(seconds=15)
# A single step may take minutes, so a worker counts as dead only after this long without a heartbeat.
STALE_AFTER = timedelta(minutes=5)


class WorkerHeartbeatQuerySet(models.QuerySet["WorkerHeartbeat"]):
    def record(self, worker: str, queue: str, now: datetime) -> None:
        """Record that ``worker`` is alive, and delete the rows of workers that crashed more than a day ago."""
        self.update_or_create(worker=worker, defaults={"queue": queue, "seen_at": now})
        self.filter(seen_at__lt=now - timedelta(days=1)).delete()

    def alive(self, now: datetime) -> Self:
        """Return the workers with a recent heartbeat."""
        return self.filter(seen_at__gt=now - STALE_AFTER)

    def rendering(self) -> Self:
        """Return the workers that render videos on their machine."""
        return self.exclude(queue="api")


class WorkerHeartbeat(models.Model):
    """The latest heartbeat of one worker process. ``worker`` is its host name and process id."""

    worker = models.CharField(max_length=100, primary_key=True)
    queue = models.CharField(max_length=10)
    seen_at = models.DateTimeField()

    objects: ClassVar = WorkerHeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.worker
