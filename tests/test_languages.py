"""Pages are in the language of the browser, an earlier choice or the account; e-mails in that of the account."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import formats, translation

from accounts import languages
from accounts.models import User
from tests.conftest import browser_of
from tests.videos.conftest import clip, photo, prepared, request_video, studio
from tests.videos.test_polling import poll, poll_url_in
from videos.emails.video_finished import build_message
from videos.models import Video, VideoNotification
from videos.worker.runner import work_once

__all__ = ["clip", "photo", "prepared", "request_video", "studio"]

GERMAN = {"headers": {"accept-language": "de-AT,de;q=0.9,en;q=0.5"}}
HERE = "http://testserver/how-its-made/?from=footer"
ENGLISH = {"headers": {"accept-language": "en-GB"}}


def language_of(content: bytes) -> str:
    """Return the language that a page declares."""
    return content.decode().partition('<html lang="')[2].partition('"')[0]


def speak(user: User, language: str) -> None:
    languages.set_language(user, language)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "expected"),
    [("de", "de"), ("de-CH", "de"), ("en-GB", "en-us"), ("fr, de;q=0.5", "de"), ("fr", "en-us"), ("", "en-us")],
)
def test_visitors_get_the_language_of_their_browser(client: Client, accepted: str, expected: str) -> None:
    response = client.get("/", headers={"accept-language": accepted})
    assert (language_of(response.content), response.headers["Content-Language"]) == (expected, expected)
    assert {"Accept-Language", "Cookie"} <= set(response.headers["Vary"].split(", "))
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


@pytest.mark.django_db
def test_visitors_choose_another_language(client: Client) -> None:
    assert 'lang="de">Deutsch</button>' in client.get("/").content.decode()
    # Each language has its own name, whatever the language of the page.
    assert ">English</button>" in client.get("/", headers={"accept-language": "de"}).content.decode()
    response = client.post("/language/", {"language": "de"}, headers={"referer": HERE})
    assert (response.status_code, response.url) == (302, HERE)
    cookie = response.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("de", True, "Lax")
    assert language_of(client.get(response.url, **ENGLISH).content) == "de"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en", "../de", ""])
def test_languages_that_are_not_offered_change_nothing(client: Client, owner: User, language: str) -> None:
    browser = browser_of(owner)
    for visitor in (client, browser):
        response = visitor.post("/language/", {"language": language}, headers={"referer": "https://elsewhere.example/"})
        assert (response.url, dict(response.cookies)) == ("/", {})
    owner.refresh_from_db()
    assert owner.language == ""


def test_owners_choose_the_language_of_their_account(owner: User) -> None:
    browser = browser_of(owner)
    assert "Deutsch" in browser.get("/account/email/").content.decode()
    browser.post("/language/", {"language": "de"})
    owner.refresh_from_db()
    assert owner.language == "de"
    assert language_of(browser_of(owner).get("/account/email/", **ENGLISH).content) == "de"


def test_the_account_wins_over_the_browser_on_every_page(owner: User) -> None:
    speak(owner, "de")
    browser = browser_of(owner)
    response = browser.get("/account/email/", **ENGLISH)
    assert language_of(response.content) == "de"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "de"
    # The home page loads no account by itself: it follows the cookie that the first page has set.
    assert language_of(browser.get("/", **ENGLISH).content) == "de"
    # The photo page is open to guests as well.
    assert language_of(browser_of(owner).get(reverse("videos:photo"), **ENGLISH).content) == "de"


def test_the_language_costs_no_query(owner: User) -> None:
    browser, url, counts = browser_of(owner), reverse("videos:gallery"), []
    for language in ("", "de"):
        speak(owner, language)
        with CaptureQueriesContext(connection) as captured:
            assert language_of(browser.get(url, **ENGLISH).content) == (language or "en-us")
        counts.append(len(captured))
    assert counts[0] == counts[1] > 0


def test_polled_fragments_are_in_the_language_of_their_page(owner: User, request_video: Any) -> None:
    speak(owner, "de")
    browser, video = browser_of(owner), request_video()
    page = browser.get(video.get_absolute_url(), **ENGLISH)
    del browser.cookies[settings.LANGUAGE_COOKIE_NAME]
    Video.objects.update(status="processing", step="rendering", progress=0.2)
    response = poll(browser, poll_url_in(page), **ENGLISH)
    assert (response.status_code, response.headers["Content-Language"]) == (200, "de")


def test_unchanged_polls_name_no_language(as_owner: Client, request_video: Any) -> None:
    url = poll_url_in(as_owner.get(request_video().get_absolute_url()))
    response = poll(as_owner, url)
    assert (response.status_code, "Content-Language" in response.headers) == (204, False)


def test_the_worker_writes_in_the_language_of_the_account(owner: User, request_video: Any, studio: Any) -> None:
    speak(owner, "de")
    request_video()
    while work_once():
        pass
    notification = VideoNotification.objects.select_related("video__user").get()
    message = build_message(notification, lambda video: b"")
    assert language_of(message.alternatives[0].content.encode()) == "de"
    assert type(message.subject) is str
    assert translation.get_language() == settings.LANGUAGE_CODE


def test_the_offline_page_is_kept_in_the_language_of_the_visitor(client: Client) -> None:
    assert language_of(client.get("/offline/", **GERMAN).content) == "de"
    versions = {client.get("/offline.js", **asked).content for asked in (GERMAN, ENGLISH)}
    assert len(versions) == 2
    assert "Accept-Language" in client.get("/offline.js").headers["Vary"]


@pytest.mark.django_db
def test_the_next_request_is_not_answered_in_the_language_of_the_last(client: Client) -> None:
    client.get("/", **GERMAN)
    assert translation.get_language() == settings.LANGUAGE_CODE


@pytest.mark.django_db
def test_a_new_account_has_the_language_of_its_first_login(client: Client) -> None:
    client.post("/account/login/", {"email": "new@example.org"}, **GERMAN)
    code = next(word for word in mail.outbox[0].body.split() if word.isdigit() and len(word) == 6)
    client.post("/account/login/code/confirm/", {"code": code}, **GERMAN)
    assert User.objects.get(email="new@example.org").language == "de"


def test_a_login_keeps_the_language_of_the_account(client: Client, owner: User) -> None:
    speak(owner, "de")
    client.post("/account/login/", {"email": owner.email}, **ENGLISH)
    code = next(word for word in mail.outbox[0].body.split() if word.isdigit() and len(word) == 6)
    response = client.post("/account/login/code/confirm/", {"code": code}, **ENGLISH)
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "de"
    owner.refresh_from_db()
    assert owner.language == "de"
    assert 'lang="de"' in mail.outbox[0].alternatives[0].content


@pytest.mark.django_db
def test_dates_and_times_follow_the_language() -> None:
    at = datetime(2026, 11, 28, 21, 51, tzinfo=UTC)
    shown = {}
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            names = ("DATE_FORMAT", "TIME_FORMAT", "DATETIME_FORMAT")
            shown[language] = [*(formats.date_format(at, name) for name in names), formats.number_format(1234.5)]
    assert shown == {
        "en-us": ["Nov 28, 2026", "9:51 PM", "Nov 28, 2026, 9:51 PM", "1234.5"],
        "de": ["28.11.2026", "21:51", "28.11.2026, 21:51", "1234,5"],
    }


def test_files_and_redirects_do_not_vary_by_language(client: Client) -> None:
    headers = client.get("/favicon.ico", **GERMAN).headers
    assert "Content-Language" not in headers
    assert "Accept-Language" not in headers["Vary"]
