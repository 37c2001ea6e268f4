"""Database connections terminated in the middle of a step: the worker survives and nothing is lost."""

import itertools
import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts.models import User
from credits import ledger
from tests.chaos.kill_targets import WORKER_POINTS
from tests.remote.conftest import Site
from videos import failpoints
from videos.management.commands.worker import run_once
from videos.models import ProviderStatus, Status, Video, VideoNotification

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def terminate_connections() -> None:
    """Terminate this worker's connection on the server, as an administrator or a failover does."""
    params = connection.get_connection_params()
    backend = connection.connection.info.backend_pid
    target = {name: params[name] for name in ("dbname", "user", "password", "host", "port") if params.get(name)}
    with psycopg.connect(**target, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])


@pytest.fixture
def cut_points() -> Iterator[list[str]]:
    """A list of failpoints; the connection is terminated at each, once."""
    due: list[str] = []

    def hook(point: str) -> None:
        if point in due:
            due.remove(point)
            terminate_connections()

    failpoints.hook = hook
    yield due
    failpoints.hook = None
    connection.close()


def run_until_done(site: Site, rounds: int = 40) -> None:
    """Advance time and run the worker loop until every video is finished and every notification sent."""
    stop, rotations = threading.Event(), itertools.count()
    for _ in range(rounds):
        site.fake_server.advance(6)
        for rows in (
            Video.objects.unfinished(),
            *(model.objects.exclude(due_at=None) for model in (ProviderStatus, VideoNotification)),
        ):
            rows.update(due_at=timezone.now())
        while run_once(stop, "api", next(rotations)):
            pass
        if not Video.objects.unfinished().exists() and not VideoNotification.objects.exclude(due_at=None).exists():
            return
    raise AssertionError(f"still unfinished: {list(Video.objects.unfinished().values('status', 'step', 'attempts'))}")


def test_connection_lost_at_any_point_loses_nothing(site: Site, cut_points: list[str], owner: User) -> None:
    ledger.grant(owner, len(WORKER_POINTS), reason="For the tests", by=None)
    for point in WORKER_POINTS:
        if point in ("end: failing", "end: failed"):
            site.fake_server.fault("create", "answer", status=400, error="Invalid asset: promptImage")
        cut_points.append(point)
        video = site.video(now=timezone.now())
        run_until_done(site)
        assert cut_points == [], point
        video.refresh_from_db()
        # A rejection that could not be saved counts as a lost response: the order is sent again.
        assert video.status == (Status.FAILED if point == "end: failed" else Status.SUCCEEDED), point
        assert len(site.accepted(video)) <= video.submissions <= 2, point
    site.verify()
    assert len({message.message()["Message-ID"] for message in mail.outbox}) == len(WORKER_POINTS)
