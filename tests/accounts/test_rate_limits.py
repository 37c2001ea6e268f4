"""Signing up, logging in, codes and resets are limited for an address, in a cache that all processes share."""

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
# Takes a try in each of three processes, all within the same day.
TAKE = """
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
    ("path", "most", "form"),
    [
        ("/account/signup/", 20, {"email": "new{}@example.org", "password1": "short"}),
        ("/account/login/", 30, {"login": "nobody{}@example.org", "password": "a guess"}),
        ("/account/login/code/", 20, {"email": "nobody{}@example.org"}),
        ("/account/password/reset/", 20, {"email": "nobody{}@example.org"}),
    ],
    ids=["signup", "login", "code", "reset"],
)
def test_limit_per_ip_ignores_forwarded_headers(
    path: str, most: int, form: dict[str, str], settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The clock stands still, so that all tries are in the same minute however slow the machine is.
    monkeypatch.setattr("time.time", lambda: 1e9)
    # Failures have a lower limit of their own; here only the tries count.
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": None}

    def is_refused(number: int, address: str = "192.0.2.1") -> bool:
        filled = {name: word.format(number) for name, word in form.items()}
        made_up = {"HTTP_X_FORWARDED_FOR": f"198.51.100.{number}"}
        answer = Client(REMOTE_ADDR=address, **made_up).post(path, filled)
        # A page of its own, or a sentence in the form.
        return answer.status_code == 429 or "Too many tries" in answer.content.decode()

    assert [is_refused(number) for number in range(most)] == [False] * most
    assert [is_refused(number) for number in (most, most + 1)] == [True, True]
    assert not is_refused(most, address="192.0.2.2")
    assert not User.objects.exists()
    assert len(mail.outbox) <= most + 1


@pytest.mark.django_db
def test_failed_logins_of_one_account_are_limited_across_ips(owner: User) -> None:
    def guess(number: int):
        form = {"login": owner.email, "password": f"guess {number}"}
        return Client(REMOTE_ADDR=f"192.0.2.{number}").post("/account/login/", form)

    told = [guess(number).content.decode() for number in range(1, 8)]
    assert ["Too many tries" in page for page in told] == [False] * 5 + [True] * 2


def allowed_in_three_processes(address: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", TAKE],
        cwd=ROOT,
        env=os.environ | {"REDIS_URL": address, "DJANGO_SETTINGS_MODULE": "petgroove.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


def test_processes_share_limits_through_redis() -> None:
    with redis() as address:
        assert allowed_in_three_processes(address) == "True\nTrue\nFalse\n"


@pytest.mark.slow
def test_without_redis_each_process_counts_for_itself() -> None:
    """The negative control, and why gunicorn has a single process then."""
    assert allowed_in_three_processes("") == "True\nTrue\nTrue\n"
