"""The pet's name is saved as soon as it is typed, without a reload, and goes along with the order."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_playwright import CreateContextCallback

from tests.browser.axe import violations
from tests.browser.conftest import log_in
from tests.videos.conftest import photo_of, prepare
from videos.models import Photo, Video

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser_context_args(reduced_motion="reduce"),
]


@pytest.fixture
def photo(live_owner: Any) -> Photo:
    return prepare(Photo.objects.get())


@pytest.fixture
def opened(page: Page, logged_in: str, photo: Photo) -> Page:
    page.goto(logged_in + photo.get_absolute_url())
    page.wait_for_load_state("networkidle")
    return page


def test_enter_saves_the_name_and_keeps_the_focus(opened: Page, photo: Photo) -> None:
    opened.get_by_label("What's your pet's name?").fill("  Biscuit ")
    opened.keyboard.press("Enter")
    field = opened.get_by_label("Name", exact=True)
    expect(field).to_have_value("Biscuit")
    expect(field).to_be_focused()
    expect(opened.locator("#name [role=status]")).to_have_text("Saved.")
    expect(opened.locator("#stage-name")).to_have_text("Biscuit")
    photo.refresh_from_db()
    assert (photo.pet_name, Video.objects.count()) == ("Biscuit", 0)
    assert violations(opened) == []


def test_proposal_is_taken_by_one_tap(page: Page, logged_in: str, photo: Photo) -> None:
    photo_of(photo.user).set_pet_name("Gus")
    page.goto(logged_in + photo.get_absolute_url())
    page.get_by_role("button", name="Gus").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Gus")
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#name .chip")).to_have_count(0)


def test_name_that_could_not_be_saved_stays_in_the_field(opened: Page, photo: Photo) -> None:
    def lose(route: Route) -> None:
        route.abort()

    opened.route("**/name/", lose)
    field = opened.get_by_label("What's your pet's name?")
    field.fill("Biscuit")
    opened.keyboard.press("Enter")
    expect(opened.get_by_text("Not saved. Check your connection and try again.")).to_be_visible()
    expect(field).to_have_value("Biscuit")


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_name_goes_along_with_the_order(
    new_context: CreateContextCallback, live_owner: Any, live_server: Any, photo: Photo, java_script_enabled: bool
) -> None:
    context = new_context(java_script_enabled=java_script_enabled)
    log_in(context, live_owner, live_server.url)
    page = context.new_page()
    page.goto(live_server.url + photo.get_absolute_url())
    page.get_by_role("radio", name="Disco").check(force=True)
    page.get_by_label("What's your pet's name?").fill("Biscuit")
    page.get_by_role("button", name="Make video").click()
    expect(page.get_by_role("heading", name="Biscuit's disco")).to_be_visible()
    assert Video.objects.get().pet_name == "Biscuit"
