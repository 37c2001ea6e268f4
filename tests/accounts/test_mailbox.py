"""In development only, sent e-mails can be read in the browser."""

import pytest
from django.core import mail
from django.http import Http404
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.test import Client, RequestFactory, override_settings

from petgroove.dev.mailbox import outbox, outbox_html, sent_mails
from videos.emails.inline_image import InlineImageEmail


def test_sent_mail_is_listed_newest_first(tmp_path, settings) -> None:
    backend = {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "OPTIONS": {"file_path": str(tmp_path)}}
    settings.OUTBOX_DIR = tmp_path
    with override_settings(MAILERS={"default": backend}):
        for number in (1, 2):
            mail.EmailMessage(f"Code {number}", f"Enter {number}\n" + "-" * 20, to=["new@example.org"]).send()
    assert [message["Subject"] for message in sent_mails()] == ["Code 2", "Code 1"]
    page = outbox(RequestFactory().get("/outbox/")).content.decode()
    assert "Enter 1" in page
    assert "new@example.org" in page


def test_html_part_is_shown_with_its_image_and_sandboxed(tmp_path, settings) -> None:
    backend = {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "OPTIONS": {"file_path": str(tmp_path)}}
    settings.OUTBOX_DIR = tmp_path
    message = InlineImageEmail("Ready", "Watch it", to=["new@example.org"])
    message.attach_alternative('<!doctype html><title>Ready</title><img src="cid:thumbnail" alt="">', "text/html")
    message.image = b"a picture"
    with override_settings(MAILERS={"default": backend}):
        mail.EmailMessage("Plain", "No HTML here", to=["new@example.org"]).send()
        message.send()
    page = outbox(RequestFactory().get("/outbox/")).content.decode()
    assert page.count("See it as HTML") == 1
    assert 'href="/outbox/2/"' in page
    response = ContentSecurityPolicyMiddleware(lambda request: outbox_html(request, 2))(
        RequestFactory().get("/outbox/2/")
    )
    assert response.content.decode().strip().endswith('<img src="data:image/jpeg;base64,YSBwaWN0dXJl" alt="">')
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "img-src data:", "sandbox"} <= set(policy)
    for number in (0, 1, 3):
        with pytest.raises(Http404):
            outbox_html(RequestFactory().get(f"/outbox/{number}/"), number)


def test_an_empty_outbox_is_no_error(tmp_path, settings) -> None:
    settings.OUTBOX_DIR = tmp_path / "nothing yet"
    assert sent_mails() == []


def test_there_is_no_outbox_in_production(client: Client) -> None:
    assert client.get("/outbox/").status_code == 404
