"""The moving dancers on the cards: they take the place of the drawn one, without a shift, and follow the style."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_playwright import CreateContextCallback

from tests.browser.conftest import log_in
from tests.browser.test_style import choose, photo
from videos.dances import DANCES
from videos.models import CardLoop, Photo
from videos.worker.runner import work_once

__all__ = ["photo"]
pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]
ALL = len(DANCES)


@pytest.fixture
def dancing(photo: Photo) -> Photo:
    """The photo without the mask that it does not have."""
    Photo.objects.update(mask="")
    photo.refresh_from_db()
    return photo


def positions(page: Page) -> list[Any]:
    return page.eval_on_selector_all(".dance-card", "cards => cards.map(card => card.getBoundingClientRect().toJSON())")


def animation(page: Page) -> str:
    return str(page.locator("#pet-salsa .loop img").evaluate("strip => getComputedStyle(strip).animation"))


def test_real_dancers_replace_the_drawn_ones(page: Page, logged_in: str, dancing: Photo, worker: None) -> None:
    page.goto(logged_in + dancing.get_absolute_url())
    expect(page.locator(".dances .mascot-dancer")).to_have_count(ALL)
    before = positions(page)
    expect(page.locator(".dances .loop img")).to_have_count(ALL, timeout=60_000)
    expect(page.locator(".dances .mascot-dancer")).to_have_count(0)
    expect(page.locator("#loops[data-hx-post]")).to_have_count(0)
    assert positions(page) == before
    size = "strip => [strip.naturalWidth, strip.naturalHeight]"
    assert page.locator("#pet-salsa .loop img").evaluate(size) == [16 * 192, 192]
    assert page.locator("#pet-waltz .loop img").evaluate(size) == [12 * 192, 192]
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    # Sixteen moments in eight of 192 beats a minute.
    assert animation(page).startswith("2.5s steps(16) ")
    page.emulate_media(reduced_motion="reduce")
    assert "steps" not in animation(page)


def test_real_dancers_return_with_the_style(page: Page, logged_in: str, dancing: Photo, worker: None) -> None:
    page.goto(logged_in + dancing.get_absolute_url())
    expect(page.locator(".dances .loop img")).to_have_count(ALL, timeout=60_000)
    choose(page, "Whole pet")
    expect(page.locator(".loop")).to_have_count(0)
    expect(page.locator(".dances .pet > .dancer")).to_have_count(ALL)
    choose(page, "Dancer")
    expect(page.locator(".dances .loop img")).to_have_count(ALL)
    expect(page.locator(".dances .mascot-dancer")).to_have_count(0)
    expect(page.locator("#loops[data-hx-post]")).to_have_count(0)


def test_without_javascript_a_reload_shows_them(
    new_context: CreateContextCallback, live_owner: Any, live_server: Any, dancing: Photo
) -> None:
    context = new_context(java_script_enabled=False)
    log_in(context, live_owner, live_server.url)
    page = context.new_page()
    page.goto(live_server.url + dancing.get_absolute_url())
    page.locator(".bodies summary").click()
    page.locator(".body-choice", has_text="Round").click()
    page.get_by_role("button", name="Save style").click()
    assert CardLoop.objects.count() == ALL
    work_once()
    page.reload()
    expect(page.locator(".dances .loop img")).to_have_count(1)
    expect(page.locator(".dances .mascot-dancer")).to_have_count(ALL - 1)
    assert (
        page.locator(".dances .loop img")
        .get_attribute("src")
        .startswith(reverse("videos:card_loop", args=[dancing.pk, DANCES[0].slug]))
    )
