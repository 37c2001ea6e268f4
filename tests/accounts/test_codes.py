"""The page of a code: expiry, attempts, new codes, another address, and limits per address and IP address."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.codes import limits
from accounts.models import User
from tests.conftest import PASSWORD, browser_of
from tests.logins import CONFIRM, ENTRANCE, ask_for_code, code_in, enter_code

pytestmark = pytest.mark.django_db
RESET, RESET_CONFIRM = "/account/password/reset/", "/account/password/reset/confirm/"
ADD_EMAIL, CONFIRM_EMAIL = "/account/email/", "/account/confirm-email/"


class Clock:
    def __init__(self) -> None:
        # An hour begins, so that no limit starts again in the middle of a test.
        self.now = 3600.0 * 500_000

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.time", clock.time)
    return clock


def wrong(message) -> str:
    return f"{(int(code_in(message)) + 1) % 1_000_000:06}"


@pytest.mark.parametrize("written", ["{0} {1}", "{0}-{1}", "  {0}{1}\n", "{0} - {1}"])
def test_spaces_and_dashes_of_a_pasted_code_are_ignored(client: Client, mailoutbox, written: str) -> None:
    ask_for_code(client, "new@example.org")
    code = code_in(mailoutbox[0])
    assert client.post(CONFIRM, {"code": written.format(code[:3], code[3:])}).headers["Location"] == "/photos/"


def test_field_is_made_for_codes(client: Client) -> None:
    ask_for_code(client, "new@example.org")
    page = client.get(CONFIRM).content.decode()
    [field] = re.findall(r'<input[^>]*name="code"[^>]*>', page)
    for attribute in ('inputmode="numeric"', 'autocomplete="one-time-code"', "autofocus", "required", 'type="text"'):
        assert attribute in field
    pattern = re.search(r'pattern="([^"]+)"', field)[1]
    assert all(re.fullmatch(pattern, code) for code in ("123456", "123 456", "123-456", " 1 2 3 4 5 6 "))
    assert not any(re.fullmatch(pattern, code) for code in ("12345", "1234567", "12345a", "ABC-DEF"))
    assert page.count("<i aria-hidden") == 6


def test_wrong_code_is_not_shown_again(client: Client, mailoutbox) -> None:
    ask_for_code(client, "new@example.org")
    page = client.post(CONFIRM, {"code": wrong(mailoutbox[0])}).content.decode()
    [field] = re.findall(r'<input[^>]*name="code"[^>]*>', page)
    assert "value=" not in field
    assert 'aria-invalid="true"' in field


def test_code_works_once(client: Client, mailoutbox) -> None:
    ask_for_code(client, "new@example.org")
    enter_code(client, mailoutbox[0])
    client.post("/account/logout/")
    assert enter_code(client, mailoutbox[0]).headers["Location"] == ENTRANCE
    assert client.get("/videos/").status_code == 302


def test_code_of_another_browser_does_not_work(client: Client, mailoutbox) -> None:
    ask_for_code(client, "new@example.org")
    stranger = Client()
    ask_for_code(stranger, "other@example.org")
    enter_code(stranger, mailoutbox[0])
    assert stranger.get("/videos/").status_code == 302


@pytest.mark.parametrize("seconds", [599, 601])
def test_expired_code_says_so_and_keeps_the_requested_page(
    client: Client, mailoutbox, clock: Clock, seconds: int
) -> None:
    ask_for_code(client, "new@example.org", next="/credits/")
    clock.now += seconds
    answer = enter_code(client, mailoutbox[0], next="/credits/")
    if seconds < 600:
        assert answer.headers["Location"] == "/credits/"
    else:
        assert answer.headers["Location"] == f"{ENTRANCE}?next=%2Fcredits%2F"
        page = client.get(answer.headers["Location"]).content.decode()
        assert "That code has expired. Ask for a new one." in page


def test_fifth_wrong_code_ends_the_page_and_keeps_the_requested_one(client: Client, mailoutbox) -> None:
    ask_for_code(client, "new@example.org", next="/credits/")
    answers = [client.post(CONFIRM, {"code": wrong(mailoutbox[0]), "next": "/credits/"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [302]
    assert answers[-1].headers["Location"] == f"{ENTRANCE}?next=%2Fcredits%2F"
    assert "Too many attempts" in client.get(answers[-1].headers["Location"]).content.decode()
    assert enter_code(client, mailoutbox[0]).headers["Location"] == ENTRANCE
    assert client.get("/videos/").status_code == 302


def test_new_code_replaces_the_old_one_after_a_pause(client: Client, mailoutbox, clock: Clock) -> None:
    ask_for_code(client, "new@example.org", next="/credits/")
    resend = {"action": "resend", "next": "/credits/"}
    early = client.post(CONFIRM, resend)
    assert early.headers["Location"] == f"{CONFIRM}?next=%2Fcredits%2F"
    page = client.get(CONFIRM).content.decode()
    assert "Wait 30 seconds, then ask for a new code." in page
    assert 'data-wait="30"' in page
    assert len(mailoutbox) == 1

    clock.now += 31
    client.post(CONFIRM, resend)
    assert "We sent you a new code." in client.get(CONFIRM).content.decode()
    first, second = mailoutbox
    if code_in(first) != code_in(second):
        assert enter_code(client, first).status_code == 200
    # It is valid as long as the first one was.
    clock.now += 590
    assert enter_code(client, second, next="/credits/").headers["Location"] == "/credits/"


def test_sixth_new_code_is_refused(client: Client, mailoutbox, clock: Clock) -> None:
    ask_for_code(client, "new@example.org")
    for _ in range(6):
        clock.now += 31
        client.post(CONFIRM, {"action": "resend"})
    assert len(mailoutbox) == 6
    assert "Send a new code" not in client.get(CONFIRM).content.decode()


def test_another_address_can_be_given_without_losing_the_session(client: Client, mailoutbox) -> None:
    session = client.session
    session["kept"] = "of a guest"
    session.save()
    ask_for_code(client, "typo@example.org", next="/credits/")
    answer = client.post(CONFIRM, {"action": "change", "next": "/credits/"})
    assert answer.headers["Location"] == f"{ENTRANCE}?next=%2Fcredits%2F"
    assert 'value="typo@example.org"' in client.get(ENTRANCE).content.decode()
    ask_for_code(client, "new@example.org", next="/credits/")
    assert enter_code(client, mailoutbox[-1], next="/credits/").headers["Location"] == "/credits/"
    assert client.session["kept"] == "of a guest"


def test_pages_of_a_code_are_never_stored(client: Client) -> None:
    ask_for_code(client, "new@example.org")
    for path in (ENTRANCE, CONFIRM):
        answer = client.get(path)
        assert "no-store" in answer.headers["Cache-Control"]
        assert "private" in answer.headers["Cache-Control"]


def test_codes_to_one_address_are_limited_across_browsers(owner: User, clock: Clock) -> None:
    """Whichever page sends them, and whether there is an account or not."""
    for email in (owner.email, "new@example.org"):
        statuses = []
        for number in range(12):
            clock.now += 61
            browser = Client(REMOTE_ADDR=f"192.0.2.{number}")
            page, field = ((ENTRANCE, "email"), (RESET, "email"))[number % 2]
            statuses.append(browser.post(page, {field: email}).status_code)
        assert statuses == [302] * 10 + [429] * 2
    assert len(mail.outbox) == 20


def test_codes_from_one_ip_address_are_limited(clock: Clock) -> None:
    statuses = []
    for number in range(102):
        clock.now += 4
        statuses.append(ask_for_code(Client(REMOTE_ADDR="192.0.2.1"), f"{number}@example.org").status_code)
    assert statuses == [302] * 100 + [429] * 2
    assert User.objects.count() == 100
    assert ask_for_code(Client(REMOTE_ADDR="192.0.2.2"), "new@example.org").status_code == 302


def test_tries_for_one_address_are_limited_across_browsers(owner: User, mailoutbox, clock: Clock) -> None:
    statuses = []
    for number in range(6):
        clock.now += 61
        browser = Client(REMOTE_ADDR=f"192.0.2.{number}")
        page = CONFIRM
        if number % 2:
            page = browser.post(RESET, {"email": owner.email}).headers["Location"]
        else:
            ask_for_code(browser, owner.email)
        statuses += [browser.post(page, {"code": wrong(mailoutbox[-1])}).status_code for _ in range(4)]
    assert statuses == [200] * 20 + [429] * 4
    # Even the right code does not work then.
    ask_for_code(browser, owner.email)
    assert enter_code(browser, mailoutbox[-1]).status_code == 429


def test_resend_that_is_refused_does_not_hide_a_try(client: Client, mailoutbox, clock: Clock) -> None:
    ask_for_code(client, "new@example.org")
    for _ in range(limits.TRIED[0].amount):
        limits.TRIED[0].hit(limits.key_of("new@example.org"))
    answer = client.post(CONFIRM, {"action": "resend", "code": code_in(mailoutbox[0])})
    assert answer.status_code == 429


@pytest.mark.parametrize("begin", ["add", "reset"])
def test_other_pages_of_a_code_say_that_it_has_expired(owner: User, mailoutbox, clock: Clock, begin: str) -> None:
    browser = browser_of(owner) if begin == "add" else Client()
    if begin == "add":
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
        start, confirm = ADD_EMAIL, CONFIRM_EMAIL
        browser.post(ADD_EMAIL, {"action_add": "", "email": "second@example.org"})
    else:
        start, confirm = RESET, RESET_CONFIRM
        browser.post(RESET, {"email": owner.email})
    clock.now += 601
    answer = browser.post(confirm, {"code": code_in(mailoutbox[-1])})
    assert answer.headers["Location"] == start
    assert "That code has expired. Ask for a new one." in browser.get(start).content.decode()
