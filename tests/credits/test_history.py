"""The credits page with the history of entries."""

import re

import pytest
from django.test import Client

from accounts.models import User
from credits import ledger

PAGE = "/credits/"


def test_every_entry_is_explained(as_owner: Client, owner: User, staff: User) -> None:
    subject = "video:11111111-2222-4333-8444-555555555555"
    ledger.charge(owner, 1, subject, reason="Disco")
    ledger.refund(subject, reason="Disco")
    ledger.adjust(owner, -2, reason="Counted wrong", by=staff)
    page = as_owner.get(PAGE).content.decode()
    for text in ("Bonus · For the tests", "<p>Disco", "Refund · Disco", "Adjustment · Counted wrong"):
        assert text in page
    assert page.index("Counted wrong") < page.index("Refund") < page.index("<p>Disco")
    assert staff.email not in page
    amounts = re.findall(r'<li class="([a-z ]+)">\s*<b class="amount">([^<]+)</b>', page)
    assert amounts == [("adjustment less", "−2"), ("refund", "+1"), ("charge less", "−1"), ("grant", "+5")]


def test_only_own_entries_are_shown(as_stranger: Client, owner: User) -> None:
    ledger.charge(owner, 1, "video:1", reason="A secret samba")
    assert "A secret samba" not in as_stranger.get(PAGE).content.decode()


def test_empty_history_says_how_to_get_credits(as_owner_without_credits: Client, settings) -> None:
    settings.SUPPORT_EMAIL = "help@petgroove.example"
    page = as_owner_without_credits.get(PAGE).content.decode()
    assert "<b>0</b> credits" in page
    assert "mailto:help@petgroove.example" in page


@pytest.mark.engine
def test_many_entries_are_paginated_with_few_queries(as_owner: Client, owner: User, django_assert_num_queries) -> None:
    for number in range(60):
        ledger.grant(owner, 1, reason=f"Gift {number}", by=None)
    with django_assert_num_queries(4):
        first = as_owner.get(PAGE)
    assert len(first.context["page"].object_list) == 50
    assert len(as_owner.get(f"{PAGE}?page=2").context["page"].object_list) == 11


def test_only_reading_is_allowed(as_owner: Client) -> None:
    assert as_owner.post(PAGE).status_code == 405
