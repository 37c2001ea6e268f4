"""Signing up: an address, a password, a code from the mail, and the welcome credits with the proven address."""

import re

import pytest
from django.test import Client

from accounts.models import User
from credits import ledger
from credits.models import Entry
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
ADDRESS = "new@example.org"
SIGN_UP, CONFIRM = "/account/signup/", "/account/confirm-email/"


def code_in(mail) -> str:
    [code] = re.findall(r"^\s*([A-Z0-9-]{6,12})\s*$", mail.body, re.MULTILINE)
    return code


def sign_up(client: Client, email: str = ADDRESS):
    return client.post(SIGN_UP, {"email": email, "password1": PASSWORD})


@pytest.mark.engine
def test_verified_address_opens_the_account_with_welcome_credits(client: Client, mailoutbox) -> None:
    assert sign_up(client).headers["Location"] == CONFIRM
    user = User.objects.get(email=ADDRESS)
    assert ledger.balance_of(user) == 0
    assert client.get("/videos/").status_code == 302

    [mail] = mailoutbox
    assert mail.to == [ADDRESS]
    answer = client.post(CONFIRM, {"code": code_in(mail)})
    assert answer.headers["Location"] == "/photos/"
    assert client.get("/videos/").status_code == 200
    assert list(Entry.objects.values_list("account__user__email", "kind", "amount")) == [(ADDRESS, "welcome", 3)]


def test_a_wrong_code_opens_nothing(client: Client, mailoutbox) -> None:
    sign_up(client)
    answer = client.post(CONFIRM, {"code": "WRONGCODE"})
    assert answer.status_code == 200
    assert "That is not the code. Please have another look." in answer.content.decode()
    assert client.get("/videos/").status_code == 302
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("now", [3, 5, 0])
def test_second_login_grants_no_second_welcome(client: Client, mailoutbox, settings, now: int) -> None:
    sign_up(client)
    client.post(CONFIRM, {"code": code_in(mailoutbox[0])})
    client.post("/account/logout/")
    settings.WELCOME_CREDITS = now
    client.post("/account/login/", {"login": ADDRESS, "password": PASSWORD})
    assert client.get("/videos/").status_code == 200
    assert list(Entry.objects.values_list("kind", flat=True)) == ["welcome"]


@pytest.mark.engine
def test_signup_does_not_reveal_existing_accounts(client: Client, owner: User, mailoutbox) -> None:
    known, new = sign_up(client, owner.email), sign_up(Client(), ADDRESS)
    assert known.headers["Location"] == new.headers["Location"]
    assert User.objects.filter(email=owner.email).count() == 1
    assert "already" in next(mail.body for mail in mailoutbox if mail.to == [owner.email])


@pytest.mark.engine
def test_address_is_case_insensitive(client: Client, owner: User) -> None:
    client.post("/account/login/", {"login": owner.email.upper(), "password": PASSWORD})
    assert client.get("/videos/").status_code == 200


def test_a_weak_password_is_refused_with_a_reason(client: Client) -> None:
    answer = client.post(SIGN_UP, {"email": ADDRESS, "password1": "12345"})
    assert "too short" in answer.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()
