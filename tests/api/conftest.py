"""Fixtures of the API tests: clients with a token, called programs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from api.models import Token
from tests.videos.conftest import clip, photo, prepared, request_video, studio  # noqa: F401

Program = Callable[..., Any]


def client_of(user: User) -> Client:
    secret = Token.objects.issue(user, "A program")[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def program(owner: User) -> Client:
    """Return a client with a token of the owner."""
    return client_of(owner)


@pytest.fixture
def foreign_program(stranger: User) -> Client:
    return client_of(stranger)
