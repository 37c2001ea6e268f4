"""Pages and e-mails contain no text that is not translated, whether it comes from a template or from code."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from api.models import Token
from credits import ledger
from tests.conftest import PASSWORD
from tests.logins import BY_PASSWORD
from tests.pseudo_language import pseudo_language, untranslated, untranslated_in_page

# Names, units and what the tests themselves enter.
DATA = (
    "ABCD-EFGH-JKMN",
    "PetGroove",
    "owner@example.org",
    "hello@petgroove.example",
    "For the tests",
    "Mozilla",
    "Linux",
    "UTC",
    "TOTP",
    # Languages have their own names.
    "English",
    "Deutsch",
)
GERMAN = {"headers": {"accept-language": "de"}}
PUBLIC = [
    "account_login",
    "account_login_by_password",
    "account_reset_password",
    "terms",
    "privacy",
    "contact",
]
PRIVATE = [
    "account_email",
    "account_change_password",
    "account_data",
    "account_logout",
    "account_close",
    "account_reauthenticate",
    "api_tokens",
    "credits:history",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "usersessions_list",
]


@pytest.fixture
def logged_in(client: Client, owner: User) -> Client:
    """The browser of an owner who has just logged in, so that no page asks for the password again."""
    with pseudo_language():
        client.post(BY_PASSWORD, {"login": owner.email, "password": PASSWORD}, **GERMAN)
        response = client.post(reverse("account_reauthenticate"), {"password": PASSWORD}, **GERMAN)
    assert response.status_code == 302
    return client


def texts_of(browser: Client, url: str) -> list[str]:
    with pseudo_language():
        response = browser.get(url, follow=True, **GERMAN)
    assert response.status_code == 200
    if "reauthenticate" not in url:
        assert response.request["PATH_INFO"] == url
    return untranslated_in_page(response.content.decode(), data=DATA)


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_public_page(client: Client, name: str) -> None:
    assert texts_of(client, reverse(name)) == []


@pytest.mark.parametrize("name", PRIVATE)
def test_page_of_an_account(logged_in: Client, owner: User, name: str) -> None:
    ledger.charge(owner, 1, "try:1", reason="Disco")
    Token.objects.issue(owner, "PetGroove")
    assert texts_of(logged_in, reverse(name)) == []


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("account_login_by_password", {"login": "owner@example.org", "password": "wrong"}),
        ("account_login", {"email": "nobody"}),
        ("credits:redeem", {"code": "AAAA-AAAA-AAAA"}),
        ("credits:redeem", {"code": ""}),
        ("api_tokens", {"name": ""}),
        ("account_close", {}),
    ],
)
def test_errors_of_forms(logged_in: Client, name: str, form: dict[str, str]) -> None:
    browser = Client() if name.startswith("account_login") else logged_in
    with pseudo_language():
        response = browser.post(reverse(name), form, follow=True, **GERMAN)
    assert untranslated_in_page(response.content.decode(), data=(*DATA, "AAAA")) == []


@pytest.mark.django_db
def test_email_with_a_code(client: Client) -> None:
    with pseudo_language():
        client.post(reverse("account_login"), {"email": "new@example.org"}, **GERMAN)
    [message] = mail.outbox
    assert untranslated(f"{message.subject}\n{message.body}", data=DATA) == []
    assert untranslated_in_page(message.alternatives[0].content, data=DATA) == []


def test_ledger_is_stored_in_english_and_shown_in_the_language_of_the_reader(owner: User) -> None:
    with pseudo_language():
        ledger.charge(owner, 1, "video:1", reason="Disco")
        entry = ledger.refund("video:1", reason="Disco")
        assert (entry.reason, entry.title) == ("Disco", "⟦Refund⟧ · ⟦Disco⟧")
    assert entry.title == "Refund · Disco"


def test_admin_shows_the_reasons_of_the_site_in_the_language_of_staff(as_staff: Client, owner: User) -> None:
    ledger.charge(owner, 1, "video:1", reason="Disco")
    with pseudo_language():
        page = as_staff.get(reverse("admin:credits_entry_changelist"), **GERMAN).content.decode()
    assert "⟦Disco⟧" in page


def test_receipt_of_a_closed_account(logged_in: Client) -> None:
    with pseudo_language():
        page = logged_in.post(reverse("account_close"), {"sure": "yes"}, follow=True, **GERMAN)
    assert untranslated_in_page(page.content.decode(), data=DATA) == []
    message = mail.outbox[-1]
    assert "⟦8 credits: deleted.⟧" in message.body
    assert untranslated(f"{message.subject}\n{message.body}", data=DATA) == []
