"""One mailbox has one account, however its address is written, and no address is cut."""

import io
import unicodedata

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from accounts.addresses import normalize_email
from accounts.models import User
from tests.conftest import PASSWORD, browser_of
from tests.logins import BY_PASSWORD, CONFIRM, ask_for_code, code_in, enter_code

pytestmark = pytest.mark.django_db
ASCII = "user@xn--bcher-kva.example"
SPELLINGS = [
    "user@bücher.example",
    "User@BÜCHER.example",
    unicodedata.normalize("NFD", "user@bücher.example"),
    "user@bücher\u3002example",
    "user@ｂücher.example",
    "user@XN--BCHER-KVA.example",
    "  u\u017fer@bücher.example",
]
ADD, RESET = "/account/email/", "/account/password/reset/"
LONGEST = f"{'a' * 59}@{'.'.join(['b' * 60] * 3)}.example.org"
# The second one is made longer by IDNA.
TOO_LONG = [f"a{LONGEST}", f"a@{'.'.join(['ü' * 55] * 4)}.example"]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        *((spelling, ASCII) for spelling in SPELLINGS),
        ("user@straße.example", "user@xn--strae-oqa.example"),
        ("user@strasse.example", "user@strasse.example"),
        ("user@☃.example", "user@xn--n3h.example"),
        ("user@xn--n3h.example", "user@xn--n3h.example"),
        # A phone's keyboard writes an emoji with a variation selector.
        ("user@☃\ufe0f.example", "user@xn--n3h.example"),
        ("user@☃\u3002example", "user@xn--n3h.example"),
        ("user@☃\u00ad.example", "user@xn--n3h.example"),
        ("USER+tag@r3---sn.example", "user+tag@r3---sn.example"),
        ("user@[127.0.0.1]", "user@[127.0.0.1]"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_one_spelling(written: str, normal: str) -> None:
    assert normalize_email(written) == normal
    assert normalize_email(normal) == normal


def test_each_spelling_leads_to_the_same_account(mailoutbox) -> None:
    for spelling in SPELLINGS:
        mail.outbox.clear()
        # The limits of an address hold for all of its spellings.
        cache.clear()
        client = Client()
        ask_for_code(client, spelling)
        assert mail.outbox[0].to == [ASCII]
        assert enter_code(client, mail.outbox[0]).status_code == 302
    user = User.objects.get()
    assert (user.email, user.emailaddress_set.get().email) == (ASCII, ASCII)
    user.set_password(PASSWORD)
    user.save()
    for spelling in SPELLINGS:
        cache.clear()
        assert Client().post(BY_PASSWORD, {"login": spelling, "password": PASSWORD}).status_code == 302
        mail.outbox.clear()
        Client().post(RESET, {"email": spelling})
        assert code_in(mail.outbox[0])


def test_spelling_of_an_own_address_is_no_second_address(owner: User) -> None:
    owner.emailaddress_set.create(email=ASCII, verified=True)
    browser = browser_of(owner)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    page = browser.post(ADD, {"email": "user@bücher.example", "action_add": "1"}).content.decode()
    assert "You&#x27;ve already added this email." in page


def test_staff_and_commands_know_every_spelling(as_staff: Client) -> None:
    fields = {"usable_password": "false", "password1": "", "password2": ""}
    assert as_staff.post("/admin/accounts/user/add/", {"email": "user@bücher.example", **fields}).status_code == 302
    again = as_staff.post("/admin/accounts/user/add/", {"email": ASCII, **fields})
    assert "This address already has an account." in again.content.decode()
    output = io.StringIO()
    call_command("grant_credits", "User@Bücher.example", 2, reason="A test", stdout=output)
    assert ASCII in output.getvalue()
    assert User.objects.get_by_natural_key("user@bücher.example").email == ASCII


@pytest.mark.parametrize("address", TOO_LONG)
def test_address_that_is_too_long_is_an_error_of_its_field(owner: User, address: str, mailoutbox) -> None:
    browser = browser_of(owner)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    for client, path, form in [
        (Client(), "/account/login/", {"email": address}),
        (Client(), RESET, {"email": address}),
        (browser, ADD, {"email": address, "action_add": "1"}),
    ]:
        response = client.post(path, form)
        page = response.content.decode()
        assert (response.status_code, "Use one with at most 254 characters." in page) == (200, True)
        # A browser would cut a pasted address, without a word.
        assert "maxlength" not in page
    assert (mailoutbox, User.objects.count()) == ([], 1)


def test_longest_address_signs_up(client: Client, mailoutbox) -> None:
    ask_for_code(client, LONGEST)
    assert (len(LONGEST), mailoutbox[0].to) == (254, [LONGEST])
    assert client.get(CONFIRM).status_code == 200
