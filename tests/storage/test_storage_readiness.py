"""A bucket that nobody made, a folder that is gone: the site is not ready, and the doctor says what is wrong."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.storage.s3 import S3

pytestmark = pytest.mark.django_db


def told_by_the_doctor(capsys: Any) -> dict[str, str]:
    with suppress(CommandError):
        call_command("doctor", "--json")
    return next(row for row in json.loads(capsys.readouterr().out) if row["part"] == "storage")


def test_working_storage_is_ready(storage: str, client: Client, capsys: Any) -> None:
    assert client.get("/readyz").json()["storage"] == "ok"
    assert "written, read and deleted" in told_by_the_doctor(capsys)["message"]


def test_missing_bucket_is_not_ready(s3: S3, client: Client, settings: Any, capsys: Any) -> None:
    another = {
        "BACKEND": "tests.storage.hooked_storage.Bucket",
        "OPTIONS": s3.options | {"bucket_name": "nobody-made-it"},
    }
    settings.STORAGES = settings.STORAGES | {"default": another}
    assert client.get("/readyz").json()["storage"] == "wrong"
    result = told_by_the_doctor(capsys)
    assert (result["state"], "NoSuchBucket" in result["message"]) == ("error", True)


def test_unreachable_bucket_is_not_ready(s3: S3, client: Client) -> None:
    s3.fault = "down"
    assert client.get("/readyz").json()["storage"] == "wrong"


def test_missing_folder_is_not_ready(client: Client, settings: Any, tmp_path: Path, capsys: Any) -> None:
    disk = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path / "gone" / "media", "base_url": None}}
    settings.STORAGES = settings.STORAGES | {"default": disk}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["storage"]) == (503, "wrong")
    assert b"gone" not in answer.content
