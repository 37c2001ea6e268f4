"""Sessions get a new key at login, and end when the password is changed in another session."""

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD, browser_of

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/password/"


def test_new_password_ends_other_sessions(client: Client, owner: User) -> None:
    elsewhere = browser_of(owner)
    client.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "another good long one", "password2": "another good long one"}
    client.post("/account/password/change/", new)
    owner.refresh_from_db()
    assert owner.check_password("another good long one")
    assert client.get("/videos/").status_code == 200
    assert elsewhere.get("/videos/").status_code == 302


def test_session_key_changes_at_login(client: Client, owner: User) -> None:
    session = client.session
    session["planted"] = "x"
    session.save()
    before = client.cookies["sessionid"].value
    client.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    assert client.get("/videos/").status_code == 200
    assert client.cookies["sessionid"].value != before
