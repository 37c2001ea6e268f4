"""The home page draws the mascot of each dance as it scrolls into view, or immediately without JavaScript."""

import pytest
from playwright.sync_api import Page, expect
from pytest_playwright import CreateContextCallback

from videos.dances import DANCES

pytestmark = [pytest.mark.chromium, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_mascots_are_drawn_lazily_or_at_once_without_scripts(
    new_context: CreateContextCallback, page: Page, live_server
) -> None:
    page.goto(live_server.url)
    cards = page.locator(".gallery .mascot")
    drawn = page.locator(".gallery .mascot > svg")
    expect(cards).to_have_count(len(DANCES))
    assert drawn.count() == 0
    page.get_by_role("heading", name=f"{len(DANCES)} dances").scroll_into_view_if_needed()
    expect(drawn.first).to_be_visible()
    # A jump to the end would pass some cards without showing them.
    for card in cards.all():
        card.scroll_into_view_if_needed()
    expect(drawn).to_have_count(len(DANCES))

    page = new_context(java_script_enabled=False).new_page()
    response = page.goto(live_server.url)
    assert response is not None
    assert response.status == 200
    expect(page.locator(".gallery .mascot svg")).to_have_count(len(DANCES))
