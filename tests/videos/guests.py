"""Guests for tests: a browser without an account, its photo, and a login as people do it."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD
from tests.logins import BY_PASSWORD
from tests.videos.conftest import jpeg
from videos.models import Photo

CHOICE = {"dance": "disco", "format": "wide", "x": "0.5", "y": "0.5"}


def upload(client: Client, **fields: str) -> HttpResponse:
    """Upload a photo as the form does, and follow no redirect."""
    image = SimpleUploadedFile("pet.jpg", jpeg(300, 400), "image/jpeg")
    return client.post(reverse("videos:photo"), {"image": image, **fields})


def guest_photo(client: Client) -> Photo:
    """Have this browser upload a photo, and return it."""
    response = upload(client)
    assert response.status_code == 302, response.content.decode()
    return Photo.objects.get(pk=response.headers["Location"].split("/")[2])


def log_in(client: Client, user: User, **fields: str) -> HttpResponse:
    return client.post(BY_PASSWORD, {"login": user.email, "password": PASSWORD, **fields})
