"""Redirects never lead to another site, and foreign host names are rejected or ignored."""

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"

ELSEWHERE = ["https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "javascript:alert(1)"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_redirect_leads_to_another_site(client: Client, owner: User, target: str) -> None:
    responses = [
        client.get(LOGIN, {"next": target}),
        client.post("/account/login/password/", {"login": owner.email, "password": PASSWORD, "next": target}),
        client.get(LOGIN, {"next": target}),
        client.post("/account/reauthenticate/", {"password": PASSWORD, "next": target}),
        client.post("/account/logout/", {"next": target}),
        client.post("/photos/", headers={"Referer": target}),
        client.get("/photos/", headers={"HX-Request": "true", "HX-Current-URL": target}),
    ]
    for response in responses:
        to = response.headers.get("Location", "") + response.headers.get("HX-Redirect", "")
        assert "evil" not in to
        assert "javascript" not in to


@pytest.mark.parametrize("path", ["//evil.example/videos", "///evil.example/photos", "/%5Cevil.example/videos"])
def test_path_that_looks_like_a_host_is_not_followed(client: Client, path: str) -> None:
    response = client.get(path)
    to = response.headers.get("Location", "/")
    assert to.startswith("/")
    assert not to.startswith("//")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "a b", ""])
def test_foreign_host_is_rejected(client: Client, host: str) -> None:
    client.raise_request_exception = False
    page = client.get("/", HTTP_HOST=host)
    form = client.post("/account/password/reset/", {"email": "x@y.z"}, HTTP_HOST=host)
    assert [page.status_code, form.status_code] == [400, 400]
    assert b"evil" not in page.content


def test_forwarded_host_is_ignored(client: Client) -> None:
    page = client.get("/", headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})
    assert (page.status_code, b"evil" in page.content) == (200, False)
