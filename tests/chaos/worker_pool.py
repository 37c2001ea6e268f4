"""Fork workers with shortened delays: ``python -m tests.chaos.worker_pool FOLDER``.

The pool has imported everything and holds no database connection. For each line ``ROLE QUEUE`` on its standard input,
it forks a real worker, armed to die at a failpoint, and prints its process id. At the end of the input it kills the
remaining workers. If the pool dies, its workers die with it.
"""

import os
import signal
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import django
from django.core.management import call_command

django.setup()

from tests.chaos.failpoints import arm  # noqa: E402
from tests.chaos.fake_studio import FakeStudio  # noqa: E402
from tests.chaos.parent_watch import die_with_parent  # noqa: E402
from videos.models import provider_status  # noqa: E402
from videos.providers import registry  # noqa: E402
from videos.studio.audio import music  # noqa: E402, F401
from videos.studio.encoding import mp4, poster  # noqa: E402, F401
from videos.studio.segmentation import cutout  # noqa: E402, F401
from videos.worker import keepalive  # noqa: E402
from videos.worker.remote import (  # noqa: E402
    admission,
    retries,
    submission,
)

FOLDER = Path(sys.argv[1])
READ_END, WRITE_END = os.pipe()

# The production delays, about twenty times as short.
retries.POLL_SECONDS, retries.POLL_JITTER = 0.3, 0.1
retries.UNAVAILABLE_DELAY = retries.RESUBMIT_DELAY = timedelta(seconds=0.5)
retries.MAX_RETRY_AFTER = timedelta(seconds=1)
submission.submission_lease = lambda provider: timedelta(seconds=4)
keepalive.MAX_BACKOFF, keepalive.LEASE_EXTENSION_INTERVAL = 1.0, 0.1
admission.RETRY_DELAY_PER_POSITION, admission.MAX_RETRY_DELAY = timedelta(seconds=0.2), timedelta(seconds=1)
provider_status.MIN_RECHECK_INTERVAL = provider_status.MAX_RECHECK_INTERVAL = timedelta(seconds=1)
provider_status.CHECK_INTERVAL = timedelta(seconds=20)
registry.local_provider = lambda name: FakeStudio(FOLDER)  # type: ignore[assignment]


def work(role: str, queue: str) -> None:
    """Run a worker in the forked child, and exit."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.close(WRITE_END)
    die_with_parent(READ_END)
    os.dup2(2, 1)
    arm(FOLDER, role)
    try:
        call_command("worker", queue=queue, pause=0.1)
    finally:
        os._exit(0)


# The kernel reaps dead workers immediately, so a check of their process ids fails at once.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
children = []
try:
    for order in sys.stdin:
        if not (child := os.fork()):
            work(*order.split())
        children.append(child)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
finally:
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
