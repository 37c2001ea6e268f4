"""Run a worker: process due steps one at a time until a signal stops it."""

import logging
import math
import signal
import socket
import threading
import time
from contextlib import suppress
from itertools import count
from multiprocessing import current_process
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from videos import clock
from videos.models import WorkerHeartbeat
from videos.models.heartbeat import HEARTBEAT_INTERVAL
from videos.worker import work_folders
from videos.worker.runner import QUEUES, work_once

log = logging.getLogger(__name__)

# Seconds between two searches for the folders of killed workers.
CLEANING_INTERVAL = 60.0


class Command(BaseCommand):
    help = "Process due videos. Run any number of workers. Stop one with SIGTERM; killing it loses no video."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--queue",
            choices=QUEUES,
            default="all",
            help="api: only requests to a remote provider and downloads from it; render: only work on this machine.",
        )
        parser.add_argument("--once", action="store_true", help="Exit as soon as nothing is due.")
        parser.add_argument("--pause", type=float, default=1.0, help="Seconds to wait when nothing is due.")

    def handle(self, *, queue: str, once: bool, pause: float, **options: Any) -> None:
        stop = threading.Event()

        def on_signal(number: int, frame: FrameType | None) -> None:
            stop.set()

        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, on_signal)
        log.info("worker started", extra={"queue": queue})
        heartbeat, cleaner = HeartbeatSender(queue), WorkFolderCleaner()
        for rotation in count():
            if stop.is_set():
                break
            heartbeat.record()
            cleaner.clean()
            if not run_once(stop, queue, rotation) and not stop.is_set():
                if once:
                    break
                stop.wait(pause)
        heartbeat.stop()
        log.info("worker stopped")


class HeartbeatSender:
    """Records the worker's heartbeat in the database, and removes it when the worker stops."""

    def __init__(self, queue: str) -> None:
        self.queue, self.worker, self.last = queue, f"{socket.gethostname()}:{current_process().pid}"[:100], -math.inf

    def record(self) -> None:
        if time.monotonic() - self.last >= HEARTBEAT_INTERVAL.total_seconds():
            self.last = time.monotonic()
            with suppress(DatabaseError, InterfaceError):
                WorkerHeartbeat.objects.record(self.worker, self.queue, clock.now())

    def stop(self) -> None:
        with suppress(DatabaseError, InterfaceError):
            WorkerHeartbeat.objects.filter(worker=self.worker).delete()


class WorkFolderCleaner:
    """Deletes what killed workers of this machine left behind: at the start, and every minute."""

    def __init__(self) -> None:
        self.last = -math.inf

    def clean(self) -> None:
        if time.monotonic() - self.last >= CLEANING_INTERVAL:
            self.last = time.monotonic()
            work_folders.delete_abandoned()


def run_once(stop: threading.Event, queue: str, rotation: int) -> bool:
    """Run one due step. Return False if none is due or the database is unavailable."""
    close_old_connections()
    try:
        return work_once(stop.is_set, queue, rotation)
    except (DatabaseError, InterfaceError):
        # The server is unavailable or the SQLite file is locked. Claimed rows fall due again when their lease expires.
        log.exception("database unavailable, retrying")
        connection.close()
        time.sleep(1)
        return False
