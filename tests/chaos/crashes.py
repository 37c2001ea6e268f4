"""Crash the database while owners and workers are active: ``python -m tests.chaos.crashes [SETTING=VALUE ...]``.

The scenario runs on a temporary PostgreSQL cluster with these settings. The cluster is stopped immediately and
restarted twice: during a charge, and directly after the commit of a video and its charge. The last line of the output
is a JSON document with the figures and the verifier's violations.
"""

import json
import os
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import django
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

import tests.environment  # noqa: F401
from tests.chaos.owners import FEW_CREDITS, Form, Owner, create_owners
from tests.chaos.processes import WorkerPool
from tests.postgres import Cluster, binaries, throw_away

VIDEOS, WORKERS, TIMEOUT = 36, 2, 120.0
# The cluster crashes after this many videos, at this point of a request.
CRASHES = [(9, "request: charged"), (20, "request: committed")]
# Postpone a crash by at most this many requests until a worker is processing a video.
MAX_POSTPONED = 10


class Scenario:
    """The owners' requests, and the crashes during them."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        from videos import failpoints

        self.folder, self.cluster, self.due = folder, cluster, list(CRASHES)
        self.pages: dict[Form, str] = {}
        self.failed_requests = self.in_progress = 0
        failpoints.hook = self.crash_if_due

    def crash_if_due(self, point: str) -> None:
        """Crash the cluster if the next crash is due at this point, preferably while a worker is busy."""
        if not self.due or point != self.due[0][1] or len(self.pages) < self.due[0][0]:
            return
        in_progress = count_in_progress()
        if not in_progress and len(self.pages) < self.due[0][0] + MAX_POSTPONED:
            return
        self.due.pop(0)
        self.in_progress += in_progress
        self.cluster.crash()

    def retry_until_up(self, function: Callable[[], str]) -> str:
        """Call ``function`` until the database is available again, and count the failures."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            close_old_connections()
            try:
                return function()
            except (DatabaseError, InterfaceError):
                self.failed_requests += 1
                connection.close()
                assert time.monotonic() < deadline, "the database does not recover"
                time.sleep(0.1)

    def send_forms(self, owners: list[Owner]) -> None:
        """Send each form, unchanged, until it leads to a page."""
        for number in range(VIDEOS):
            form = Form(owners[number % len(owners)], uuid.uuid4())
            self.pages[form] = self.retry_until_up(lambda form=form: page_of(form))

    def wait_until_done(self) -> None:
        """Wait until no work is due."""
        deadline = time.monotonic() + TIMEOUT
        while self.retry_until_up(remaining_work):
            assert time.monotonic() < deadline, f"unfinished: {remaining_work()}"
            time.sleep(0.2)

    def result(self) -> dict[str, object]:
        from tests.chaos.verifier import Verifier, message_ids
        from videos.models import Status, Video

        rendered = {tuple(line.split()) for line in (self.folder / "made").read_text().splitlines()}
        verifier = Verifier([], rendered, self.pages, message_ids(self.folder / "var" / "outbox"), 0)
        return {
            "violations": verifier.violations(),
            "requested": len(self.pages),
            "ready": Video.objects.filter(status=Status.SUCCEEDED).count(),
            "recoveries": self.cluster.log.read_text().count("automatic recovery in progress"),
            "failed requests": self.failed_requests,
            "in progress at a crash": self.in_progress,
        }


def page_of(form: Form) -> str:
    """Request the form's video as the photo page does, and return the URL of the video."""
    from django.utils import timezone

    from videos import dances, formats
    from videos.models import Photo
    from videos.ordering import request_video

    photo = Photo.objects.select_related("user").get(user=form.owner.pk)
    choice = {"dance": dances.BY_SLUG["disco"], "shape": formats.BY_SLUG["tall"]}
    now = timezone.now()
    return request_video(user=photo.user, photo=photo, idempotency_key=form.key, now=now, **choice).get_absolute_url()


def count_in_progress() -> int:
    """Return the number of videos in progress. If other videos are queued, wait until a worker claims one."""
    from videos.models import Status, Video

    deadline = time.monotonic() + TIMEOUT
    while True:
        states = list(Video.objects.unfinished().values_list("status", flat=True))
        # One of them belongs to this request.
        if Status.PROCESSING in states or len(states) < 2:
            return states.count(Status.PROCESSING)
        assert time.monotonic() < deadline, "no worker claims a video"
        time.sleep(0.005)


def remaining_work() -> str:
    """Describe the work that is due. Empty if there is none."""
    from videos.models import Video, VideoNotification

    due = {model: model.objects.exclude(due_at=None).count() for model in (Video, VideoNotification)}
    return ", ".join(f"{count} of {model.__name__}" for model, count in due.items() if count)


def run_scenario(folder: Path, cluster: Cluster) -> dict[str, object]:
    from django.core.management import call_command

    from tests.chaos import fake_studio

    call_command("migrate", verbosity=0)
    fake_studio.prepare(folder)
    owners = create_owners(VIDEOS)[FEW_CREDITS + 1 :]
    with connection.cursor() as cursor:
        # Write everything so far to disk, even with asynchronous commits.
        cursor.execute("CHECKPOINT")
    with (folder / "workers").open("ab") as log:
        pool = WorkerPool(folder, log)
        try:
            workers = [pool.spawn(f"worker-{number}", "all") for number in range(WORKERS)]
            scenario = Scenario(folder, cluster)
            scenario.send_forms(owners)
            scenario.wait_until_done()
            survivors = sum(is_running(pid) for pid in workers)
            for pid in workers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
        finally:
            pool.process.communicate()
    return scenario.result() | {"surviving workers": survivors}


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    bin_dir = binaries()
    if bin_dir is None:
        sys.exit("initdb and pg_ctl not found. Install PostgreSQL (Debian: apt-get install postgresql).")
    with (
        tempfile.TemporaryDirectory(prefix="petgroove-restart-") as name,
        throw_away(bin_dir, *sys.argv[1:]) as cluster,
    ):
        folder = Path(name)
        os.environ.update(
            {
                "DJANGO_SETTINGS_MODULE": "petgroove.settings",
                "DATABASE_URL": cluster.url,
                "VAR_DIR": str(folder / "var"),
                "LEASE_SECONDS": "3",
            }
        )
        django.setup()
        sys.stdout.write(json.dumps(run_scenario(folder, cluster)) + "\n")


if __name__ == "__main__":
    main()
