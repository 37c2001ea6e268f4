"""A mail server that is unavailable, refuses an address or never answers: pages say so, and what is done stays."""

import re
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpResponse
from django.test import Client

from accounts import emails
from accounts.codes import limits
from accounts.codes.unsent import REFUSED, SESSION_KEY, UNSENT
from accounts.models import User
from tests.conftest import PASSWORD, browser_of
from tests.logins import BY_PASSWORD, CONFIRM, ENTRANCE, ask_for_code, code_in, enter_code
from tests.smtp import smtp_server

pytestmark = pytest.mark.django_db
RESET, RESET_CONFIRM, EMAIL, CONFIRM_EMAIL = (
    "/account/password/reset/",
    "/account/password/reset/confirm/",
    "/account/email/",
    "/account/confirm-email/",
)
NEW_PASSWORD = "another good long password"
RESEND = {"action": "resend"}


class BrokenBackend(BaseEmailBackend):
    """A mail server that fails as ``errors`` says, in turn, and then works."""

    errors: ClassVar[list[Exception]] = []

    def send_messages(self, messages: list[Any]) -> int:
        if self.errors:
            raise self.errors[0]
        mail.outbox.extend(messages)
        return len(messages)


def refused(code: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"new@example.org": (code, b"no such user new@example.org")})


AWAY = [
    ConnectionRefusedError("closed port"),
    TimeoutError("timed out"),
    smtplib.SMTPServerDisconnected("gone"),
    smtplib.SMTPSenderRefused(550, b"not you", "hello@petgroove.example"),
    smtplib.SMTPDataError(554, b"spam"),
    smtplib.SMTPAuthenticationError(535, b"no"),
    PermissionError("the outbox cannot be written"),
    refused(450),
    refused(530),
    UnicodeEncodeError("ascii", "pässword", 1, 2, "a password that smtplib cannot encode"),
]


@pytest.fixture
def broken(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that lets the mail server fail, or work again."""
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.BrokenBackend"}}
    mail.outbox = []

    def let(*errors: Exception) -> None:
        monkeypatch.setattr(BrokenBackend, "errors", list(errors))

    return let


def page_of(client: Client, response: HttpResponse) -> str:
    """Return the page that the response leads to, as text."""
    while response.status_code == 302:
        response = client.get(response.headers["Location"])
    assert response.status_code == 200
    return response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize(
    "error", [*AWAY, refused(550)], ids=lambda error: f"{type(error).__name__} {error.args[0]!s:.9}"
)
def test_no_route_that_sends_an_email_fails(error: Exception, broken: Callable[..., None], owner: User) -> None:
    unproved = User.objects.create_user("unproved@example.org", PASSWORD)
    broken(error)
    says = str(REFUSED if error.args[0] == refused(550).args[0] else UNSENT)
    browser = browser_of(owner)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    answers = {
        "sign-up": (client := Client(), ask_for_code(client, "new@example.org")),
        "login code": (client := Client(), ask_for_code(client, owner.email)),
        "reset": (client := Client(), client.post(RESET, {"email": owner.email})),
        "reset, unknown": (client := Client(), client.post(RESET, {"email": "nobody@example.org"})),
        "unproved": (client := Client(), client.post(BY_PASSWORD, {"login": unproved.email, "password": PASSWORD})),
        "new address": (browser, browser.post(EMAIL, {"email": "second@example.org", "action_add": "1"})),
    }
    said = {name: says in page_of(client, answer) for name, (client, answer) in answers.items()}
    assert said == dict.fromkeys(said, True)
    assert User.objects.filter(email="new@example.org").count() == 1


def test_new_code_for_who_confirms_who_they_are(broken: Callable[..., None]) -> None:
    owner = User.objects.create_user("owner@example.org")
    owner.emailaddress_set.create(email=owner.email, verified=True, primary=True)
    browser = browser_of(owner)
    broken(TimeoutError())
    page = page_of(browser, browser.post("/account/reauthenticate/code/"))
    assert (str(UNSENT) in page, "We sent a code" in page, 'data-wait="0"' in page) == (True, False, True)
    broken()
    browser.post("/account/reauthenticate/code/")
    browser.post("/account/reauthenticate/code/", {"code": code_in(mail.outbox[-1])})
    assert browser.get("/account/close/").status_code == 200


def test_refusal_of_one_address_does_not_count_as_a_code_sent_to_another(broken: Callable[..., None]) -> None:
    owner = User.objects.create_user("owner@example.org")
    owner.emailaddress_set.create(email=owner.email, verified=True, primary=True)
    browser = browser_of(owner)
    broken(TimeoutError())
    browser.post("/account/reauthenticate/code/")
    broken(refused(550))
    # In another tab.
    assert str(REFUSED) in page_of(browser, browser.post(RESET, {"email": "second@example.org"}))
    page = page_of(browser, browser.get("/account/reauthenticate/code/"))
    assert (str(UNSENT) in page, "We sent a code" in page, 'data-wait="0"' in page) == (True, False, True)


def test_session_remembers_few_codes_that_were_not_sent(broken: Callable[..., None]) -> None:
    broken(TimeoutError())
    client = Client()
    for number in range(7):
        client.post(RESET, {"email": f"nobody{number}@example.org"})
    assert list(client.session[SESSION_KEY]) == [f"nobody{number}@example.org" for number in range(2, 7)]


def test_person_gets_in_as_soon_as_mail_works(broken: Callable[..., None]) -> None:
    client = Client()
    broken(ConnectionRefusedError())
    page = page_of(client, ask_for_code(client, "new@example.org"))
    assert ("We sent a code" in page, 'data-wait="0"' in page) == (False, True)
    # More often than a new code is allowed, and than codes are sent to an address in an hour.
    for _ in range(12):
        page = page_of(client, client.post(CONFIRM, RESEND))
        assert ("We sent you a new code" in page, str(UNSENT) in page) == (False, True)
    broken()
    page = page_of(client, client.post(CONFIRM, RESEND))
    assert ("We sent you a new code" in page, str(UNSENT) in page) == (True, False)
    assert enter_code(client, mail.outbox[-1]).headers["Location"] == "/photos/"
    [user] = User.objects.all()
    assert user.emailaddress_set.get().verified


@pytest.mark.parametrize("path", [ENTRANCE, RESET])
def test_address_may_ask_again_as_often_as_its_code_is_not_sent(path: str, broken: Callable[..., None]) -> None:
    for error in [ConnectionRefusedError(), refused(550), TimeoutError()] * 3:
        broken(error)
        assert Client().post(path, {"email": "new@example.org"}).status_code in (200, 302)
    broken()
    client = Client()
    client.post(path, {"email": "new@example.org"})
    assert (len(mail.outbox), mail.outbox[0].to) == (1, ["new@example.org"])


def test_another_browser_gets_a_code_for_an_address_that_nobody_proved(broken: Callable[..., None]) -> None:
    broken(refused(450))
    ask_for_code(Client(), "new@example.org")
    broken()
    client = Client()
    ask_for_code(client, "new@example.org")
    assert enter_code(client, mail.outbox[-1]).headers["Location"] == "/photos/"
    assert User.objects.count() == 1


def test_refused_address_is_an_error_of_the_field(broken: Callable[..., None], owner: User) -> None:
    broken(refused(550))
    browser = browser_of(owner)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    for client, path, form in [
        (Client(), ENTRANCE, {"email": "new@example.org"}),
        (Client(), RESET, {"email": "new@example.org"}),
        (browser, EMAIL, {"email": "new@example.org", "action_add": "1"}),
    ]:
        response = client.post(path, form)
        page = response.content.decode().replace("&#x27;", "'")
        [field] = re.findall(
            r'<input[^>]*name="email"[^>]*type="email"|<input[^>]*type="email"[^>]*name="email"[^>]*>', page
        )
        assert (response.status_code, str(REFUSED) in page, 'aria-invalid="true"' in field) == (200, True, True)
        # The page of the code has nothing to wait for.
        for after in (CONFIRM, RESET_CONFIRM, CONFIRM_EMAIL):
            assert client.get(after).status_code == 302


def test_refused_new_address_is_said_after_the_old_one_worked(broken: Callable[..., None]) -> None:
    broken()
    client = Client()
    ask_for_code(client, "new@example.org")
    client.post(CONFIRM, {"action": "change"})
    broken(refused(550))
    assert str(REFUSED) in page_of(client, ask_for_code(client, "typo@example.org"))
    broken()
    ask_for_code(client, "new@example.org")
    assert enter_code(client, mail.outbox[-1]).headers["Location"] == "/photos/"


@pytest.mark.parametrize("error", [TimeoutError(), refused(550)])
def test_notification_neither_undoes_nor_hides_what_was_done(
    error: Exception, broken: Callable[..., None], owner: User
) -> None:
    owner.emailaddress_set.create(email="second@example.org", verified=True)
    browser = browser_of(owner)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    broken(error)
    page = page_of(browser, browser.post(EMAIL, {"email": "second@example.org", "action_primary": "1"}))
    assert "Primary email changed." in page
    page = page_of(browser, browser.post(EMAIL, {"email": "owner@example.org", "action_remove": "1"}))
    assert "owner@example.org was removed." in page
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "Password saved." in page_of(browser, browser.post("/account/password/change/", form))
    assert User.objects.get().check_password(NEW_PASSWORD)
    assert "Your account is closed." in page_of(browser, browser.post("/account/close/", {"sure": "yes"}))
    assert not User.objects.get().is_active


def test_failure_is_logged_without_the_address(broken: Callable[..., None], caplog: pytest.LogCaptureFixture) -> None:
    broken(refused(550))
    ask_for_code(Client(), "new@example.org")
    [record] = [record for record in caplog.records if record.message == "email not sent"]
    assert (record.template, record.reason) == ("account/email/login_code", "SMTPRecipientsRefused 550")


class SilentBackend(BaseEmailBackend):
    """A mail server that answers only when the test is over."""

    answers = threading.Event()

    def send_messages(self, messages: list[Any]) -> int:
        self.answers.wait(60)
        return len(messages)


@pytest.fixture
def silent(settings: Any) -> Iterator[None]:
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.SilentBackend"}}
    settings.EMAIL_SECONDS = 0.1
    SilentBackend.answers.clear()
    yield
    SilentBackend.answers.set()
    for thread in threading.enumerate():
        if thread.name == "email":
            thread.join()


def test_silent_server_holds_a_page_for_the_set_time_in_all(
    silent: None, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.emailaddress_set.create(email="second@example.org", verified=True)
    waits: list[float] = []
    join = threading.Thread.join

    def timed_join(thread: threading.Thread, timeout: float | None = None) -> None:
        if thread.name == "email" and timeout is not None:
            waits.append(timeout)
        join(thread, timeout)

    monkeypatch.setattr("threading.Thread.join", timed_join)
    client = Client()
    assert str(UNSENT) in page_of(client, ask_for_code(client, "new@example.org"))
    browser = browser_of(owner)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    # Tells two addresses.
    browser.post(EMAIL, {"email": "second@example.org", "action_remove": "1"})
    # The code has the whole time. The two notifications share it; the last one is left to its thread.
    assert len(waits) == 3
    assert waits[0] <= 0.1
    assert sum(waits[1:]) <= 0.11


def test_silent_server_holds_a_few_threads_only(silent: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emails, "TURN_SECONDS", 0.01)
    message = mail.EmailMessage("A code", "123456", to=["new@example.org"])
    reasons: list[str] = []
    for _ in range(6):
        with pytest.raises(emails.EmailNotSent) as error:
            emails.send(message)
        reasons.append(str(error.value))
    assert reasons == ["Deadline"] * 4 + ["TooManyAtOnce"] * 2


def test_no_email_waits_behind_one_that_takes_long(
    silent: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise those that wait hold the rest of the threads, one after the other."""
    monkeypatch.setattr(emails, "TURN_SECONDS", 0.05)
    for _ in range(4):
        with pytest.raises(emails.EmailNotSent, match="Deadline"):
            emails.send(mail.EmailMessage("A code", "123456", to=["new@example.org"]))
    settings.EMAIL_SECONDS = 60
    monkeypatch.setattr(emails, "TURN_SECONDS", 60)
    monkeypatch.setitem(emails._started, 0, time.monotonic() - 61)
    started = time.monotonic()
    with pytest.raises(emails.EmailNotSent, match="TooManyAtOnce"):
        emails.send(mail.EmailMessage("A code", "123456", to=["new@example.org"]))
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("options", "error", "reason"),
    [
        ({"rcpt": "550 5.1.1 no such user"}, emails.RecipientRefused, "SMTPRecipientsRefused 550"),
        ({"rcpt": "451 4.7.1 later"}, emails.EmailNotSent, "SMTPRecipientsRefused 451"),
        ({"silent": True}, emails.EmailNotSent, "Deadline"),
    ],
)
def test_failures_of_a_real_server(settings: Any, options: Any, error: type[Exception], reason: str) -> None:
    with smtp_server(**options) as settings.MAILERS, pytest.raises(emails.EmailNotSent) as raised:
        emails.send(mail.EmailMessage("A code", "123456", to=["new@example.org"]), 0.3 if "silent" in options else 60)
    assert (raised.type, str(raised.value)) == (error, reason)


def test_program_errors_are_not_taken_for_a_broken_mail_server(broken: Callable[..., None]) -> None:
    broken(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        ask_for_code(Client(), "new@example.org")


def test_code_that_was_not_sent_does_not_count(broken: Callable[..., None], rf: Any) -> None:
    broken(TimeoutError())
    ask_for_code(Client(), "new@example.org")
    assert limits.SENT[0].peek(limits.key_of("new@example.org")).remaining == limits.SENT[0].amount - 1
