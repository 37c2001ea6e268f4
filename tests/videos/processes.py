"""Real worker processes that share the database and the storage of a test that commits."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parent.parent.parent
# Seconds to wait for a process. No test asserts how long it takes.
PATIENCE = 300.0
KILLED = str(-signal.SIGKILL)


def child_environment() -> dict[str, str]:
    """Return the environment of a process that shares the database and the storage of this test."""
    options = connection.settings_dict
    database = options["NAME"]
    url = (
        f"sqlite:///{database}"
        if connection.vendor == "sqlite"
        else f"postgresql://{options['USER']}:{options['PASSWORD']}@{options['HOST']}:{options['PORT']}/{database}"
    )
    media = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    return os.environ | {"DATABASE_URL": url, "VAR_DIR": str(media.parent), "LEASE_SECONDS": "3"}


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the condition did not become true in time"
        time.sleep(0.05)


@contextmanager
def run_workers(folder: Path, clip: bytes, poison: str = "", queue: str = "render", **changes: str) -> Iterator[None]:
    """Run one worker after another, as a supervisor does, with a studio that returns the clip.

    ``folder/worker`` says where the next worker dies: ``<pass> <point>``, as in ``tests.chaos.failpoints``. The video
    with the id ``poison`` kills every worker that renders it.
    """
    (folder / "clip.mp4").write_bytes(clip)
    command = [sys.executable, "-m", "tests.chaos.worker_restarter", str(folder), poison, queue]
    process = subprocess.Popen(command, cwd=ROOT, env=child_environment() | changes, start_new_session=True)
    try:
        yield
        assert process.poll() is None
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def exit_codes(folder: Path) -> list[str]:
    """Return the exit code of each worker that has ended, negative for a signal."""
    return (folder / "ends").read_text().split() if (folder / "ends").exists() else []
