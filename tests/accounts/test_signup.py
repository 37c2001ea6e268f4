"""Signup with an address, a password and a code from the e-mail; a verified address gets welcome credits."""

import re

import pytest
from allauth.account.models import EmailAddress
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
    response = client.post(CONFIRM, {"code": code_in(mail)})
    assert response.headers["Location"] == "/photos/"
    assert client.get("/videos/").status_code == 200
    assert list(Entry.objects.values_list("account__user__email", "kind", "amount")) == [(ADDRESS, "welcome", 3)]


def test_wrong_code_grants_no_access(client: Client, mailoutbox) -> None:
    sign_up(client)
    response = client.post(CONFIRM, {"code": "WRONGCODE"})
    assert response.status_code == 200
    assert "That is not the code. Please check it and try again." in response.content.decode()
    assert client.get("/videos/").status_code == 302
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("amount", [3, 5, 0])
def test_second_login_grants_no_second_welcome(client: Client, mailoutbox, settings, amount: int) -> None:
    sign_up(client)
    client.post(CONFIRM, {"code": code_in(mailoutbox[0])})
    client.post("/account/logout/")
    settings.WELCOME_CREDITS = amount
    client.post("/account/login/", {"login": ADDRESS, "password": PASSWORD})
    assert client.get("/videos/").status_code == 200
    assert list(Entry.objects.values_list("kind", flat=True)) == ["welcome"]


def test_address_verified_elsewhere_gets_the_welcome_at_login(client: Client, owner_without_credits: User) -> None:
    client.post("/account/login/", {"login": owner_without_credits.email, "password": PASSWORD})
    assert client.get("/videos/").status_code == 200
    assert list(Entry.objects.values_list("account__user", "kind", "amount")) == [
        (owner_without_credits.pk, "welcome", 3)
    ]


@pytest.mark.engine
def test_address_stays_unverified_if_its_welcome_fails(client: Client, mailoutbox, settings) -> None:
    sign_up(client)
    settings.WELCOME_CREDITS = ledger.MAX_BALANCE + 1
    with pytest.raises(ledger.TooManyCredits):
        client.post(CONFIRM, {"code": code_in(mailoutbox[0])})
    assert (EmailAddress.objects.get(email=ADDRESS).verified, Entry.objects.count()) == (False, 0)


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


def test_weak_password_is_refused_with_a_reason(client: Client) -> None:
    response = client.post(SIGN_UP, {"email": ADDRESS, "password1": "12345"})
    assert "too short" in response.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()
