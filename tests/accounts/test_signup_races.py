"""Of two requests for one address at once, the later one gets what a known address gets, never an error."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.test import Client, RequestFactory

from accounts.adapter import SocialAccountAdapter
from accounts.models import User
from credits.adapter import OwnerAdapter
from tests.conftest import PASSWORD, browser_of, person
from tests.logins import CONFIRM, ENTRANCE, code_in
from tests.threads import THREADS, all_at_once

ADD, CONFIRM_EMAIL = "/account/email/", "/account/confirm-email/"
ADDRESS = "second@example.org"


def adding(user: User, address: str = ADDRESS) -> tuple[Client, str]:
    """Return a browser that waits for the code of a new address, and the code."""
    browser = browser_of(user)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    browser.post(ADD, {"email": address, "action_add": "1"})
    return browser, code_in(mail.outbox[-1])


def tabs_of(browser: Client) -> list[Client]:
    tabs = [Client() for _ in range(THREADS)]
    for tab in tabs:
        tab.cookies = SimpleCookie({name: morsel.value for name, morsel in browser.cookies.items()})
    return tabs


def statuses(answers: list[Any]) -> list[Any]:
    return [answer for answer in answers if isinstance(answer, Exception) or answer.status_code not in (200, 302)]


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_sign_ups_of_one_address_make_one_account() -> None:
    def act(number: int) -> Any:
        return Client(REMOTE_ADDR=f"192.0.2.{number}").post(ENTRANCE, {"email": "new@example.org"})

    answers = all_at_once(act)
    assert [answer for answer in answers if isinstance(answer, Exception) or answer.status_code >= 500] == []
    assert "302" in {str(answer.status_code) for answer in answers}
    assert (User.objects.count(), EmailAddress.objects.count()) == (1, 1)
    assert {answer.headers["Location"] for answer in answers if answer.status_code == 302} == {CONFIRM}


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_second_address_is_confirmed_once(owner: User) -> None:
    browser, code = adding(owner)
    tabs = tabs_of(browser)
    answers = all_at_once(lambda number: tabs[number].post(CONFIRM_EMAIL, {"code": code}))
    assert statuses(answers) == []
    assert EmailAddress.objects.filter(email=ADDRESS, verified=True).count() == 1


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_one_of_many_accounts_gets_an_address() -> None:
    waiting = [adding(person(f"owner{number}@example.org")) for number in range(THREADS)]
    answers = all_at_once(lambda number: waiting[number][0].post(CONFIRM_EMAIL, {"code": waiting[number][1]}))
    assert statuses(answers) == []
    assert EmailAddress.objects.filter(email=ADDRESS, verified=True).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("owner_of", ["this account", "another account"])
def test_address_that_was_confirmed_by_another_request(
    owner: User, stranger: User, owner_of: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row of the other request appears after allauth has looked for it."""
    browser, code = adding(owner)
    monkeypatch.setattr(EmailAddress, "can_set_verified", lambda address: True)
    confirm_email = OwnerAdapter.confirm_email

    def confirm_later(adapter: OwnerAdapter, request: Any, address: EmailAddress) -> bool:
        user = owner if owner_of == "this account" else stranger
        EmailAddress.objects.create(user=user, email=ADDRESS, verified=True)
        return confirm_email(adapter, request, address)

    monkeypatch.setattr(OwnerAdapter, "confirm_email", confirm_later)
    page = browser.post(CONFIRM_EMAIL, {"code": code}, follow=True).content.decode()
    assert ("This email already has an account." in page) == (owner_of == "another account")
    assert EmailAddress.objects.filter(email=ADDRESS).count() == 1


@pytest.mark.django_db
def test_google_and_the_entrance_at_once(rf: RequestFactory, mailoutbox: list[Any]) -> None:
    user = User(email="new@example.org")
    address = EmailAddress(email=user.email, verified=True, primary=True)
    login = SocialLogin(user=user, account=SocialAccount(provider="google", uid="1"), email_addresses=[address])
    request = rf.get("/account/google/login/callback/")
    request.session, request.user = SessionStore(), AnonymousUser()
    request._messages = SessionStorage(request)
    User.objects.create_user("new@example.org")
    with context.request_context(request), pytest.raises(ImmediateHttpResponse) as raised:
        SocialAccountAdapter(request).save_user(request, login)
    assert raised.value.response.headers["Location"] == CONFIRM_EMAIL
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]
