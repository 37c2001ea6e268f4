"""Each e-mail about a video has a link that turns these e-mails off, for people and for mail programs."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from videos.models import Video
from videos.worker.runner import work_once


@pytest.fixture
def url(ready: Video) -> str:
    while not mail.outbox:
        assert work_once()
    [message] = mail.outbox
    listed = re.fullmatch(
        r"<http://localhost:8000(/notifications/off/[^>]+/)>", message.extra_headers["List-Unsubscribe"]
    )
    assert listed
    return listed[1]


def wants_emails(owner: User) -> bool:
    owner.refresh_from_db()
    return owner.email_when_finished


def test_footer_links_to_the_settings_and_turns_emails_off(url: str) -> None:
    [message] = mail.outbox
    for text in (message.body, message.alternatives[0][0]):
        assert f"http://localhost:8000{url}" in text
        assert f"http://localhost:8000{reverse('account_email')}#mails" in text


def test_mail_program_turns_emails_off_with_one_request(url: str, owner: User) -> None:
    [message] = mail.outbox
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    program = Client(enforce_csrf_checks=True)
    assert program.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert wants_emails(owner) is False


def test_opening_the_link_only_asks(url: str, owner: User) -> None:
    page = Client().get(url)
    assert "Turn off email notifications?" in page.content.decode()
    assert wants_emails(owner) is True
    assert "Email notifications are off" in Client().post(url).content.decode()
    assert wants_emails(owner) is False


def test_only_the_owner_of_the_email_is_concerned(url: str, stranger: User, as_stranger: Client, owner: User) -> None:
    as_stranger.post(url)
    assert (wants_emails(stranger), wants_emails(owner)) == (True, False)


def test_changed_link_is_not_found(url: str, owner: User) -> None:
    base, token = url.rstrip("/").rsplit("/", 1)
    for changed in (f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}", "nonsense", owner.pk.hex, "x~y"):
        assert Client().post(f"{base}/{changed}/").status_code == 404
    assert wants_emails(owner) is True


def test_other_methods_are_refused(url: str) -> None:
    assert Client().put(url).status_code == 405
