"""API authentication by token or session, and the life of a token."""

import pytest
from django.test import Client

from accounts.models import User
from api.models import Token
from tests.api.client import problem_of
from tests.conftest import PASSWORD
from videos.models import Photo


def test_session_may_read_and_needs_csrf_to_write(owner: User, photo: Photo) -> None:
    page = Client(enforce_csrf_checks=True)
    page.force_login(owner)
    assert page.get("/api/videos").status_code == 200
    payload = {"photoId": str(photo.pk), "danceStyle": "disco"}
    response = page.post("/api/videos/generate", payload, content_type="application/json")
    assert problem_of(response) == (403, "forbidden")
    page.get("/photos/")
    headers = {"X-CSRFToken": page.cookies["csrftoken"].value}
    assert (
        page.post("/api/videos/generate", payload, content_type="application/json", headers=headers).status_code == 202
    )


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic b3duZXI6eA==", "groove_x"])
def test_anonymous_gets_401_and_no_redirect(db: None, header: str | None) -> None:
    response = Client(headers={"Authorization": header} if header is not None else {}).get("/api/videos")
    assert problem_of(response) == (401, "login_needed")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_wrong_token_is_refused_despite_a_session(as_owner: Client) -> None:
    assert as_owner.get("/api/videos", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_token_of_suspended_owner_is_refused(program: Client, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert program.get("/api/videos").status_code == 401


def test_page_shows_a_token_once_and_revokes_it(owner: User) -> None:
    page = Client()
    page.post("/account/login/password/", {"login": owner.email, "password": PASSWORD})
    redirect = page.get("/account/tokens/")
    assert redirect.headers["Location"].startswith("/account/reauthenticate/")
    page.post(redirect.headers["Location"], {"password": PASSWORD})
    shown = page.post("/account/tokens/", {"name": "My script"}).content.decode()
    secret = shown.split('value="groove_')[1].split('"')[0]
    program = Client(headers={"Authorization": f"Bearer groove_{secret}"})
    assert program.get("/api/videos").status_code == 200
    reloaded = page.get("/account/tokens/").content.decode()
    assert "My script" in reloaded
    assert secret not in reloaded
    page.post(f"/account/tokens/{owner.api_tokens.get().pk}/revoke/")
    assert program.get("/api/videos").status_code == 401
    page.get("/account/tokens/")
    assert "My script" not in page.get("/account/tokens/").content.decode()


def test_token_is_stored_as_a_hash_only(program: Client, owner: User) -> None:
    secret = program.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    assert all(secret not in str(value) for value in Token.objects.values().get().values())


def test_token_of_another_owner_cannot_be_revoked(as_stranger: Client, program: Client, owner: User) -> None:
    assert as_stranger.post(f"/account/tokens/{owner.api_tokens.get().pk}/revoke/").status_code == 404
    assert program.get("/api/videos").status_code == 200
