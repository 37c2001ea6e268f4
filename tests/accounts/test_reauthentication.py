"""Owners without a password confirm by a code that it is them, before each sensitive action."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from accounts.models import User
from api.models import Token
from tests.conftest import PASSWORD, browser_of
from tests.logins import ask_for_code, code_in, enter_code

pytestmark = pytest.mark.django_db
BY_CODE = "/account/reauthenticate/code/"
SENSITIVE = ["/account/close/", "/account/tokens/", "/account/2fa/totp/activate/", "/account/password/set/"]


@pytest.fixture
def passwordless(owner: User) -> User:
    owner.set_unusable_password()
    owner.save()
    return owner


@pytest.fixture
def browser(passwordless: User) -> Client:
    """A session that is older than a reauthentication."""
    return browser_of(passwordless)


def confirm(browser: Client, mailoutbox, path: str, **fields: str):
    browser.post(BY_CODE, {"next": path})
    return browser.post(BY_CODE, {"code": code_in(mailoutbox[-1]), "next": path})


@pytest.mark.parametrize("path", SENSITIVE)
def test_sensitive_page_asks_for_a_code_and_continues(browser: Client, mailoutbox, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{BY_CODE}?next=")
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "We&#x27;ll email a code to" in page or "We'll email a code to <b>owner@example.org</b>" in page
    assert mailoutbox == []
    assert confirm(browser, mailoutbox, path).headers["Location"] == path
    assert mailoutbox[0].to == ["owner@example.org"]
    assert browser.get(path).status_code == 200


def test_form_that_was_interrupted_is_carried_out(browser: Client, passwordless: User, mailoutbox) -> None:
    added = browser.post("/account/email/", {"action_add": "", "email": "second@example.org"})
    assert added.headers["Location"] == f"{BY_CODE}?next=%2Faccount%2Femail%2F"
    resumed = confirm(browser, mailoutbox, "/account/email/")
    assert resumed.headers["Location"] == "/account/confirm-email/"
    assert mailoutbox[-1].to == ["second@example.org"]
    browser.post("/account/confirm-email/", {"code": code_in(mailoutbox[-1])})
    assert EmailAddress.objects.get(email="second@example.org").verified


def test_everything_works_without_a_password(browser: Client, passwordless: User, mailoutbox) -> None:
    confirm(browser, mailoutbox, "/account/email/")
    assert browser.get("/account/data/petgroove.zip").status_code == 200
    browser.post("/account/tokens/", {"name": "My script"})
    assert Token.objects.filter(user=passwordless).count() == 1
    secret = browser.get("/account/2fa/totp/activate/").context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    browser.post("/account/2fa/totp/activate/", {"code": code})
    assert Authenticator.objects.filter(user=passwordless, type="totp").exists()


def test_password_can_be_set_and_used(browser: Client, passwordless: User, mailoutbox) -> None:
    assert browser.get("/account/password/change/").headers["Location"] == "/account/password/set/"
    assert browser.post("/account/password/set/", {}).headers["Location"].startswith(BY_CODE)
    confirm(browser, mailoutbox, "/account/password/set/")
    browser.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    passwordless.refresh_from_db()
    assert passwordless.check_password(PASSWORD)
    assert browser.get("/videos/").status_code == 200


def test_closing_needs_the_code(browser: Client, passwordless: User, mailoutbox) -> None:
    browser.post("/account/close/", {"sure": "yes"})
    passwordless.refresh_from_db()
    assert passwordless.closed_at is None
    confirm(browser, mailoutbox, "/account/close/")
    browser.post("/account/close/", {"sure": "yes"})
    passwordless.refresh_from_db()
    assert passwordless.closed_at


def test_login_by_code_counts_for_a_few_minutes(client: Client, mailoutbox, monkeypatch) -> None:
    ask_for_code(client, "new@example.org")
    enter_code(client, mailoutbox[0])
    assert client.get("/account/close/").status_code == 200
    records = client.session
    records["account_authentication_methods"] = [
        record | {"at": record["at"] - 301} for record in records["account_authentication_methods"]
    ]
    records.save()
    assert client.get("/account/close/").headers["Location"].startswith(BY_CODE)


def test_wrong_code_does_not_confirm(browser: Client, mailoutbox) -> None:
    browser.post(BY_CODE, {"next": "/account/close/"})
    wrong = f"{(int(code_in(mailoutbox[0])) + 1) % 1_000_000:06}"
    answers = [browser.post(BY_CODE, {"code": wrong, "next": "/account/close/"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [302]
    assert answers[-1].headers["Location"] == f"{BY_CODE}?next=%2Faccount%2Fclose%2F"
    browser.post(BY_CODE, {"code": code_in(mailoutbox[0]), "next": "/account/close/"})
    assert browser.get("/account/close/").status_code == 302


def test_another_code_has_to_wait(browser: Client, mailoutbox) -> None:
    browser.post(BY_CODE)
    browser.post(BY_CODE)
    assert len(mailoutbox) == 1
    assert "seconds, then ask for a new code." in browser.get(BY_CODE).content.decode()


def test_code_of_an_earlier_user_of_the_browser_is_void(browser: Client, stranger: User, mailoutbox) -> None:
    stranger.set_unusable_password()
    stranger.save()
    browser.post(BY_CODE)
    state = browser.session["reauthentication_code"]
    other = browser_of(stranger)
    session = other.session
    session["reauthentication_code"] = state
    session.save()
    other.post(BY_CODE, {"code": code_in(mailoutbox[0])})
    assert other.get("/account/close/").status_code == 302


def test_owner_with_a_password_can_choose_a_code(as_owner: Client, mailoutbox) -> None:
    answer = as_owner.get("/account/close/")
    assert answer.headers["Location"] == "/account/reauthenticate/?next=%2Faccount%2Fclose%2F"
    page = as_owner.get(answer.headers["Location"]).content.decode()
    assert f'href="{BY_CODE}?next=%2Faccount%2Fclose%2F"' in page
    confirm(as_owner, mailoutbox, "/account/close/")
    assert as_owner.get("/account/close/").status_code == 200


def test_code_does_not_stand_in_for_a_second_factor(as_owner: Client, owner: User, mailoutbox) -> None:
    totp.TOTP.activate(owner, totp.generate_totp_secret())
    answer = as_owner.post(BY_CODE)
    assert not answer.headers["Location"].startswith(BY_CODE)
    assert mailoutbox == []
    assert "Email me a code" not in as_owner.get("/account/reauthenticate/").content.decode()


def test_visitor_is_asked_to_log_in(client: Client) -> None:
    assert client.get(BY_CODE).headers["Location"].startswith("/account/login/")
