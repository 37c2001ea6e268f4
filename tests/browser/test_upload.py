"""The upload page: choosing a photo sends it, and only an error needs a button."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_user_flows import CAT
from videos.models import Photo

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser_context_args(reduced_motion="reduce"),
]


def choose(page: Page, site: str, photo: object = CAT) -> None:
    page.goto(f"{site}/photos/")
    expect(page.get_by_role("button", name="Use this photo")).to_be_hidden()
    page.locator("input[type=file]").set_input_files(photo)


def test_a_chosen_photo_is_sent_without_another_click(page: Page, logged_in: str) -> None:
    choose(page, logged_in)
    expect(page.get_by_role("heading", name="Pick a dance")).to_be_visible()
    assert Photo.objects.count() == 2
    page.go_back()
    expect(page.get_by_text("Choose a photo", exact=True).first).to_be_visible()
    assert page.locator("input[type=file]").evaluate("input => input.files.length") == 0


def test_a_photo_that_did_not_arrive_can_be_sent_again(page: Page, logged_in: str) -> None:
    failures = [1]

    def fail_once(route: Route) -> None:
        route.abort() if route.request.method == "POST" and failures and failures.pop() else route.continue_()

    page.route(re.compile("/photos/$"), fail_once)
    choose(page, logged_in)
    expect(page.get_by_role("alert").filter(has_text="Check your connection and try again.")).to_be_visible()
    expect(page.get_by_alt_text("The photo you chose")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Pick a dance")).to_be_visible()
    assert Photo.objects.count() == 2


def test_a_damaged_photo_is_not_offered_again(page: Page, logged_in: str) -> None:
    choose(page, logged_in, {"name": "cat.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0" + bytes(2000)})
    expect(page.get_by_role("alert").filter(has_text=re.compile("."))).to_be_visible()
    expect(page.locator("[data-send]")).to_be_hidden()
    expect(page.get_by_alt_text("The photo you chose")).to_have_count(0)
    assert page.locator("input[type=file]").evaluate("input => input.files.length") == 0
