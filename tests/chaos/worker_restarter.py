"""Restart a worker each time it exits: ``python -m tests.chaos.worker_restarter FOLDER [POISON [QUEUE]]``.

Each worker is a fork of this process, which has imported everything and holds no database connection. Each exit code
becomes a line of ``FOLDER/ends``. The studio serves ``FOLDER/clip.mp4`` for every video but POISON. A worker that
renders the video with this id, or prepares its photo for the provider, is killed.
"""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

django.setup()

from tests.chaos.failpoints import arm  # noqa: E402
from videos.models import Video  # noqa: E402
from videos.providers import registry  # noqa: E402
from videos.providers.base import Order, Report  # noqa: E402
from videos.worker import inputs, keepalive  # noqa: E402

FOLDER, POISON = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
QUEUE = sys.argv[3] if len(sys.argv) > 3 else "render"
ROLE = "worker"


class FakeStudio:
    name = "studio"

    def render(self, order: Order, into: Path, report: Report) -> None:
        report(0.5)
        if order.video_id == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        into.write_bytes((FOLDER / "clip.mp4").read_bytes())


real_remote_order = inputs.remote_order


def remote_order(video: Video) -> Order:
    if str(video.pk) == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    return real_remote_order(video)


inputs.remote_order = remote_order
settings.LEASE_DURATION = timedelta(seconds=0.5)
keepalive.LEASE_EXTENSION_INTERVAL = 0
registry.local_provider = lambda name: FakeStudio()  # type: ignore[assignment]
arm(FOLDER, ROLE)
while True:
    if not (child := os.fork()):
        call_command("worker", queue=QUEUE, pause=0.05)
        os._exit(0)
    exit_code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with (FOLDER / "ends").open("a") as file:
        file.write(f"{exit_code}\n")
