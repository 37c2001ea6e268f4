"""Signups, logins, codes and resets are rate-limited per IP address, in a cache shared by all processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.redis import redis

ROOT = Path(__file__).parents[2]
# Counts a hit in each of three processes, all on the same day.
HIT = """
import os, time
time.time = lambda: 1e9
from accounts.throttling import RateLimit
for _ in range(3):
    child = os.fork()
    if not child:
        print(RateLimit("tries", 2, 86400).hit("somebody").allowed, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "limit", "form"),
    [
        ("/account/login/", 20, {"email": "nobody{}@example.org"}),
        ("/account/login/password/", 30, {"login": "nobody{}@example.org", "password": "a guess"}),
        ("/account/password/reset/", 20, {"email": "nobody{}@example.org"}),
    ],
    ids=["code", "password", "reset"],
)
def test_limit_per_ip_ignores_forwarded_headers(
    path: str, limit: int, form: dict[str, str], settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The clock is frozen, so that all attempts are in the same minute even on a slow machine.
    monkeypatch.setattr("time.time", lambda: 1e9)
    # Disable the lower limit on failures, so that only attempts count.
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": None}

    def is_refused(number: int, address: str = "192.0.2.1") -> bool:
        data = {name: value.format(number) for name, value in form.items()}
        forged = {"HTTP_X_FORWARDED_FOR": f"198.51.100.{number}"}
        response = Client(REMOTE_ADDR=address, **forged).post(path, data)
        # The limit shows either the 429 page or an error in the form.
        return response.status_code == 429 or "Too many attempts" in response.content.decode()

    assert [is_refused(number) for number in range(limit)] == [False] * limit
    assert [is_refused(number) for number in (limit, limit + 1)] == [True, True]
    assert not is_refused(limit, address="192.0.2.2")
    # The entrance creates an account for each address that it sends a code to.
    assert User.objects.count() == (limit + 1 if path == "/account/login/" else 0)
    assert len(mail.outbox) <= limit + 1


@pytest.mark.django_db
def test_failed_logins_of_one_account_are_limited_across_ips(owner: User) -> None:
    def guess(number: int):
        form = {"login": owner.email, "password": f"guess {number}"}
        return Client(REMOTE_ADDR=f"192.0.2.{number}").post("/account/login/password/", form)

    pages = [guess(number).content.decode() for number in range(1, 8)]
    assert ["Too many attempts" in page for page in pages] == [False] * 5 + [True] * 2


def hits_of_three_processes(address: str) -> str:
    process = subprocess.run(
        [sys.executable, "-c", HIT],
        cwd=ROOT,
        env=os.environ | {"REDIS_URL": address, "DJANGO_SETTINGS_MODULE": "petgroove.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout


def test_processes_share_limits_through_redis() -> None:
    with redis() as address:
        assert hits_of_three_processes(address) == "True\nTrue\nFalse\n"


@pytest.mark.slow
def test_without_redis_each_process_counts_for_itself() -> None:
    """This negative control is why gunicorn runs a single process without Redis."""
    assert hits_of_three_processes("") == "True\nTrue\nTrue\n"
