"""Pages that wait ask every few seconds: one SELECT when nothing is new, and no word to anybody but its owner."""

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


def asks_at(page: Any) -> str:
    found = re.search(r'data-hx-get="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def ask(browser: Client, address: str) -> Any:
    return browser.get(address, headers={"HX-Request": "true"})


@pytest.fixture
def video(request_video: Any) -> Video:
    return request_video()


@pytest.fixture
def address(as_owner: Client, video: Video) -> str:
    return asks_at(as_owner.get(video.get_absolute_url()))


def test_unchanged_poll_is_one_query_without_body(
    as_owner: Client, address: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        answer = ask(as_owner, address)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "moved",
    [
        {"status": "processing", "step": "rendering", "started_at": timezone.now()},
        {"status": "failed", "error_code": "studio", "due_at": None, "finished_at": timezone.now()},
    ],
)
def test_any_change_is_shown_with_a_new_token(as_owner: Client, address: str, video: Video, moved: dict) -> None:
    Video.objects.filter(pk=video.pk).update(**moved)
    answer = ask(as_owner, address)
    assert answer.status_code == 200
    assert 'id="video"' in answer.content.decode()
    if moved["status"] == "processing":
        again = asks_at(answer)
        assert again != address
        assert ask(as_owner, again).status_code == 204


def test_progress_is_a_change(as_owner: Client, video: Video) -> None:
    Video.objects.update(status="processing", step="rendering", progress=0.2)
    address = asks_at(as_owner.get(video.get_absolute_url()))
    assert ask(as_owner, address).status_code == 204
    Video.objects.update(progress=0.3)
    assert "32%" in ask(as_owner, address).content.decode()


def test_sticker_is_a_change(as_owner: Client, address: str, photo: Photo) -> None:
    Photo.objects.update(sticker="s", due_at=None)
    assert ask(as_owner, address).status_code == 200


def test_queue_position_is_refreshed_now_and_then(as_owner: Client, address: str, video: Video) -> None:
    *said, at = polling.signer.unsign(address.rsplit("/", 1)[1]).split(":")
    for age, status in ((0, 204), (polling.REDRAW_AFTER, 200)):
        token = polling.signer.sign(":".join([*said, str(int(at) - age)]))
        assert ask(as_owner, f"/videos/{video.pk}/poll/{token}").status_code == status


def test_session_of_another_user_is_not_found(address: str, as_stranger: Client, video: Video) -> None:
    assert ask(as_stranger, address).status_code == 404
    assert ask(Client(), address).status_code == 404
    assert ask(as_stranger, address.replace(str(video.pk), str(uuid.uuid4()))).status_code == 404


def test_another_session_of_the_owner_needs_its_own_url(address: str, owner: User) -> None:
    assert ask(browser_of(owner), address).status_code == 404


def test_url_is_valid_for_one_video(as_owner: Client, address: str, video: Video, request_video: Any) -> None:
    other = request_video()
    assert ask(as_owner, address.replace(str(video.pk), str(other.pk))).status_code == 404


def test_copied_cookie_is_useless_after_logout(as_owner: Client, address: str) -> None:
    copied = Client()
    copied.cookies[COOKIE] = as_owner.cookies[COOKIE].value
    assert ask(copied, address).status_code == 204
    as_owner.post("/account/logout/")
    assert ask(copied, address).status_code == 404


def test_expired_session_is_refused(as_owner: Client, address: str) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert ask(as_owner, address).status_code == 404


def test_changed_password_invalidates_the_url(as_owner: Client, address: str, owner: User) -> None:
    owner.set_password(f"{PASSWORD} of today")
    owner.save()
    assert ask(as_owner, address).status_code == 404


def test_suspended_owner_is_refused(as_owner: Client, address: str, owner: User) -> None:
    owner.suspend()
    assert ask(as_owner, address).status_code == 404


def test_a_deleted_video_is_not_found(as_owner: Client, address: str, video: Video) -> None:
    Video.objects.update(deleted_at=timezone.now())
    assert ask(as_owner, address).status_code == 404


def test_tampered_token_is_refused(as_owner: Client, address: str) -> None:
    path, token = address.rsplit("/", 1)
    for number in range(0, len(token), 3):
        changed = token[:number] + ("a" if token[number] != "a" else "b") + token[number + 1 :]
        assert ask(as_owner, f"{path}/{changed}").status_code == 404
    for nonsense in ("x", "~", ":::::~x", "%00"):
        assert ask(as_owner, f"{path}/{nonsense}").status_code == 404


def test_token_of_another_user_is_refused(as_owner: Client, stranger: User, video: Video, address: str) -> None:
    said = polling.signer.unsign(address.rsplit("/", 1)[1]).split(":")
    forged = polling.signer.sign(":".join([said[0], stranger.pk.hex, *said[2:]]))
    assert ask(as_owner, f"/videos/{video.pk}/poll/{forged}").status_code == 404


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_dead_connection_is_replaced(as_owner: Client, address: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    parameters = connection.get_connection_params()
    where = {name: parameters[name] for name in ("dbname", "user", "host", "port") if parameters.get(name)}
    with psycopg.connect(**where, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone():
            time.sleep(0.01)
    assert ask(as_owner, address).status_code == 204
