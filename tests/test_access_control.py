"""Every route of the URLconf: all but the public ones require a login, and strangers see nothing."""

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
from videos.models import CardLoop, ExportKind, Photo, Preview, ShareLink, Video, VideoExport
from videos.worker.runner import work_once

__all__ = ["clip", "photo", "prepared", "request_video", "studio"]

PUBLIC = {
    "home",
    "how_its_made",
    "favicon.ico",
    "apple-touch-icon.png",
    "apple-touch-icon-precomposed.png",
    "terms",
    "privacy",
    "contact",
    # The choice of the language.
    "language",
    # The offline page and its service worker, the same for everyone.
    "offline",
    "service_worker",
    # The upload, which makes a guest of a visitor.
    "photo",
    # A shared video, behind an unguessable link.
    "shared",
    "shared_file",
    "shared_poster",
    # The form to report it.
    "report",
    # 404 unless the signed token in an e-mail is a user's.
    "unsubscribe",
    # 404 unless the signed token, the session and the owner match.
    "poll",
    "gallery_tile",
    # The OpenAPI document, which contains no user data.
    "api_openapi",
    # The receipt of a closed account; without one, it redirects to the home page.
    "account_closed",
    # allauth's public pages: sign-up, login and password reset.
    "account_signup",
    "account_signup_by_passkey",
    "account_login",
    "account_login_by_password",
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
    # The admin's login page redirects to the site's.
    "login",
    "logout",
    "jsi18n",
}

REJECTED = {(status, "application/problem+json") for status in (401, 404, 405)}


def test_walk_finds_the_routes() -> None:
    names = {route.name for route in ALL}
    assert {"photo", "dance", "photo_image", "photo_frame", "gallery", "detail", "file", "poster", "delete"} <= names
    assert {"history", "home", "account_login", "accounts_user_changelist"} <= names


def test_all_placeholders_are_filled() -> None:
    assert [path for path in (route.filled() for route in ALL) if set("<>{}()^$%?") & set(path)] == []
    assert {route.name for route in ALL if route.places} >= {"photo_image", "detail", "shared", "mfa_edit_webauthn"}


@contextmanager
def in_subtest(subtests: pytest.Subtests, route: Route) -> Iterator[None]:
    """Run a subtest for the route, then restore the rows and the rate limits."""
    with subtests.test(route=route.name or route.path), transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


@pytest.mark.django_db
def test_anonymous_sees_public_pages_only(subtests: pytest.Subtests) -> None:
    for route in ALL:
        with in_subtest(subtests, route):
            response = Client().get(route.filled())
            if response.status_code == 405 and not route.path.startswith("api/"):
                response = Client().post(route.filled())
            if route.path.startswith("api/"):
                # API clients get an error instead of a redirect to the login page.
                kind = (response.status_code, response.headers["Content-Type"])
                assert kind in REJECTED or route.name in PUBLIC
            elif route.name not in PUBLIC:
                assert response.status_code == 302, f"{route.path} returns {response.status_code} without a login"
                assert response.headers["Location"].startswith(("/account/login/", "/admin/login/"))


WITH_ID = [route for route in ALL if route.places]
OURS = [route for route in WITH_ID if route.path.startswith(("photos/", "videos/", "api/photos/", "api/videos/"))]
# These need a token from a page; tests/videos/test_polling.py and test_gallery.py cover them.
NEEDS_TOKEN = {"poll", "gallery_tile"}


@pytest.fixture
def ready(request_video, prepared: Photo, studio) -> Video:
    """A finished video with a preview and a card's loop of its photo."""
    video = request_video()
    work_once()
    preview = prepared.preview_of(video.catalogue_dance, timezone.now())
    Preview.objects.update(file=default_storage.save(preview.storage_name, ContentFile(b"a clip")), due_at=None)
    loop = CardLoop(photo=prepared, dance=video.dance)
    loop.file.name = default_storage.save(loop.storage_name, ContentFile(b"a strip"))
    loop.save()
    video.refresh_from_db()
    export = VideoExport.objects.request(video, ExportKind.GIF, timezone.now())
    file = default_storage.save(export.storage_name, ContentFile(b"a GIF"))
    VideoExport.objects.update(file=file, size=5, due_at=None)
    return video


def path_to(route: Route, video: Video) -> str:
    """Return the path of the route for the owner's objects."""
    ids = {"photoId": video.photo_id, "videoId": video.pk}
    ids["pk"] = ids["object_id"] = video.photo_id if "photo" in route.path else video.pk
    if "accounts/user" in route.path:
        ids["object_id"] = video.user_id
    if route.path.startswith("account/"):
        ids.pop("pk")
    return route.filled(lambda place: str(ids[place]) if place in ids else None)


def response_to(client: Client, path: str) -> tuple[int, dict[str, str], bytes]:
    """Return the status, headers and body of a GET request, or of a POST if GET is not allowed."""
    response = client.get(path)
    if response.status_code == 405:
        response = client.post(path)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, dict(response.headers), body


def normalised_response(client: Client, path: str, video: Video) -> tuple:
    """Return the whole response, with the ids of the owner's objects replaced by the id of no row."""
    status, headers, body = response_to(client, path)
    # These headers differ between two responses of the same page.
    varying = ("X-Request", "Expires", "RateLimit")
    headers = {name: value for name, value in headers.items() if not name.startswith(varying)}
    for pk in (video.pk, video.photo_id, video.user_id):
        body = body.replace(str(pk).encode(), NOBODY.encode())
        headers = {name: value.replace(str(pk), NOBODY) for name, value in headers.items()}
    return status, headers, body


def test_other_owners_objects_look_like_missing_ones(
    ready: Video, stranger: User, staff: User, subtests: pytest.Subtests
) -> None:
    viewers = {"stranger": browser_of(stranger), "anonymous": Client(), "staff": browser_of(staff)}
    for route in WITH_ID:
        existing, missing = path_to(route, ready), route.filled()
        for name, client in viewers.items():
            if name == "staff" and route.path.startswith("admin/"):
                continue
            with in_subtest(subtests, route):
                response = normalised_response(client, existing, ready)
                assert response == normalised_response(client, missing, ready), name
                if route in OURS and name != "anonymous":
                    assert response[0] == 404, name


def test_own_objects_are_found(ready: Video, as_owner: Client, subtests: pytest.Subtests) -> None:
    """The negative control. Deletions come last, since a rollback does not restore files."""
    for route in sorted(OURS, key=lambda route: "delete" in route.path):
        if route.name not in NEEDS_TOKEN:
            with in_subtest(subtests, route):
                assert response_to(as_owner, path_to(route, ready))[0] in (200, 204, 302)


SHARED = [route for route in WITH_ID if route.path.startswith("shared/")]


def test_disabled_share_link_looks_like_a_missing_one(ready: Video, client: Client, subtests: pytest.Subtests) -> None:
    assert len(SHARED) == 4
    for route in SHARED:
        with in_subtest(subtests, route):
            ready.enable_sharing()
            token = ShareLink.objects.get(video=ready).token
            path = route.filled(lambda place, token=token: token)
            assert response_to(client, path)[0] == 200
            ready.disable_sharing()
            assert normalised_response(client, path, ready) == normalised_response(client, route.filled(), ready)
            assert response_to(client, path)[0] == 404
