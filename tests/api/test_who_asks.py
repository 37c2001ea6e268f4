"""A program with a token, a page with its session: who is let in, and what becomes of a token."""

import pytest
from django.test import Client

from accounts.models import User
from api.models import Token
from tests.api.asking import problem_of
from tests.conftest import PASSWORD
from videos.models import Photo


def test_a_session_of_the_pages_may_read_and_needs_the_csrf_token_to_change(owner: User, photo: Photo) -> None:
    page = Client(enforce_csrf_checks=True)
    page.force_login(owner)
    assert page.get("/api/videos").status_code == 200
    payload = {"photoId": str(photo.pk), "danceStyle": "disco"}
    answer = page.post("/api/videos/generate", payload, content_type="application/json")
    assert problem_of(answer) == (403, "forbidden")
    page.get("/photos/")
    headers = {"X-CSRFToken": page.cookies["csrftoken"].value}
    assert (
        page.post("/api/videos/generate", payload, content_type="application/json", headers=headers).status_code == 202
    )


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic b3duZXI6eA==", "groove_x"])
def test_whoever_is_unknown_is_told_so_and_not_sent_to_a_login_page(db: None, header: str | None) -> None:
    answer = Client(headers={"Authorization": header} if header is not None else {}).get("/api/videos")
    assert problem_of(answer) == (401, "login_needed")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_wrong_token_is_an_error_also_where_a_session_would_do(as_owner: Client) -> None:
    assert as_owner.get("/api/videos", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_suspended_owners_token_opens_nothing(program: Client, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert program.get("/api/videos").status_code == 401


def test_the_page_shows_a_token_once_and_revokes_it(owner: User) -> None:
    page = Client()
    page.post("/account/login/", {"login": owner.email, "password": PASSWORD})
    asked = page.get("/account/tokens/")
    assert asked.headers["Location"].startswith("/account/reauthenticate/")
    page.post(asked.headers["Location"], {"password": PASSWORD})
    shown = page.post("/account/tokens/", {"name": "My script"}).content.decode()
    secret = shown.split('value="groove_')[1].split('"')[0]
    program = Client(headers={"Authorization": f"Bearer groove_{secret}"})
    assert program.get("/api/videos").status_code == 200
    later = page.get("/account/tokens/").content.decode()
    assert "My script" in later
    assert secret not in later
    page.post(f"/account/tokens/{owner.api_tokens.get().pk}/revoke/")
    assert program.get("/api/videos").status_code == 401
    page.get("/account/tokens/")
    assert "My script" not in page.get("/account/tokens/").content.decode()


def test_a_token_is_kept_as_a_hash_only(program: Client, owner: User) -> None:
    secret = program.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    assert all(secret not in str(value) for value in Token.objects.values().get().values())


def test_nobody_revokes_the_token_of_somebody_else(as_stranger: Client, program: Client, owner: User) -> None:
    assert as_stranger.post(f"/account/tokens/{owner.api_tokens.get().pk}/revoke/").status_code == 404
    assert program.get("/api/videos").status_code == 200
