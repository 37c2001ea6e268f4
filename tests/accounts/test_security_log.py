"""Each event that matters to the safety of an account is one line: event, user, IP address, and no secret."""

import io
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from api.models import Token
from petgroove.logs import LogfmtFormatter
from tests.conftest import PASSWORD, browser_of
from tests.logins import BY_PASSWORD, CONFIRM, ENTRANCE, ask_for_code, code_in, enter_code

pytestmark = pytest.mark.django_db
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
NEW_PASSWORD = "another good long password"
SECRET = "A" * 32


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """Return a function that returns the lines since its last call, without time and request id."""

    def lines() -> list[str]:
        texts = [LogfmtFormatter().format(record) for record in caplog.records if record.name == "petgroove.security"]
        caplog.clear()
        return [text.split("petgroove.security ")[1].split(" request_id=")[0] for text in texts]

    with caplog.at_level(logging.INFO):
        yield lines


def log_in(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post(BY_PASSWORD, {"login": user.email, "password": password})


def test_logins_and_failures(owner: User, logged: Callable[[], list[str]], mailoutbox) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    log_in(client, owner, "wrong")
    client.post(BY_PASSWORD, {"login": "nobody@example.org", "password": "wrong"})
    ask_for_code(client, owner.email)
    client.post(CONFIRM, {"code": "12345"})
    enter_code(client, mailoutbox[0])
    client.post("/account/logout/")
    log_in(client, owner)
    client.post("/account/reauthenticate/", {"password": "wrong"})
    assert logged() == [
        f"login_failed user={owner.pk} ip=192.0.2.7 method=password",
        "login_failed user=- ip=192.0.2.7 method=password",
        f"code_failed user={owner.pk} ip=192.0.2.7",
        f"login user={owner.pk} ip=192.0.2.7 method=code",
        f"login user={owner.pk} ip=192.0.2.7 method=password",
        f"login_failed user={owner.pk} ip=192.0.2.7 method=password",
    ]


def test_full_ipv6_address_is_logged(owner: User, logged: Callable[[], list[str]]) -> None:
    log_in(Client(REMOTE_ADDR="2001:db8::1:2"), owner)
    assert logged() == [f"login user={owner.pk} ip=2001:db8::1:2 method=password"]


def totp_code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def test_second_factor(owner: User, logged: Callable[[], list[str]]) -> None:
    TOTP.activate(owner, get_adapter().encrypt(SECRET))
    client = Client()
    log_in(client, owner)
    client.post("/account/2fa/authenticate/", {"code": "1"})
    client.post("/account/2fa/authenticate/", {"code": totp_code()})
    assert logged() == [
        f"second_factor_failed user={owner.pk} ip=127.0.0.1",
        f"login user={owner.pk} ip=127.0.0.1 method=password+mfa",
    ]
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/2fa/totp/deactivate/")
    assert logged() == [f"totp_deactivated user={owner.pk} ip=127.0.0.1"]
    assert not Authenticator.objects.exists()


def test_changes_of_an_account(
    owner: User, logged: Callable[[], list[str]], mailoutbox, django_capture_on_commit_callbacks
) -> None:
    client = Client()
    log_in(client, owner)
    client.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )
    client.post("/account/reauthenticate/", {"password": NEW_PASSWORD})
    client.post("/account/tokens/", {"name": "a program"})
    token = Token.objects.get()
    client.post(f"/account/tokens/{token.pk}/revoke/")
    client.post("/account/email/", {"email": "second@example.org", "action_add": "1"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/confirm-email/", {"code": code_in(mailoutbox[-1])})
    client.post("/account/email/", {"email": "second@example.org", "action_primary": "1"})
    client.post("/account/email/", {"email": "owner@example.org", "action_remove": "1"})
    client.get("/account/data/petgroove.zip")
    client.post("/account/close/", {"sure": "yes"})
    events = logged()
    assert [event.split(" ")[0] for event in events] == [
        "login",
        "password_changed",
        "token_created",
        "token_revoked",
        "email_confirmed",
        "email_changed",
        "email_deleted",
        "data_exported",
        "account_closed",
    ]
    assert [event for event in events if f"user={owner.pk} ip=127.0.0.1" not in event] == []
    assert [event for event in events if "@" in event or "a program" in event or PASSWORD in event] == []


def test_rejected_token(logged: Callable[[], list[str]]) -> None:
    assert Client().get("/api/videos", headers={"Authorization": "Bearer pg_wrong"}).status_code == 401
    assert logged() == ["token_rejected user=- ip=127.0.0.1"]


def test_staff(staff: User, owner: User, as_staff: Client, logged: Callable[[], list[str]]) -> None:
    by = f"user={staff.pk} ip=127.0.0.1 target={owner.pk}"
    for action in ("suspend", "unsuspend"):
        as_staff.post("/admin/accounts/user/", {"action": action, "_selected_action": [str(owner.pk)]})
    page = as_staff.get(f"/admin/accounts/user/{owner.pk}/credits/").content.decode()
    [key] = re.findall(r'name="idempotency_key" value="([^"]+)"', page)
    move = {"kind": "grant", "amount": "2", "reason": "For a@example.org", "idempotency_key": key}
    as_staff.post(f"/admin/accounts/user/{owner.pk}/credits/", move)
    passwords = {"usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    as_staff.post(f"/admin/accounts/user/{owner.pk}/password/", passwords)
    assert logged() == [
        f"staff_suspended_user {by}",
        f"staff_unsuspended_user {by}",
        f"staff_moved_credits {by} amount=2",
        f"staff_changed_user {by}",
    ]
    call_command("grant_credits", owner.email, 3, reason="A gift", stdout=io.StringIO())
    assert logged() == [f"staff_moved_credits user=- ip=- target={owner.pk} amount=3"]


@pytest.mark.parametrize(
    ("path", "form", "tries"),
    [
        (BY_PASSWORD, {"login": "owner@example.org", "password": "a guess"}, 5),
        (ENTRANCE, {"email": "owner@example.org"}, 3),
        ("/account/password/reset/", {"email": "owner@example.org"}, 5),
    ],
)
def test_lock_out_answers_429(
    owner: User, path: str, form: dict[str, str], tries: int, logged: Callable[[], list[str]]
) -> None:
    answers = [Client().post(path, form) for _ in range(tries + 1)]
    assert [answer.status_code for answer in answers][-2:] in ([200, 429], [302, 429])
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "Too many attempts" in answers[-1].content.decode()
    assert logged()[-1] == f"locked_out user=- ip=127.0.0.1 route={path[1:]}"


def test_lock_out_of_the_second_factor_answers_429(owner: User, logged: Callable[[], list[str]]) -> None:
    TOTP.activate(owner, get_adapter().encrypt(SECRET))
    client = Client()
    log_in(client, owner)
    answers = [client.post("/account/2fa/authenticate/", {"code": "1"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert logged()[-1] == f"locked_out user={owner.pk} ip=127.0.0.1 route=account/2fa/authenticate/"


def fail2ban_rules() -> list[re.Pattern[str]]:
    """Return the rules in docs/operations.md, with fail2ban's tag for an address replaced."""
    recipe = OPERATIONS.read_text().split("[Definition]\n")[1].split("```")[0]
    rules = re.findall(r"(WARNING .+)", recipe)
    assert len(rules) == 2
    return [re.compile(rule.replace("<ADDR>", r"(?P<address>[0-9a-f.:]+)")) for rule in rules]


def test_fail2ban_finds_the_address_of_attacks_only(
    owner: User, stranger: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        client = Client(REMOTE_ADDR="2001:db8::7")
        for _ in range(6):
            log_in(client, owner, "wrong")
        Client(REMOTE_ADDR="192.0.2.9").get("/api/videos", headers={"Authorization": "Bearer pg_wrong"})
        log_in(Client(REMOTE_ADDR="192.0.2.1"), stranger)
        browser_of(owner).get("/account/email/")
    lines = [LogfmtFormatter().format(record) for record in caplog.records]
    found = [match["address"] for line in lines for rule in fail2ban_rules() if (match := rule.search(line))]
    assert found == ["2001:db8::7"] * 6 + ["192.0.2.9"]
