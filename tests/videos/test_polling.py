"""Waiting pages poll every few seconds: one SELECT if nothing has changed, and no response to other users."""

import re
import time
import uuid
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.conftest import PASSWORD, browser_of
from videos.models import Photo, Video
from videos.views import polling

pytestmark = pytest.mark.engine

COOKIE = django_settings.SESSION_COOKIE_NAME


def poll_url_in(page: Any) -> str:
    match = re.search(r'data-hx-get="([^"]+)"', page.content.decode())
    assert match
    return match[1]


def poll(browser: Client, url: str, headers: dict[str, str] | None = None) -> Any:
    return browser.get(url, headers={"HX-Request": "true"} | (headers or {}))


@pytest.fixture
def video(request_video: Any) -> Video:
    return request_video()


@pytest.fixture
def url(as_owner: Client, video: Video) -> str:
    return poll_url_in(as_owner.get(video.get_absolute_url()))


def test_unchanged_poll_is_one_query_without_body(as_owner: Client, url: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        response = poll(as_owner, url)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "processing", "step": "rendering", "started_at": timezone.now()},
        {"status": "failed", "error_code": "studio", "due_at": None, "finished_at": timezone.now()},
    ],
)
def test_any_change_is_shown_with_a_new_token(as_owner: Client, url: str, video: Video, changes: dict) -> None:
    Video.objects.filter(pk=video.pk).update(**changes)
    response = poll(as_owner, url)
    assert response.status_code == 200
    assert 'id="video"' in response.content.decode()
    if changes["status"] == "processing":
        next_url = poll_url_in(response)
        assert next_url != url
        assert poll(as_owner, next_url).status_code == 204


def test_progress_is_a_change(as_owner: Client, video: Video) -> None:
    Video.objects.update(status="processing", step="rendering", progress=0.2)
    url = poll_url_in(as_owner.get(video.get_absolute_url()))
    assert poll(as_owner, url).status_code == 204
    Video.objects.update(progress=0.3)
    assert "30%" in poll(as_owner, url).content.decode()


def test_sticker_is_a_change(as_owner: Client, url: str, photo: Photo) -> None:
    Photo.objects.update(sticker="s", due_at=None)
    assert poll(as_owner, url).status_code == 200


def test_queue_position_is_refreshed_regularly(as_owner: Client, url: str, video: Video) -> None:
    *fields, at = polling.signer.unsign(url.rsplit("/", 1)[1]).split(":")
    for age, status in ((0, 204), (polling.REDRAW_AFTER, 200)):
        token = polling.signer.sign(":".join([*fields, str(int(at) - age)]))
        assert poll(as_owner, f"/videos/{video.pk}/poll/{token}").status_code == status


def test_session_of_another_user_is_not_found(url: str, as_stranger: Client, video: Video) -> None:
    assert poll(as_stranger, url).status_code == 404
    assert poll(Client(), url).status_code == 404
    assert poll(as_stranger, url.replace(str(video.pk), str(uuid.uuid4()))).status_code == 404


def test_another_session_of_the_owner_needs_its_own_url(url: str, owner: User) -> None:
    assert poll(browser_of(owner), url).status_code == 404


def test_url_is_valid_for_one_video(as_owner: Client, url: str, video: Video, request_video: Any) -> None:
    other = request_video()
    assert poll(as_owner, url.replace(str(video.pk), str(other.pk))).status_code == 404


def test_copied_cookie_is_useless_after_logout(as_owner: Client, url: str) -> None:
    copy = Client()
    copy.cookies[COOKIE] = as_owner.cookies[COOKIE].value
    assert poll(copy, url).status_code == 204
    as_owner.post("/account/logout/")
    assert poll(copy, url).status_code == 404


def test_expired_session_is_refused(as_owner: Client, url: str) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert poll(as_owner, url).status_code == 404


def test_changed_password_invalidates_the_url(as_owner: Client, url: str, owner: User) -> None:
    owner.set_password(f"{PASSWORD} changed")
    owner.save()
    assert poll(as_owner, url).status_code == 404


def test_suspended_owner_is_refused(as_owner: Client, url: str, owner: User) -> None:
    owner.suspend()
    assert poll(as_owner, url).status_code == 404


def test_a_deleted_video_is_not_found(as_owner: Client, url: str, video: Video) -> None:
    Video.objects.update(deleted_at=timezone.now())
    assert poll(as_owner, url).status_code == 404


def test_tampered_token_is_refused(as_owner: Client, url: str) -> None:
    path, token = url.rsplit("/", 1)
    for number in range(0, len(token), 3):
        changed = token[:number] + ("a" if token[number] != "a" else "b") + token[number + 1 :]
        assert poll(as_owner, f"{path}/{changed}").status_code == 404
    for nonsense in ("x", "~", ":::::~x", "%00"):
        assert poll(as_owner, f"{path}/{nonsense}").status_code == 404


def test_token_of_another_user_is_refused(as_owner: Client, stranger: User, video: Video, url: str) -> None:
    fields = polling.signer.unsign(url.rsplit("/", 1)[1]).split(":")
    forged = polling.signer.sign(":".join([fields[0], stranger.pk.hex, *fields[2:]]))
    assert poll(as_owner, f"/videos/{video.pk}/poll/{forged}").status_code == 404


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_dead_connection_is_replaced(as_owner: Client, url: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    parameters = connection.get_connection_params()
    options = {name: parameters[name] for name in ("dbname", "user", "host", "port") if parameters.get(name)}
    with psycopg.connect(**options, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone():
            time.sleep(0.01)
    assert poll(as_owner, url).status_code == 204
