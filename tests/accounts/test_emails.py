"""Every e-mail has a text part and an HTML part with our own texts. Neither loads external content."""

import re
from pathlib import Path
from types import SimpleNamespace

import allauth
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD, browser_of

OUR_TEMPLATES = Path(settings.BASE_DIR) / "templates"
ALLAUTH_TEMPLATES = Path(allauth.__file__).parent / "templates"
NAMES = sorted(
    str(path.relative_to(ALLAUTH_TEMPLATES))[: -len("_message.txt")]
    for path in ALLAUTH_TEMPLATES.glob("*/email/*_message.txt")
)
NAMES = [*(name for name in NAMES if not name.endswith("/base")), "account/email/reauthentication_code"]
VIDEO = SimpleNamespace(
    title="Biscuit's cha-cha",
    ready_line="Biscuit is ready.",
    price=1,
    failure="The photo can't be opened. Please upload it again.",
)
CONTEXT = {
    "code": "123456",
    "email": "new@example.org",
    "password_reset_url": "https://petgroove.example/reset",
    "signup_url": "https://petgroove.example/signup",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "added_email": "new@example.org",
    "deleted_email": "old@example.org",
    "provider": "Google",
    "new_password_url": "https://petgroove.example/new",
    "ip": "192.0.2.1",
    "user_agent": "<script>Browser & Co</script>",
    "timestamp": "2026-01-02",
    "video": VIDEO,
    "takedown": SimpleNamespace(explanation="Something else.", get_concern_display="Something else", refunded=True),
    "dance": "cha-cha",
    "url": "https://petgroove.example/videos/1/?a=1&b=2",
    "support": "help@petgroove.example",
}


def rendered(name: str) -> tuple[str, str]:
    return render_to_string(f"{name}.txt", CONTEXT), render_to_string(f"{name}.html", CONTEXT)


@pytest.mark.parametrize("name", NAMES)
def test_account_emails_have_our_texts_in_both_formats(name: str) -> None:
    for end in ("_subject.txt", "_message.txt", "_message.html"):
        assert (OUR_TEMPLATES / f"{name}{end}").is_file(), end


@pytest.mark.parametrize(
    "name", [*(f"{name}_message" for name in NAMES), "videos/email/video_ready", "videos/email/credit_refunded"]
)
def test_both_formats_are_complete_and_load_nothing(name: str) -> None:
    text, html = rendered(name)
    assert text.startswith(("Hi,\n", "Hello,\n"))
    assert not re.search(r"&\w+;|<\w+>", text.replace(CONTEXT["user_agent"], ""))
    assert len(re.findall(r"<h1[^>]*>[^<]+</h1>", html)) == 1
    assert not re.search(r"<script|<img|<link|\bsrc=|url\(|\{[{%]", html)


def test_both_formats_link_to_the_same_page() -> None:
    for name in ("videos/email/video_ready", "videos/email/credit_refunded"):
        text, html = rendered(name)
        assert CONTEXT["url"] in text
        assert CONTEXT["url"].replace("&", "&amp;") in html
    assert VIDEO.failure in text
    assert "We refunded your credit" in html


def test_code_is_the_same_in_both_formats(db: None, client: Client, mailoutbox) -> None:
    client.post("/account/login/", {"email": "new@example.org"})
    [mail] = mailoutbox
    [(html, kind)] = mail.alternatives
    [code] = re.findall(r"^([0-9]{6})$", mail.body, re.MULTILINE)
    assert kind == "text/html"
    assert f">{code}</p>" in html


def test_change_email_names_the_device_and_what_to_do(owner: User, mailoutbox, settings) -> None:
    settings.SITE_URL = "https://petgroove.example"
    phone = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari"
    passwords = {"oldpassword": PASSWORD, "password1": "another good long one", "password2": "another good long one"}
    browser_of(owner).post("/account/password/change/", passwords, headers={"user-agent": phone})
    [mail] = mailoutbox
    for part in (mail.body, mail.alternatives[0][0]):
        assert "Device: Chrome on Android" in part
        assert "AppleWebKit" not in part
        assert "https://petgroove.example/account/password/reset/" in part


def test_other_addresses_are_told_of_an_added_and_of_a_removed_one(
    owner: User, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    browser = browser_of(owner)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    browser.post("/account/email/", {"email": "second@example.org", "action_add": "1"})
    [code] = re.findall(r"^([0-9]{6})$", mailoutbox.pop().body, re.MULTILINE)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/account/confirm-email/", {"code": code})
    [notice] = mailoutbox
    assert (notice.to, "second@example.org was added to your account." in notice.body) == ([owner.email], True)
    mailoutbox.clear()
    browser.post("/account/email/", {"email": "second@example.org", "action_primary": "1"})
    assert [mail.to for mail in mailoutbox] == [[owner.email]]
    mailoutbox.clear()
    browser.post("/account/email/", {"email": owner.email, "action_remove": "1"})
    assert [mail.to for mail in mailoutbox] == [["second@example.org"], [owner.email]]
    assert {mail.subject for mail in mailoutbox} == {"An email address was removed"}
