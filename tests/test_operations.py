"""What operators rely on: readiness that tells the truth, lines with a request's id, a web server of the right size."""

import json
import logging
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from petgroove import logs, sentry
from petgroove.middleware import request_id
from tests.failing_queries import failing_queries
from videos.models import WorkerHeartbeat

ROOT = Path(__file__).parent.parent
WELL = dict.fromkeys(("database", "migrations", "storage", "cache", "static", "worker"), "ok")


@pytest.fixture
def worker(db: None) -> None:
    WorkerHeartbeat.objects.record("here:1", "all", timezone.now())


def test_ready_when_all_parts_are_ready(client: Client, worker: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json(), answer.headers["Cache-Control"]) == (200, WELL, "no-store")


def test_not_ready_without_a_worker(client: Client, worker: None) -> None:
    WorkerHeartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=6))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, WELL | {"worker": "wrong"})


def test_not_ready_without_storage_and_gives_no_reason(
    client: Client, worker: None, settings: Any, tmp_path: Path
) -> None:
    location = {"location": tmp_path / "secret" / "media", "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": location}}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, WELL | {"storage": "wrong"})
    assert b"secret" not in answer.content


def test_not_ready_before_the_migrations(client: Client, worker: None) -> None:
    MigrationRecorder.Migration.objects.filter(app="videos").latest("pk").delete()
    assert client.get("/readyz").json() == WELL | {"migrations": "wrong"}


def test_not_ready_without_a_database(client: Client, worker: None) -> None:
    with failing_queries(OperationalError("secret.example refused")):
        told = client.get("/readyz")
    assert (told.status_code, told.json()["database"], told.json()["storage"]) == (503, "wrong", "ok")
    assert b"secret" not in told.content
    assert client.get("/healthz").status_code == 200


def test_not_ready_with_a_lossy_cache(client: Client, worker: None, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, WELL | {"cache": "wrong"})


def test_not_ready_without_collected_static_files(client: Client, worker: None, settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}
    assert client.get("/readyz").json() == WELL | {"static": "wrong"}


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "evil.example", "nonsense host"])
def test_health_checks_answer_any_host_and_pages_do_not(client: Client, worker: None, host: str) -> None:
    named = {"headers": {"Host": host}}
    assert [client.get(path, **named).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    for path in ("/", "/healthz/", "/account/login/"):
        assert client.get(path, **named).status_code == 400
    assert client.post("/healthz").status_code == 405


def test_release_prepares_the_database_only() -> None:
    """It runs on a machine of its own that is thrown away: static files belong to the build."""
    told = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert told["release"] == "python manage.py migrate --noinput"


def test_liveness_ignores_everything_else(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_worker_heartbeat_is_removed_at_exit(db: None, capsys: Any) -> None:
    from videos.management.commands.worker import HeartbeatSender

    heartbeat = HeartbeatSender("api")
    heartbeat.record()
    heartbeat.record()
    row = WorkerHeartbeat.objects.get()
    assert (row.queue, row.worker) == ("api", heartbeat.worker)
    heartbeat.stop()
    assert not WorkerHeartbeat.objects.exists()


@pytest.mark.parametrize("given", ["", "short", "a b c d e f g h", "x" * 65, 'id" level=ERROR', "ünïcödé-12"])
def test_request_id_is_ours_unless_a_proxy_sent_one(client: Client, given: str) -> None:
    made = client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert len(made) == 32
    assert made != given
    assert client.get("/healthz", headers={"X-Request-ID": "proxy-0123456"}).headers["X-Request-ID"] == "proxy-0123456"


def test_log_lines_carry_the_request_id(db: None, client: Client, caplog: Any) -> None:
    caplog.handler.addFilter(request_id.RequestIdFilter())
    caplog.handler.setFormatter(logs.LogfmtFormatter())
    client.get("/photos/no-such-page/", headers={"X-Request-ID": "proxy-0123456"})
    logging.getLogger("videos").warning("elsewhere")
    within, elsewhere = caplog.text.strip().splitlines()[-2:]
    assert "request_id=proxy-0123456" in within
    assert "request_id" not in elsewhere


def test_invalid_dsn_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="SENTRY_DSN is invalid"):
        sentry.start("not a dsn", "test")


REDIS = "redis://127.0.0.1:6379/0"
# Each environment, and how many processes gunicorn has there.
PROCESSES = [
    ({"REDIS_URL": REDIS}, 2),
    ({"REDIS_URL": REDIS, "WEB_CONCURRENCY": "5"}, 5),
    ({"CACHE_URL": REDIS, "WEB_CONCURRENCY": "5"}, 5),
    ({}, 1),
    ({"WEB_CONCURRENCY": "5"}, 1),
]
# Prints what gunicorn makes of its configuration in each of the environments on the standard input. It needs a process
# of its own: the configuration tunes the memory of the process that reads it.
GUNICORN = """
import json, os, sys
from gunicorn.app.wsgiapp import WSGIApplication
cases, around = json.load(sys.stdin), dict(os.environ)
for environment in cases:
    os.environ.clear()
    os.environ.update(around | environment)
    told = WSGIApplication().cfg
    print(json.dumps([told.worker_class_str, told.workers, told.threads, told.control_socket_disable]))
"""


def test_gunicorn_uses_several_processes_only_with_redis() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", GUNICORN, "petgroove.wsgi"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "WEB_CONCURRENCY"},
        input=json.dumps([environment for environment, _ in PROCESSES]),
        capture_output=True,
        text=True,
        check=True,
    )
    # The last word: nothing but signals commands it.
    assert [json.loads(line) for line in ran.stdout.splitlines()] == [
        ["gthread", processes, 8, True] for _, processes in PROCESSES
    ]
