"""Worker heartbeats: one row per worker process, for readiness checks and ``doctor``."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models

# How often a worker updates its row.
HEARTBEAT_INTERVAL = timedelta(seconds=15)
# A single step may take minutes, so a worker counts as dead only after this long without a heartbeat.
STALE_AFTER = timedelta(minutes=5)
# A worker that misses this many seconds of heartbeats is reported.
SILENT_AFTER = 3 * HEARTBEAT_INTERVAL


class WorkerHeartbeatQuerySet(models.QuerySet["WorkerHeartbeat"]):
    def record(self, worker: str, queue: str, now: datetime) -> None:
        """Record that ``worker`` is alive, and delete the rows of workers that crashed more than a day ago."""
        self.update_or_create(worker=worker, defaults={"queue": queue, "seen_at": now})
        self.filter(seen_at__lt=now - timedelta(days=1)).delete()

    def running(self, now: datetime) -> list[WorkerHeartbeat]:
        """Return the workers with a recent heartbeat, without those that are known to be dead."""
        return [heartbeat for heartbeat in self.alive(now).order_by("worker") if not heartbeat.is_dead(now)]

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

    def is_silent(self, now: datetime) -> bool:
        """Whether heartbeats are missing: the worker is busy with a long step, or dead."""
        return now - self.seen_at > SILENT_AFTER

    def is_dead(self, now: datetime) -> bool:
        """Whether heartbeats are missing and its process is gone. Of another machine's processes, nothing is known."""
        host, _, process = self.worker.rpartition(":")
        if not self.is_silent(now) or host != socket.gethostname() or not process.isdigit():
            return False
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False
