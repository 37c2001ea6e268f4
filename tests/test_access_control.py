"""The URL conf walked: a login is needed everywhere but where we said so, and a stranger sees nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.conftest import browser_of
from tests.routes import ALL, NOBODY, Route
from tests.videos.conftest import clip, photo, prepared, request_video, studio
from videos.models import Photo, Preview, ShareLink, Video
from videos.worker.runner import work_once

__all__ = ["clip", "photo", "prepared", "request_video", "studio"]

PUBLIC = {
    "home",
    "favicon.ico",
    "apple-touch-icon.png",
    "apple-touch-icon-precomposed.png",
    # One page for when there is no line, the same for everybody.
    "offline",
    "service_worker",
    # A video that its owner shares, behind an unguessable link.
    "shared",
    "shared_file",
    "shared_poster",
    # Not found, unless its signed token, its session and its owner agree.
    "poll",
    "gallery_tile",
    # What the API offers, without anybody's data.
    "api_openapi",
    # The receipt of a closed account; without one it leads home.
    "account_closed",
    # Signing up and in, resetting a password: allauth's own public pages.
    "account_signup",
    "account_signup_by_passkey",
    "account_login",
    "account_confirm_login_code",
    "account_request_login_code",
    "account_logout",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_trust",
    "mfa_signup_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    # The admin's own login page sends to ours.
    "login",
    "logout",
    "jsi18n",
}

TURNED_AWAY = {(status, "application/problem+json") for status in (401, 404, 405)}


def test_all_our_routes_are_found() -> None:
    names = {route.name for route in ALL}
    assert {"photo", "dance", "photo_image", "photo_frame", "gallery", "detail", "file", "poster", "delete"} <= names
    assert {"history", "home", "account_login", "accounts_user_changelist"} <= names


def test_every_place_of_every_route_is_filled() -> None:
    assert [path for path in (route.filled() for route in ALL) if set("<>{}()^$%?") & set(path)] == []
    assert {route.name for route in ALL if route.places} >= {"photo_image", "detail", "shared", "mfa_edit_webauthn"}


@contextmanager
def in_subtest(subtests: pytest.Subtests, route: Route) -> Iterator[None]:
    """Run a subtest for the route; the next one finds the rows and the limits that this one found."""
    with subtests.test(route=route.name or route.path), transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


@pytest.mark.django_db
def test_anonymous_sees_public_pages_only(subtests: pytest.Subtests) -> None:
    for route in ALL:
        with in_subtest(subtests, route):
            answer = Client().get(route.filled())
            if route.path.startswith("api/"):
                # Programs are not sent to a login page: they are told what is missing, or that only a POST is answered.
                kind = (answer.status_code, answer.headers["Content-Type"])
                assert kind in TURNED_AWAY or route.name in PUBLIC
            elif route.name not in PUBLIC:
                assert answer.status_code == 302, f"{route.path} answers {answer.status_code} to anybody"
                assert answer.headers["Location"].startswith(("/account/login/", "/admin/login/"))


WITH_ID = [route for route in ALL if route.places]
OURS = [route for route in WITH_ID if route.path.startswith(("photos/", "videos/", "api/photos/", "api/videos/"))]
# A token of the page itself is needed; tests/videos/test_polling.py and test_gallery.py have it.
NEEDS_MORE = {"poll", "gallery_tile"}


@pytest.fixture
def ready(request_video, prepared: Photo, studio) -> Video:
    """A finished dance with a preview of its photo."""
    video = request_video()
    work_once()
    preview = prepared.preview_of(video.style, timezone.now())
    Preview.objects.update(file=default_storage.save(preview.storage_name, ContentFile(b"a clip")), due_at=None)
    video.refresh_from_db()
    return video


def path_to(route: Route, video: Video) -> str:
    """The route to what is the owner's."""
    ids = {"photoId": video.photo_id, "videoId": video.pk}
    ids["pk"] = ids["object_id"] = video.photo_id if "photo" in route.path else video.pk
    if "accounts/user" in route.path:
        ids["object_id"] = video.user_id
    if route.path.startswith("account/"):
        ids.pop("pk")
    return route.filled(lambda place: str(ids[place]) if place in ids else None)


def answer_to(client: Client, path: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; of a POST where only that is answered."""
    answer = client.get(path)
    if answer.status_code == 405:
        answer = client.post(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, dict(answer.headers), body


def told(client: Client, path: str, video: Video) -> tuple:
    """Everything that an answer tells, with the ids of the owner's things as if they were nobody's."""
    status, headers, body = answer_to(client, path)
    # What differs from one answer to the next of the same page: its id, the time, what is left of a limit.
    passing = ("X-Request", "Expires", "RateLimit")
    headers = {name: value for name, value in headers.items() if not name.startswith(passing)}
    for one in (video.pk, video.photo_id, video.user_id):
        body = body.replace(str(one).encode(), NOBODY.encode())
        headers = {name: value.replace(str(one), NOBODY) for name, value in headers.items()}
    return status, headers, body


def test_other_owners_objects_look_like_missing_ones(
    ready: Video, stranger: User, staff: User, subtests: pytest.Subtests
) -> None:
    viewers = {"stranger": browser_of(stranger), "anonymous": Client(), "staff": browser_of(staff)}
    for route in WITH_ID:
        theirs, nobodys = path_to(route, ready), route.filled()
        for name, client in viewers.items():
            if name == "staff" and route.path.startswith("admin/"):
                continue
            with in_subtest(subtests, route):
                seen = told(client, theirs, ready)
                assert seen == told(client, nobodys, ready), name
                if route in OURS and name != "anonymous":
                    assert seen[0] == 404, name


def test_own_objects_are_found(ready: Video, as_owner: Client, subtests: pytest.Subtests) -> None:
    """Or the test before this one would prove nothing. What deletes comes last, since no rollback restores a file."""
    for route in sorted(OURS, key=lambda route: "delete" in route.path):
        if route.name not in NEEDS_MORE:
            with in_subtest(subtests, route):
                assert answer_to(as_owner, path_to(route, ready))[0] in (200, 204, 302)


SHARED = [route for route in WITH_ID if route.path.startswith("shared/")]


def test_disabled_share_link_looks_like_a_missing_one(ready: Video, client: Client, subtests: pytest.Subtests) -> None:
    assert len(SHARED) == 3
    for route in SHARED:
        with in_subtest(subtests, route):
            ready.enable_sharing()
            token = ShareLink.objects.get(video=ready).token
            path = route.filled(lambda place, token=token: token)
            assert answer_to(client, path)[0] == 200
            ready.disable_sharing()
            assert told(client, path, ready) == told(client, route.filled(), ready)
            assert answer_to(client, path)[0] == 404
