"""The processes of a scenario: the stand-in, the web, and workers that are told where to die."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.chaos.kill_targets import RENDER_POINTS, WORKER_POINTS

ROOT = Path(__file__).parents[2]
PATIENCE, LONGEST_PATIENCE = 6.0, 60.0


def web(port: int, log: Any) -> "subprocess.Popen[bytes]":
    """gunicorn with one process, which is forked anew whenever it has died. It ends when its standard input does."""
    command = [sys.executable, "-m", "gunicorn", "tests.chaos.wsgi", "--preload", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--worker-class", "gthread", "--threads", "2", "--log-level", "error"]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Server:
    """The stand-in Runway, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.runway.fake_server", "--until-stdin-closes", "--clips", "plain"]
        command += ["--pending", "0.2", "--running", "0.6", "--concurrency", "6", "--daily", "0"]
        command += ["--credits", "1000000", "--journal", str(folder / "journal.jsonl")]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.base = self.process.stdout.readline().strip()

    def control(self, method: str, lever: str, body: Any = None) -> Any:
        connection = http.client.HTTPConnection(self.base.removeprefix("http://"), timeout=30)
        try:
            connection.request(method, f"/_control/{lever}", json.dumps(body), {"Connection": "close"})
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


class WorkerPool:
    """The process that workers are forked from, so that a new one is there at once."""

    def __init__(self, folder: Path, log: Any) -> None:
        command = [sys.executable, "-m", "tests.chaos.worker_pool", str(folder)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )

    def spawn(self, role: str, queue: str) -> int:
        """The process id of a new worker."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{role} {queue}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


class Worker:
    """A worker of one queue, started again whenever it has died. ``armed`` is the point at which it is to die."""

    def __init__(self, folder: Path, role: str, queue: str, pool: WorkerPool) -> None:
        self.role, self.queue, self.pool = role, queue, pool
        self.points = RENDER_POINTS if queue == "render" else WORKER_POINTS
        self.order, self.armed, self.since, self.patience = folder / role, "", 0.0, PATIENCE
        self.pid, self.fed_at = 0, 0.0

    @property
    def is_dead(self) -> bool:
        return not self.pid or not self.signalled(0)

    def signalled(self, number: int) -> bool:
        """Whether there was a process to send the signal to."""
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return False
        return True

    def start(self, nth: int = 0, point: str = "") -> None:
        self.order.unlink(missing_ok=True)
        if point:
            self.order.write_text(f"{nth} {point}")
        self.armed, self.since = point, time.monotonic()
        self.pid = self.pool.spawn(self.role, self.queue)

    def kill_if_overdue(self) -> bool:
        """Kill it just anywhere when it has not come by its point for so long; the next one gets more time."""
        if not self.order.exists() or time.monotonic() - self.since < self.patience:
            return False
        self.patience = min(LONGEST_PATIENCE, self.patience * 1.5)
        return self.signalled(signal.SIGKILL)
