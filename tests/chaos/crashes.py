"""The database crashes twice while owners ask and workers work: ``python -m tests.chaos.crashes [SETTING=VALUE ...]``.

On a cluster of our own, which is stopped without a word and started again: once in the middle of a charge, once when a
video and its charge have just been committed. Ends with one JSON document: what was done, and what the verifier found.
The settings are the cluster's.
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

VIDEOS, WORKERS, PATIENCE = 36, 2, 120.0
# The cluster goes down after so many videos, at this point of a request.
CRASHES = [(9, "request: charged"), (20, "request: committed")]
# A crash waits for this many more requests until a worker has a video in hand.
MAX_POSTPONED = 10


class Scenario:
    def __init__(self, folder: Path, cluster: Cluster) -> None:
        from videos import failpoints

        self.folder, self.cluster, self.due = folder, cluster, list(CRASHES)
        self.pages: dict[Form, str] = {}
        self.failed_requests = self.under_way = 0
        failpoints.hook = self.crash_if_due

    def crash_if_due(self, point: str) -> None:
        if not self.due or point != self.due[0][1] or len(self.pages) < self.due[0][0]:
            return
        in_hand = count_in_progress()
        if not in_hand and len(self.pages) < self.due[0][0] + MAX_POSTPONED:
            return
        self.due.pop(0)
        self.under_way += in_hand
        self.cluster.crash()

    def retry_until_up(self, ask: Callable[[], str]) -> str:
        """Ask until the database answers; each time that it does not is counted."""
        deadline = time.monotonic() + PATIENCE
        while True:
            close_old_connections()
            try:
                return ask()
            except (DatabaseError, InterfaceError):
                self.failed_requests += 1
                connection.close()
                assert time.monotonic() < deadline, "the database does not come back"
                time.sleep(0.1)

    def ask(self, people: list[Owner]) -> None:
        """Each form is sent, as it is, until it leads to a page."""
        for number in range(VIDEOS):
            form = Form(people[number % len(people)], uuid.uuid4())
            self.pages[form] = self.retry_until_up(lambda form=form: page_of(form))

    def settle(self) -> None:
        """Until nothing is due any more."""
        deadline = time.monotonic() + PATIENCE
        while self.retry_until_up(remaining_work):
            assert time.monotonic() < deadline, f"still to be done: {remaining_work()}"
            time.sleep(0.2)

    def result(self) -> dict[str, object]:
        from tests.chaos.verifier import Verifier, message_ids
        from videos.models import Status, Video

        made = {tuple(line.split()) for line in (self.folder / "made").read_text().splitlines()}
        verifier = Verifier([], made, self.pages, message_ids(self.folder / "var" / "outbox"), 0)
        return {
            "violations": verifier.violations(),
            "asked": len(self.pages),
            "ready": Video.objects.filter(status=Status.SUCCEEDED).count(),
            "recoveries": self.cluster.log.read_text().count("automatic recovery in progress"),
            "turned away": self.failed_requests,
            "under way at a crash": self.under_way,
        }


def page_of(form: Form) -> str:
    """Where the form leads, as the page of a photo answers it."""
    from django.utils import timezone

    from videos import dances, formats
    from videos.models import Photo
    from videos.ordering import request_video

    photo = Photo.objects.select_related("user").get(user=form.owner.pk)
    choice = {"dance": dances.BY_SLUG["disco"], "shape": formats.BY_SLUG["tall"]}
    now = timezone.now()
    return request_video(user=photo.user, photo=photo, idempotency_key=form.key, now=now, **choice).get_absolute_url()


def count_in_progress() -> int:
    """How many videos a worker has in hand at this moment, which is waited for while there are others in line."""
    from videos.models import Status, Video

    deadline = time.monotonic() + PATIENCE
    while True:
        states = list(Video.objects.unfinished().values_list("status", flat=True))
        # One is the request's own.
        if Status.PROCESSING in states or len(states) < 2:
            return states.count(Status.PROCESSING)
        assert time.monotonic() < deadline, "no worker works"
        time.sleep(0.005)


def remaining_work() -> str:
    """What is still to be done, in words; empty when nothing is."""
    from videos.models import Video, VideoNotification

    due = {model: model.objects.exclude(due_at=None).count() for model in (Video, VideoNotification)}
    return ", ".join(f"{count} of {model.__name__}" for model, count in due.items() if count)


def run_scenario(folder: Path, cluster: Cluster) -> dict[str, object]:
    from django.core.management import call_command

    from tests.chaos import fake_studio

    call_command("migrate", verbosity=0)
    fake_studio.prepare(folder)
    people = create_owners(VIDEOS)[FEW_CREDITS + 1 :]
    with connection.cursor() as cursor:
        # All this is on the disk, whatever the settings.
        cursor.execute("CHECKPOINT")
    with (folder / "workers").open("ab") as log:
        pool = WorkerPool(folder, log)
        try:
            workers = [pool.spawn(f"worker-{number}", "all") for number in range(WORKERS)]
            scenario = Scenario(folder, cluster)
            scenario.ask(people)
            scenario.settle()
            lived = sum(is_running(pid) for pid in workers)
            for pid in workers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
        finally:
            pool.process.communicate()
    return scenario.result() | {"workers that lived on": lived}


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    bin_dir = binaries()
    if bin_dir is None:
        sys.exit("There is no initdb and pg_ctl here. On Debian: apt-get install postgresql")
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
