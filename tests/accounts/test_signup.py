"""Signup by a code from the e-mail, without a password; the first login gets welcome credits."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.codes.processes import user_for
from accounts.models import User
from credits import ledger
from credits.models import Entry
from tests.conftest import PASSWORD
from tests.logins import BY_PASSWORD, CONFIRM, ENTRANCE, ask_for_code, code_in, enter_code
from tests.threads import THREADS, all_at_once

pytestmark = pytest.mark.django_db
ADDRESS = "new@example.org"


@pytest.mark.engine
def test_code_opens_a_new_account_with_welcome_credits(client: Client, mailoutbox) -> None:
    assert ask_for_code(client, ADDRESS).headers["Location"] == CONFIRM
    user = User.objects.get(email=ADDRESS)
    assert ledger.balance_of(user) == 0
    assert not user.has_usable_password()
    assert client.get("/videos/").status_code == 302

    [mail] = mailoutbox
    assert mail.to == [ADDRESS]
    assert enter_code(client, mail).headers["Location"] == "/photos/"
    assert client.get("/videos/").status_code == 200
    assert EmailAddress.objects.get(user=user).verified
    assert list(Entry.objects.values_list("account__user__email", "kind", "amount")) == [(ADDRESS, "welcome", 3)]


def test_second_login_leads_to_the_gallery(client: Client, mailoutbox) -> None:
    for page in ("/photos/", "/videos/"):
        ask_for_code(client, ADDRESS)
        assert enter_code(client, mailoutbox[-1]).headers["Location"] == page
        client.post("/account/logout/")
    assert User.objects.count() == 1


def test_old_address_of_the_signup_page_still_leads_in(client: Client) -> None:
    assert client.get("/account/signup/?next=/credits/").headers["Location"] == f"{ENTRANCE}?next=/credits/"


def test_wrong_code_grants_no_access(client: Client, mailoutbox) -> None:
    ask_for_code(client, ADDRESS)
    response = client.post(CONFIRM, {"code": "000000" if code_in(mailoutbox[0]) != "000000" else "000001"})
    assert response.status_code == 200
    assert "That code isn&#x27;t right. Check it and try again." in response.content.decode()
    assert client.get("/videos/").status_code == 302
    assert not EmailAddress.objects.get(email=ADDRESS).verified
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("amount", [3, 5, 0])
def test_second_login_grants_no_second_welcome(client: Client, mailoutbox, settings, amount: int) -> None:
    ask_for_code(client, ADDRESS)
    enter_code(client, mailoutbox[0])
    client.post("/account/logout/")
    settings.WELCOME_CREDITS = amount
    ask_for_code(client, ADDRESS)
    enter_code(client, mailoutbox[1])
    assert client.get("/videos/").status_code == 200
    assert list(Entry.objects.values_list("kind", flat=True)) == ["welcome"]


def test_address_verified_elsewhere_gets_the_welcome_at_login(client: Client, owner_without_credits: User) -> None:
    client.post(BY_PASSWORD, {"login": owner_without_credits.email, "password": PASSWORD})
    assert client.get("/videos/").status_code == 200
    assert list(Entry.objects.values_list("account__user", "kind", "amount")) == [
        (owner_without_credits.pk, "welcome", 3)
    ]


@pytest.mark.engine
def test_address_stays_unverified_if_its_welcome_fails(client: Client, mailoutbox, settings) -> None:
    ask_for_code(client, ADDRESS)
    settings.WELCOME_CREDITS = ledger.MAX_BALANCE + 1
    with pytest.raises(ledger.TooManyCredits):
        enter_code(client, mailoutbox[0])
    assert (EmailAddress.objects.get(email=ADDRESS).verified, Entry.objects.count()) == (False, 0)
    assert client.get("/videos/").status_code == 302


@pytest.mark.engine
def test_nobody_learns_whether_an_address_has_an_account(owner: User, mailoutbox) -> None:
    browsers = {email: Client() for email in (owner.email, ADDRESS)}
    answers = {email: ask_for_code(browser, email) for email, browser in browsers.items()}
    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers.values()}) == 1
    pages, mails = set(), set()
    for mail in mailoutbox:
        [email] = mail.to
        page = browsers[email].get(CONFIRM).content.decode()
        assert email in page
        # Only the address, the code and the token against CSRF may differ.
        token = browsers[email].cookies["csrftoken"].value
        form_token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        pages.add(page.replace(email, "").replace(token, "").replace(form_token, ""))
        mails.add((mail.subject, mail.body.replace(code_in(mail), "")))
    assert (len(pages), len(mails)) == (1, 1)
    assert User.objects.filter(email=owner.email).count() == 1


@pytest.mark.engine
def test_address_is_case_insensitive(client: Client, owner: User, mailoutbox) -> None:
    ask_for_code(client, owner.email.upper())
    enter_code(client, mailoutbox[0])
    assert client.get("/videos/").status_code == 200
    assert User.objects.count() == 1


@pytest.mark.engine
def test_superuser_from_the_command_line_needs_one_code_only(client: Client, mailoutbox) -> None:
    """Its address has no row of allauth yet."""
    user = User.objects.create_superuser(ADDRESS, PASSWORD)
    ask_for_code(client, ADDRESS)
    enter_code(client, mailoutbox[0])
    assert client.get("/videos/").status_code == 200
    assert len(mailoutbox) == 1
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_create_one_account() -> None:
    found = all_at_once(lambda number: user_for(ADDRESS).pk)
    assert found == [User.objects.get().pk] * THREADS
    assert EmailAddress.objects.count() == 1
