"""Each page has one primary button: the most common action."""

import re

import pytest
from django.test import Client

QUIET = {"quiet", "plain", "danger", "sound"}


def primary_buttons(page: str) -> list[str]:
    """Return the labels of the primary buttons."""
    page = re.sub(r"<noscript>.*?</noscript>", "", page, flags=re.DOTALL)
    buttons = re.findall(
        r'<(?:a|button|label)[^>]* ?class="(button[^"]*)"[^>]*>(.*?)</(?:a|button|label)>', page, re.DOTALL
    )
    return [re.sub(r"<[^>]+>", "", label).strip() for classes, label in buttons if not set(classes.split()) & QUIET]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "labels"),
    [
        # At the top and the bottom of a long page.
        ("/", ["Make my pet dance", "Start with a photo"]),
        ("/account/login/", ["Email me a code"]),
        ("/account/login/password/", ["Log in"]),
        ("/account/password/reset/", ["Send reset code"]),
        ("/no/such/page", ["Go home"]),
    ],
)
def test_one_primary_action_for_a_visitor(client: Client, path: str, labels: list[str]) -> None:
    assert primary_buttons(client.get(path).content.decode()) == labels


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ("/credits/", ["Make a dance"]),
        ("/videos/", ["Make the first one"]),
        ("/account/password/change/", ["Change password"]),
        ("/account/data/", ["Download everything"]),
    ],
)
def test_one_primary_action_for_an_owner(as_owner: Client, path: str, labels: list[str]) -> None:
    assert primary_buttons(as_owner.get(path).content.decode()) == labels


def test_primary_action_without_credits_is_to_get_some(as_owner_without_credits: Client) -> None:
    assert primary_buttons(as_owner_without_credits.get("/credits/").content.decode()) == ["How to get more"]
