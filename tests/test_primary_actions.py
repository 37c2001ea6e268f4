"""A page has one button that stands out: what most people came for."""

import re

import pytest
from django.test import Client

QUIET = {"quiet", "plain", "danger", "sound"}


def strong(page: str) -> list[str]:
    """The words on the buttons that stand out."""
    buttons = re.findall(r'<(?:a|button)[^>]* ?class="(button[^"]*)"[^>]*>(.*?)</(?:a|button)>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", words).strip() for classes, words in buttons if not set(classes.split()) & QUIET]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "words"),
    [
        # Once above the fold, once at the end of a long page.
        ("/", ["Make my pet dance", "Start with a photo"]),
        ("/account/signup/", ["Sign up"]),
        ("/account/login/", ["Log in"]),
        ("/account/password/reset/", ["Send me the code"]),
        ("/no/such/page", ["Go to the start"]),
    ],
)
def test_one_primary_action_for_a_visitor(client: Client, path: str, words: list[str]) -> None:
    assert strong(client.get(path).content.decode()) == words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/credits/", ["Make a dance"]),
        ("/videos/", ["Make the first one"]),
        ("/account/password/change/", ["Change the password"]),
        ("/account/data/", ["Download everything"]),
    ],
)
def test_one_primary_action_for_an_owner(as_owner: Client, path: str, words: list[str]) -> None:
    assert strong(as_owner.get(path).content.decode()) == words


def test_primary_action_without_credits_is_getting_some(as_owner_without_credits: Client) -> None:
    assert strong(as_owner_without_credits.get("/credits/").content.decode()) == ["How to get more"]
