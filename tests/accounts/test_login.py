"""Login, logout by POST only, and password reset by code."""

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.test_signup import code_in
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def test_login_redirects_to_the_requested_page(client: Client, owner: User) -> None:
    redirect = client.get("/credits/")
    assert redirect.headers["Location"] == f"{LOGIN}?next=/credits/"
    response = client.post(redirect.headers["Location"], {"login": owner.email, "password": PASSWORD})
    assert response.headers["Location"] == "/credits/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_login_never_redirects_to_another_site(client: Client, owner: User, target: str) -> None:
    response = client.post(LOGIN, {"login": owner.email, "password": PASSWORD, "next": target})
    assert response.headers["Location"] == "/videos/"


def test_wrong_password_is_refused(client: Client, owner: User) -> None:
    response = client.post(LOGIN, {"login": owner.email, "password": "not this one"})
    assert "This email address and this password do not match." in response.content.decode()
    assert client.get("/videos/").status_code == 302


def test_too_many_wrong_passwords_are_limited(client: Client, owner: User) -> None:
    for _ in range(6):
        client.post(LOGIN, {"login": owner.email, "password": "not this one"})
    response = client.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    assert client.get("/videos/").status_code == 302
    assert "Too many attempts" in response.content.decode()


def test_logout_needs_post(as_owner: Client) -> None:
    as_owner.get("/account/logout/")
    assert as_owner.get("/videos/").status_code == 200
    assert as_owner.post("/account/logout/").headers["Location"] == "/"
    assert as_owner.get("/videos/").status_code == 302


def test_copied_session_ends_at_logout(as_owner: Client) -> None:
    copy = Client()
    copy.cookies = as_owner.cookies.copy()
    assert copy.get("/videos/").status_code == 200
    as_owner.post("/account/logout/")
    assert copy.get("/videos/").status_code == 302


def test_forgotten_password_is_reset_with_a_code(client: Client, owner: User, mailoutbox) -> None:
    redirect = client.post("/account/password/reset/", {"email": owner.email}, follow=True)
    entered = client.post(redirect.redirect_chain[-1][0], {"code": code_in(mailoutbox[0])}, follow=True)
    assert entered.redirect_chain[-1][0] == "/account/password/reset/complete/"
    new = "another good long password"
    client.post("/account/password/reset/complete/", {"password1": new, "password2": new})
    owner.refresh_from_db()
    assert owner.check_password(new)


def test_staff_log_in_to_the_admin_with_the_same_form(client: Client, staff: User) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith(LOGIN)


def test_an_owner_sees_no_admin(as_owner: Client) -> None:
    assert as_owner.get("/admin/").status_code in (302, 403)
    assert as_owner.get("/admin/accounts/user/", follow=True).status_code == 403
