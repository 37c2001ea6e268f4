"""With a missing bucket or folder, the site is not ready and ``doctor`` reports the problem."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from tests.storage.s3 import S3

pytestmark = pytest.mark.django_db


def doctor_result(capsys: Any) -> dict[str, str]:
    with suppress(CommandError):
        call_command("doctor", "--json")
    return next(row for row in json.loads(capsys.readouterr().out) if row["part"] == "storage")


def test_working_storage_is_ready(storage: str, client: Client, capsys: Any) -> None:
    assert client.get("/readyz").json()["storage"] == "ok"
    assert list(default_storage.list_files()) == []
    assert "written, read and deleted" in doctor_result(capsys)["message"]


def test_missing_bucket_is_not_ready(s3: S3, client: Client, settings: Any, capsys: Any) -> None:
    missing_bucket = {
        "BACKEND": "tests.storage.hooked_storage.cached_s3_storage",
        "OPTIONS": s3.options | {"bucket_name": "does-not-exist"},
    }
    settings.STORAGES = settings.STORAGES | {"default": missing_bucket}
    assert client.get("/readyz").json()["storage"] == "wrong"
    result = doctor_result(capsys)
    assert (result["state"], "NoSuchBucket" in result["message"]) == ("error", True)


def test_unreachable_bucket_is_not_ready(s3: S3, client: Client) -> None:
    s3.fault = "down"
    assert client.get("/readyz").json()["storage"] == "wrong"


def test_missing_folder_is_not_ready(client: Client, settings: Any, tmp_path: Path, capsys: Any) -> None:
    missing_folder = settings.STORAGES["default"] | {
        "OPTIONS": {"location": tmp_path / "gone" / "media", "base_url": None}
    }
    settings.STORAGES = settings.STORAGES | {"default": missing_folder}
    response = client.get("/readyz")
    assert (response.status_code, response.json()["storage"]) == (503, "wrong")
    assert b"gone" not in response.content
