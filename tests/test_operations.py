"""Operations: health checks, request ids in logs, error reporting and the gunicorn configuration."""

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
HEALTHY = dict.fromkeys(("database", "migrations", "storage", "cache", "static", "worker"), "ok")


@pytest.fixture
def worker(db: None) -> None:
    WorkerHeartbeat.objects.record("here:1", "all", timezone.now())


def test_ready_when_all_parts_are_ready(client: Client, worker: None) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json(), response.headers["Cache-Control"]) == (200, HEALTHY, "no-store")


def test_not_ready_without_a_worker(client: Client, worker: None) -> None:
    WorkerHeartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=6))
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, HEALTHY | {"worker": "wrong"})


def test_not_ready_without_a_worker_for_each_queue(client: Client, worker: None) -> None:
    WorkerHeartbeat.objects.update(queue="api")
    assert client.get("/readyz").json() == HEALTHY | {"worker": "wrong"}
    WorkerHeartbeat.objects.record("here:2", "render", timezone.now())
    assert client.get("/readyz").json() == HEALTHY


def test_not_ready_without_storage_and_gives_no_reason(
    client: Client, worker: None, settings: Any, tmp_path: Path
) -> None:
    location = {"location": tmp_path / "secret" / "media", "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": location}}
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, HEALTHY | {"storage": "wrong"})
    assert b"secret" not in response.content


def test_not_ready_before_the_migrations(client: Client, worker: None) -> None:
    MigrationRecorder.Migration.objects.filter(app="videos").latest("pk").delete()
    assert client.get("/readyz").json() == HEALTHY | {"migrations": "wrong"}


def test_not_ready_without_a_database(client: Client, worker: None) -> None:
    with failing_queries(OperationalError("secret.example refused")):
        response = client.get("/readyz")
    assert (response.status_code, response.json()["database"], response.json()["storage"]) == (503, "wrong", "ok")
    assert b"secret" not in response.content
    assert client.get("/healthz").status_code == 200


def test_crashing_check_is_wrong_and_gives_no_reason(client: Client, worker: None) -> None:
    with failing_queries(RuntimeError("secret")):
        response = client.get("/readyz")
    broken = dict.fromkeys(("database", "migrations", "worker"), "wrong")
    assert (response.status_code, response.json()) == (503, HEALTHY | broken)
    assert b"secret" not in response.content


def test_not_ready_with_a_lossy_cache(client: Client, worker: None, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, HEALTHY | {"cache": "wrong"})


def test_not_ready_without_collected_static_files(client: Client, worker: None, settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}
    assert client.get("/readyz").json() == HEALTHY | {"static": "wrong"}


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "evil.example", "nonsense host"])
def test_health_checks_answer_any_host_and_pages_do_not(client: Client, worker: None, host: str) -> None:
    options = {"headers": {"Host": host}}
    assert [client.get(path, **options).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    for path in ("/", "/healthz/", "/account/login/"):
        assert client.get(path, **options).status_code == 400
    assert client.post("/healthz").status_code == 405


def test_release_only_migrates_the_database() -> None:
    """The release phase runs on a temporary machine, so static files must be collected in the build."""
    processes = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert processes["release"] == "python manage.py migrate --noinput"


def test_liveness_checks_no_dependency(client: Client) -> None:
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
def test_only_valid_request_ids_are_accepted(client: Client, given: str) -> None:
    generated = client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert len(generated) == 32
    assert generated != given
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
# Environments, and the number of gunicorn processes in each.
PROCESSES = [
    ({"REDIS_URL": REDIS}, 2),
    ({"REDIS_URL": REDIS, "WEB_CONCURRENCY": "5"}, 5),
    ({"CACHE_URL": REDIS, "WEB_CONCURRENCY": "5"}, 5),
    ({}, 1),
    ({"WEB_CONCURRENCY": "5"}, 1),
]
# Prints gunicorn's configuration in each of the environments on stdin. It runs in a separate process because loading
# the configuration changes the allocator's settings.
GUNICORN = """
import json, os, sys
from gunicorn.app.wsgiapp import WSGIApplication
environments, inherited = json.load(sys.stdin), dict(os.environ)
for environment in environments:
    os.environ.clear()
    os.environ.update(inherited | environment)
    config = WSGIApplication().cfg
    print(json.dumps([config.worker_class_str, config.workers, config.threads, config.control_socket_disable]))
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
    # True: the control socket is disabled.
    assert [json.loads(line) for line in ran.stdout.splitlines()] == [
        ["petgroove.server.BufferedWorker", processes, 8, True] for _, processes in PROCESSES
    ]
