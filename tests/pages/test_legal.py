"""The pages about terms, privacy and contact name the operator, and are linked on every page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["terms", "privacy", "contact"])
def test_page_names_the_operator_and_is_linked(client: Client, settings, name: str) -> None:
    settings.OPERATOR_NAME, settings.OPERATOR_ADDRESS = "Happy Paws Ltd", "1 Bone Street, Dogtown"
    settings.SUPPORT_EMAIL = "Help <help@paws.example>"
    page = client.get(reverse(name)).content.decode()
    assert "Happy Paws Ltd" in page
    assert "1 Bone Street, Dogtown" in page
    assert f'href="{reverse(name)}"' in client.get("/").content.decode()


def test_contact_has_the_support_address(client: Client, settings) -> None:
    settings.SUPPORT_EMAIL = "Help <help@paws.example>"
    assert 'href="mailto:help@paws.example"' in client.get("/contact/").content.decode()


def test_report_of_a_shared_video_contains_its_link(client: Client, settings) -> None:
    settings.SUPPORT_EMAIL = "PetGroove <help@paws.example>"
    page = client.get("/contact/?video=aB3_-xyz").content.decode()
    link = "http%3A%2F%2Ftestserver%2Fshared%2FaB3_-xyz%2F"
    assert f'href="mailto:help@paws.example?subject=Report%20a%20video&amp;body={link}%0A' in page


@pytest.mark.parametrize("token", ["", "a/b", "a&bcc=x@y.example", "x" * 33, '"><script>'])
def test_report_of_anything_else_is_an_empty_email(client: Client, settings, token: str) -> None:
    settings.SUPPORT_EMAIL = "help@paws.example"
    assert 'href="mailto:help@paws.example"' in client.get("/contact/", {"video": token}).content.decode()


def test_privacy_names_runway_only_if_photos_are_sent_there(client: Client, settings) -> None:
    settings.RUNWAY_API_KEY = ""
    assert "never leaves our servers" in client.get("/privacy/").content.decode()
    settings.RUNWAY_API_KEY = "key_test"
    page = client.get("/privacy/").content.decode()
    assert "Runway" in page
    assert "never leaves our servers" not in page


def test_privacy_says_how_long_a_photo_without_an_account_stays(client: Client, settings) -> None:
    settings.GUEST_PHOTO_LIFETIME = timedelta(hours=12)
    assert (
        "without an account is deleted after 12 hours, unless you sign up" in client.get("/privacy/").content.decode()
    )


@pytest.mark.parametrize("address", ["/nowhere/", f"/shared/{'x' * 22}/"])
def test_development_shows_our_own_page_for_an_unknown_address(client: Client, settings, address: str) -> None:
    settings.DEBUG = True
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == 404
    assert "URLconf" not in page
    assert '<p class="code">404</p>' in page
