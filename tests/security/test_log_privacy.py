"""Each event is one log line, and no line contains personal data, request data or private links."""

import logging
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from petgroove.logs import LogfmtFormatter
from petgroove.sentry import scrub_request
from tests.conftest import PASSWORD
from tests.failing_queries import failing_queries
from tests.logins import CONFIRM, ask_for_code, code_in, enter_code
from videos.models import Photo
from videos.storage.base import StorageUnavailable

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/password/"
ROOT = Path(__file__).parent.parent.parent


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [LogfmtFormatter().format(record) for record in caplog.records]


@pytest.mark.parametrize(
    "path", ["/x%0d%0a2026-01-01T00:00:00 ERROR forged", "/x%0aforged", "/x%1b[31mforged", "/x%e2%80%a8forged"]
)
def test_request_writes_one_log_line(client: Client, path: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert client.get(path, headers={"User-Agent": "a\r\nforged"}).status_code == 404
    logged = lines(caplog)
    assert logged
    assert [line for line in logged if len(line.splitlines()) != 1 or "\x1b" in line] == []


def test_log_contains_no_personal_data(
    client: Client, owner: User, photo: Photo, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="petgroove"), caplog.at_level(logging.INFO):
        client.post(LOGIN, {"login": owner.email, "password": "wrong"})
        client.post(LOGIN, {"login": owner.email, "password": PASSWORD})
        client.post("/account/password/reset/", {"email": owner.email})
        client.post("/photos/", {"image": SimpleUploadedFile("holiday.jpg", b"no picture", "image/jpeg")})
        client.get(f"/account/email/?email={owner.email}")
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        client.post("/account/close/", {"sure": "yes"})
    logged = "\n".join(lines(caplog))
    secrets = [owner.email, "owner@example.org", PASSWORD, "holiday", client.cookies["sessionid"].value]
    assert [secret for secret in secrets if secret in logged] == []


def test_codes_are_never_logged(client: Client, owner: User, mailoutbox, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="petgroove"), caplog.at_level(logging.INFO):
        ask_for_code(client, owner.email)
        client.post(CONFIRM, {"code": "12345"})
        enter_code(client, mailoutbox[0])
        client.post("/account/reauthenticate/code/")
        client.post("/account/reauthenticate/code/", {"code": code_in(mailoutbox[1])})
        Client().post("/account/password/reset/", {"email": owner.email})
        client.get(f"/no/such/page/?code={code_in(mailoutbox[2])}")
    logged = "\n".join(lines(caplog))
    assert [secret for secret in [owner.email, *map(code_in, mailoutbox)] if secret in logged] == []


PRIVATE_LINK = "a-private-link-0123456"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", f"/shared/{PRIVATE_LINK}/", 404),
        ("get", f"/shared/{PRIVATE_LINK}/ä\n", 404),
        ("post", f"/shared/{PRIVATE_LINK}/", 405),
        ("post", f"/shared/{PRIVATE_LINK}/", 403),
        ("get", f"/shared/{PRIVATE_LINK}/", 500),
        ("get", f"/shared/{PRIVATE_LINK}/dance.mp4", 503),
    ],
)
def test_private_link_is_never_logged(method: str, path: str, status: int, caplog: pytest.LogCaptureFixture) -> None:
    failures = {
        500: failing_queries(ZeroDivisionError(), "videos_sharelink"),
        503: failing_queries(StorageUnavailable(), "videos_sharelink"),
    }
    visitor = Client(raise_request_exception=False, enforce_csrf_checks=status == 403)
    with caplog.at_level(logging.INFO), failures.get(status, nullcontext()):
        assert getattr(visitor, method)(path).status_code == status
    logged = lines(caplog)
    assert len(logged) >= 1
    assert [line for line in logged if PRIVATE_LINK in line] == []
    if path.endswith(f"{PRIVATE_LINK}/"):
        assert "shared/<slug:token>/" in logged[-1]


def test_private_link_is_never_sent_to_sentry() -> None:
    event = {"transaction": "/shared/{token}/", "request": {"url": PRIVATE_LINK, "query_string": "x=1", "headers": {}}}
    assert scrub_request(event, {}) == {"transaction": "/shared/{token}/", "request": {}}


def test_sentry_gets_the_route_but_no_data() -> None:
    environment = os.environ | {"DEBUG": "1", "DATABASE_URL": "sqlite:///:memory:"}
    command = [sys.executable, "-m", "tests.security.sentry_probe"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert '"transaction":"/breaks/{token}/"' in ran.stdout
    assert "it broke with 20 letters" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "[]", "Sentry imported a library to instrument it"
    assert "secret" not in ran.stdout


def test_request_data_cannot_inject_log_lines() -> None:
    evil = "x\r\n2026 INFO forged\x1b[2J\u2028\x85\u202e"
    try:
        raise ValueError(evil)
    except ValueError:
        record = logging.LogRecord("videos", logging.ERROR, "", 0, evil, None, sys.exc_info(), sinfo=f"stack\n{evil}")
    record.given = evil
    first, *others = LogfmtFormatter().format(record).split("\n")
    escaped = r"x\r\n2026 INFO forged\x1b[2J\u2028\x85\u202e"
    assert first.endswith(f' {escaped} given="{escaped}"')
    assert [line for line in others if not line.startswith("    ")] == []
    assert all(line.isprintable() for line in (first, *others))
    assert r"    ValueError: x\r" in others
