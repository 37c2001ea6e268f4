"""The processes of a scenario: the fake provider, the web server, and workers that die at failpoints."""

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
# Seconds until a worker that has not reached its failpoint is killed.
KILL_AFTER, MAX_KILL_AFTER = 6.0, 60.0


def web(port: int, log: Any) -> "subprocess.Popen[bytes]":
    """Start gunicorn with one process, which it replaces when it dies. It exits when its standard input closes."""
    command = [sys.executable, "-m", "gunicorn", "tests.chaos.wsgi", "--preload", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--threads", "2", "--log-level", "error"]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Server:
    """The fake Runway server, in its own process."""

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
    """The process that workers are forked from, so that a new one starts immediately."""

    def __init__(self, folder: Path, log: Any) -> None:
        command = [sys.executable, "-m", "tests.chaos.worker_pool", str(folder)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )

    def spawn(self, role: str, queue: str) -> int:
        """Start a worker and return its process id."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{role} {queue}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


class Worker:
    """A worker of one queue, restarted after each death. ``armed`` is the failpoint at which it must die.

    ``trigger`` is the file that names the failpoint. The dying worker deletes it.
    """

    def __init__(self, folder: Path, role: str, queue: str, pool: WorkerPool) -> None:
        self.role, self.queue, self.pool = role, queue, pool
        self.points = RENDER_POINTS if queue == "render" else WORKER_POINTS
        self.trigger, self.armed, self.started_at, self.kill_after = folder / role, "", 0.0, KILL_AFTER
        self.pid, self.work_provided_at = 0, 0.0

    @property
    def is_dead(self) -> bool:
        return not self.pid or not self.send_signal(0)

    def send_signal(self, number: int) -> bool:
        """Return False if there is no process to send the signal to."""
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return False
        return True

    def start(self, nth: int = 0, point: str = "") -> None:
        self.trigger.unlink(missing_ok=True)
        if point:
            self.trigger.write_text(f"{nth} {point}")
        self.armed, self.started_at = point, time.monotonic()
        self.pid = self.pool.spawn(self.role, self.queue)

    def kill_if_overdue(self) -> bool:
        """Kill it at a random point if it has not reached its failpoint in time. The next one gets more time."""
        if not self.trigger.exists() or time.monotonic() - self.started_at < self.kill_after:
            return False
        self.kill_after = min(MAX_KILL_AFTER, self.kill_after * 1.5)
        return self.send_signal(signal.SIGKILL)
