"""Sent mail can be read in the browser, in development and nowhere else."""

from django.core import mail
from django.test import Client, RequestFactory, override_settings

from accounts.outbox import mails, outbox


def test_what_was_sent_is_shown_the_newest_first(tmp_path, settings) -> None:
    backend = {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "OPTIONS": {"file_path": str(tmp_path)}}
    settings.OUTBOX_DIR = tmp_path
    with override_settings(MAILERS={"default": backend}):
        for number in (1, 2):
            mail.EmailMessage(f"Code {number}", f"Enter {number}\n" + "-" * 20, to=["new@example.org"]).send()
    assert [letter["Subject"] for letter in mails()] == ["Code 2", "Code 1"]
    page = outbox(RequestFactory().get("/outbox/")).content.decode()
    assert "Enter 1" in page
    assert "new@example.org" in page


def test_an_empty_outbox_is_no_error(tmp_path, settings) -> None:
    settings.OUTBOX_DIR = tmp_path / "nothing yet"
    assert mails() == []


def test_there_is_no_outbox_in_production(client: Client) -> None:
    assert client.get("/outbox/").status_code == 404
