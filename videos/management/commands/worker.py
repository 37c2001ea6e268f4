"""The worker: makes what is due, one step after the other, until it is told to stop."""

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
from django.utils import timezone

from videos.models import WorkerHeartbeat
from videos.models.heartbeat import HEARTBEAT_INTERVAL
from videos.worker.clock import Clock
from videos.worker.runner import QUEUES, work_once

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Make the videos that are due. Start as many as you like; stop them with SIGTERM, or kill them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--queue",
            choices=QUEUES,
            default="all",
            help="api: only what a remote studio is asked and what is fetched from it; render: only what is made here.",
        )
        parser.add_argument("--once", action="store_true", help="Stop as soon as nothing is due.")
        parser.add_argument("--pause", type=float, default=1.0, help="Seconds between two looks at an empty line.")

    def handle(self, *, queue: str, once: bool, pause: float, **options: Any) -> None:
        stop = threading.Event()

        def on_signal(number: int, frame: FrameType | None) -> None:
            stop.set()

        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, on_signal)
        log.info("worker started", extra={"queue": queue})
        heartbeat, clock = HeartbeatSender(queue), Clock()
        for rotation in count():
            if stop.is_set():
                break
            heartbeat.record()
            if not run_once(stop, queue, rotation, clock) and not stop.is_set():
                if once:
                    break
                stop.wait(pause)
        heartbeat.stop()
        log.info("worker stopped")


class HeartbeatSender:
    """Tells the database now and then that this worker is here, and at the end that it left."""

    def __init__(self, queue: str) -> None:
        self.queue, self.worker, self.last = queue, f"{socket.gethostname()}:{current_process().pid}"[:100], -math.inf

    def record(self) -> None:
        if time.monotonic() - self.last >= HEARTBEAT_INTERVAL.total_seconds():
            self.last = time.monotonic()
            with suppress(DatabaseError, InterfaceError):
                WorkerHeartbeat.objects.record(self.worker, self.queue, timezone.now())

    def stop(self) -> None:
        with suppress(DatabaseError, InterfaceError):
            WorkerHeartbeat.objects.filter(worker=self.worker).delete()


def run_once(stop: threading.Event, queue: str, rotation: int, clock: Clock | None = None) -> bool:
    """One step of whatever is due; False when there was nothing to do, no time to trust or no database to ask."""
    close_old_connections()
    try:
        if clock and not clock.is_trustworthy():
            return False
        return work_once(stop.is_set, queue, rotation)
    except (DatabaseError, InterfaceError):
        # The server went away or the file is busy. What was claimed falls due again by itself.
        log.exception("the database did not answer; trying again")
        connection.close()
        time.sleep(1)
        return False
