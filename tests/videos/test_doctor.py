"""``doctor`` reports the state of each part, with a hint how to fix it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import openai
import pytest
import responses
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from tests.smtp import smtp_server
from tests.videos.conftest import NO_MAIL_SERVER, blocked_folder
from videos.models import ProviderStatus, Video, WorkerHeartbeat
from videos.studio.encoding import codecs
from videos.studio.segmentation import segmenter

RUNWAY = "https://api.dev.runwayml.com/v1/organization"


def of(part: str, capsys: Any) -> dict[str, str]:
    """Run ``doctor`` and return its result for one part."""
    with suppress(CommandError):
        call_command("doctor", "--json")
    return next(row for row in json.loads(capsys.readouterr().out) if row["part"] == part)


@pytest.fixture(autouse=True)
def healthy(db: None, settings: Any) -> None:
    """Start with a worker that is alive, in debug mode."""
    settings.DEBUG = True
    WorkerHeartbeat.objects.record("here:1", "all", timezone.now())


def test_all_is_well_and_exit_code_is_zero(capsys: Any) -> None:
    call_command("doctor")
    output = capsys.readouterr().out
    assert "error" not in output
    assert {line.split()[1] for line in output.splitlines() if not line.startswith(" ")} == {
        "database",
        "migrations",
        "clock",
        "worker",
        "queue",
        "site",
        "storage",
        "cache",
        "static",
        "mail",
        "staff",
        "studio",
        "signing",
        "runway",
        "openai",
    }
    assert list(default_storage.list_files("videos/doctor/")) == []


def test_missing_worker_is_reported_with_a_hint(capsys: Any) -> None:
    WorkerHeartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=6))
    with pytest.raises(CommandError, match="1 check failed"):
        call_command("doctor")
    output = capsys.readouterr().out
    assert "nothing is rendered" in output
    assert "python manage.py worker" in output


def test_queue_without_worker_is_reported(capsys: Any) -> None:
    WorkerHeartbeat.objects.update(queue="api")
    assert of("worker", capsys)["message"] == "no worker serves the queue render"


def test_late_video_is_reported(request_video: Any, capsys: Any) -> None:
    request_video()
    Video.objects.update(promised_by=timezone.now() - timedelta(minutes=1))
    assert of("queue", capsys)["message"] == "1 of 1 unfinished videos past their promised time"


def test_unwritable_storage_is_reported(capsys: Any) -> None:
    with blocked_folder("videos"):
        result = of("storage", capsys)
    assert result | {"hint": ""} == {
        "part": "storage",
        "state": "error",
        "message": "AtomicFileSystemStorage: NotADirectoryError while writing or reading",
        "hint": "",
    }


def test_missing_static_files_are_reported(capsys: Any, settings: Any, tmp_path: Path) -> None:
    settings.DEBUG, settings.STATIC_ROOT = False, tmp_path
    manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}
    result = of("static", capsys)
    assert (result["state"], result["message"], "collectstatic" in result["hint"]) == ("error", "not collected", True)


def test_console_mail_is_an_error_in_production(capsys: Any, settings: Any) -> None:
    settings.DEBUG = False
    result = of("mail", capsys)
    assert result["state"] == "error"
    assert "EMAIL_URL" in result["hint"]


def test_silent_mail_server_is_reported(capsys: Any, settings: Any) -> None:
    settings.MAILERS = NO_MAIL_SERVER
    assert of("mail", capsys)["state"] == "error"


@pytest.mark.parametrize(
    ("options", "state", "message"),
    [
        ({}, "ok", "login to the server succeeded"),
        ({"rcpt": "550 5.7.1 relaying denied"}, "error", "the server refuses emails: 550"),
        ({"silent": True}, "error", "cannot log in to the server: "),
    ],
)
def test_mail_server_is_asked_whether_it_takes_emails(
    capsys: Any, settings: Any, options: Any, state: str, message: str
) -> None:
    with smtp_server(**options) as settings.MAILERS:
        result = of("mail", capsys)
    assert (result["state"], result["message"].startswith(message)) == (state, True)


def test_mail_folder_that_cannot_be_written_is_reported(capsys: Any, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file")
    backend = "django.core.mail.backends.filebased.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": {"file_path": str(tmp_path / "outbox")}}}
    assert of("mail", capsys)["message"].startswith("cannot write to ")


def forget_migrations(count: int) -> None:
    """Record the last migrations of this app as not applied."""
    applied = MigrationRecorder(connection).migration_qs.filter(app="videos").order_by("-name")
    MigrationRecorder(connection).migration_qs.filter(pk__in=[row.pk for row in applied[:count]]).delete()


def test_missing_migrations_are_reported(capsys: Any) -> None:
    forget_migrations(1)
    assert of("migrations", capsys)["message"] == "1 not applied"


def test_unmigrated_database_is_not_queried(capsys: Any) -> None:
    forget_migrations(1)
    with suppress(CommandError):
        call_command("doctor", "--json")
    parts = {row["part"] for row in json.loads(capsys.readouterr().out)}
    assert "clock" in parts
    assert not {"worker", "queue"} & parts


def test_database_outage_does_not_stop_the_other_checks(capsys: Any) -> None:
    def fail(*arguments: Any) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(fail):
        result, storage = of("database", capsys), of("storage", capsys)
    assert (result["state"], result["message"]) == ("error", "no response: connection refused")
    assert storage["state"] == "ok"


def test_dead_worker_of_this_machine_is_not_counted(capsys: Any) -> None:
    """It leaves its row for five minutes. The process of a worker elsewhere cannot be looked up."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    now = timezone.now()
    WorkerHeartbeat.objects.all().delete()
    WorkerHeartbeat.objects.record(f"{socket.gethostname()}:{process.pid}", "all", now)
    assert of("worker", capsys)["message"] == "1 running, last seen 0 s ago"
    WorkerHeartbeat.objects.update(seen_at=now - timedelta(seconds=60))
    assert of("worker", capsys)["message"] == "no worker is running; nothing is rendered"
    WorkerHeartbeat.objects.record(f"{socket.gethostname()}:{os.getpid()}", "all", now - timedelta(seconds=60))
    WorkerHeartbeat.objects.record("elsewhere:1", "all", now)
    result = of("worker", capsys)
    assert result["state"] == "ok"
    assert result["message"].startswith("2 running, last seen ")
    assert "; 1 of them dead or busy with a long step, last seen 6" in result["message"]


def test_nobody_to_notify_of_an_outage_is_reported(key: None, capsys: Any, settings: Any) -> None:
    assert of("staff", capsys)["message"].startswith("nobody is notified of an outage")
    settings.STAFF_EMAIL = "staff@example.org"
    assert of("staff", capsys)["message"] == "1 notified of outages"


@pytest.fixture
def key(settings: Any) -> None:
    settings.RUNWAY_API_KEY, settings.VIDEO_PROVIDER = "key_of_a_test", "runway"


def account(credits: int = 100) -> dict[str, Any]:
    """Return the JSON of a healthy Runway account."""
    limits = {"maxConcurrentGenerations": 3, "maxDailyGenerations": 100}
    return {
        "creditBalance": credits,
        "tier": {"maxMonthlyCreditSpend": 1000, "models": {"gen4_turbo": limits}},
        "usage": {"models": {"gen4_turbo": {"dailyGenerations": 1}}},
    }


@responses.activate
def test_runway_account_is_reported_with_its_credits(key: None, capsys: Any) -> None:
    responses.get(RUNWAY, json=account())
    result = of("runway", capsys)
    assert (result["state"], result["message"]) == ("ok", "gen4_turbo, 100 credits, 3 concurrent tasks")


@responses.activate
def test_wrong_key_is_reported_without_the_key(key: None, capsys: Any) -> None:
    responses.get(RUNWAY, status=401, json={"error": "invalid key"})
    result = of("runway", capsys)
    assert result["state"] == "error"
    assert result["message"].startswith("rejects the key")
    assert "key_of_a_test" not in json.dumps(result)


@responses.activate
def test_unreachable_runway_is_reported(key: None, capsys: Any) -> None:
    result = of("runway", capsys)
    assert result["state"] == "error"
    assert result["message"].startswith("cannot be reached")


@responses.activate
def test_suspended_account_differs_from_a_wrong_key(key: None, capsys: Any) -> None:
    responses.get(RUNWAY, status=403, json={"error": "Account suspended"})
    result = of("runway", capsys)
    assert (result["state"], result["message"].split(" (call")[0]) == (
        "error",
        "accepts the key but denies access: 403: Account suspended",
    )
    assert "suspended" in result["hint"]


@responses.activate
@pytest.mark.parametrize(
    "answer", [{"status": 404, "json": {"error": "Not Found"}}, {"body": "<html>"}, {"status": 302}]
)
def test_wrong_base_url_is_reported(key: None, capsys: Any, answer: dict[str, Any]) -> None:
    responses.get(RUNWAY, **answer)
    result = of("runway", capsys)
    assert result["state"] == "error"
    assert result["message"].startswith("unexpected response from https://api.dev.runwayml.com: ")
    assert "RUNWAY_BASE_URL" in result["hint"]


@responses.activate
def test_account_without_limit_is_reported_with_ours(key: None, capsys: Any, settings: Any) -> None:
    settings.RUNWAY_MAX_CONCURRENCY = 7
    data = account()
    data["tier"]["models"]["gen4_turbo"]["maxConcurrentGenerations"] = None
    responses.get(RUNWAY, json=data)
    result = of("runway", capsys)
    assert result["message"] == "gen4_turbo, 100 credits, 7 concurrent tasks (the account reports no limit)"


def test_key_removed_with_unfinished_videos_is_reported(request_video: Any, capsys: Any) -> None:
    video = request_video()
    assert of("runway", capsys)["state"] == "ok"
    Video.objects.filter(pk=video.pk).update(provider="runway", status="processing", step="rendering")
    result = of("runway", capsys)
    assert (result["state"], result["message"]) == (
        "error",
        "no key, so videos in flight cannot be fetched: 1",
    )


@responses.activate
def test_account_without_credits_is_reported(key: None, capsys: Any) -> None:
    responses.get(RUNWAY, json=account(credits=3))
    assert of("runway", capsys)["message"].endswith("the account holds 3 credits, a video costs 25")


@responses.activate
def test_unavailable_provider_is_reported(key: None, capsys: Any) -> None:
    responses.get(RUNWAY, json=account())
    ProviderStatus.objects.mark_unavailable("runway", "no credits", timezone.now())
    result = of("runway", capsys)
    assert (result["state"], "still marked unavailable: no credits" in result["message"]) == ("warning", True)


@responses.activate
def test_unused_key_is_reported(key: None, capsys: Any, settings: Any) -> None:
    settings.VIDEO_PROVIDER = "studio"
    responses.get(RUNWAY, json=account())
    assert of("runway", capsys)["message"] == "gen4_turbo, 100 credits, not used"


def test_missing_encoder_or_model_is_reported(capsys: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    model = tmp_path / "model.onnx"
    # The model is a file of the package, which a test must not move.
    monkeypatch.setattr(segmenter, "MODEL", model)
    assert of("studio", capsys)["message"] == "the cut-out model is missing"
    model.write_bytes(b"half")
    assert of("studio", capsys)["message"] == "the cut-out model has the wrong checksum"
    # The encoders are compiled into PyAV, so require one that does not exist.
    monkeypatch.setattr(codecs, "REQUIRED_CODECS", (("libx264", "w"), ("nonsense", "w"), ("nonsense", "r")))
    result = of("studio", capsys)
    assert (result["state"], result["message"]) == (
        "error",
        "PyAV was built without nonsense (encoder), nonsense (decoder)",
    )


@pytest.mark.postgresql
@pytest.mark.parametrize(("ahead", "state"), [(0, "ok"), (60, "warning"), (-60, "warning")])
def test_clock_offset_is_reported(capsys: Any, monkeypatch: pytest.MonkeyPatch, ahead: int, state: str) -> None:
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(seconds=ahead))
    assert of("clock", capsys)["state"] == state


def test_missing_key_is_fine(capsys: Any) -> None:
    assert of("runway", capsys)["message"] == "no key; the embedded studio renders all videos"
    assert of("openai", capsys)["message"] == "no key; our own prompts are used"


def test_unreachable_openai_is_a_warning(capsys: Any, settings: Any) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "key_of_a_test", "http://127.0.0.1:1/v1"
    result = of("openai", capsys)
    assert result["state"] == "warning"
    assert result["message"].startswith("cannot be reached")
    assert openai.__name__


def test_crashing_check_is_an_error_and_is_logged(capsys: Any, caplog: Any) -> None:
    def fail(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        return 1 / 0 if 'FROM "videos_workerheartbeat"' in sql else execute(sql, *arguments)

    with connection.execute_wrapper(fail):
        result = of("worker", capsys)
    assert (result["message"], result["hint"]) == (
        "the check failed: ZeroDivisionError",
        "See the traceback in the log of this process.",
    )
    (record,) = [record for record in caplog.records if record.name == "videos.operations.doctor.result"]
    assert (record.message, record.part) == ("check failed", "worker")
    assert record.exc_info[0] is ZeroDivisionError
