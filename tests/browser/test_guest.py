"""Trying a photo without an account, with the keyboard, without JavaScript, and up to a limit."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_playwright import CreateContextCallback

from tests.browser.axe import violations
from tests.videos.conftest import jpeg, prepare
from videos.models import Photo
from videos.photos import MAX_BYTES

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]
PICKER = re.compile("/photos/[0-9a-f-]{36}/")


@pytest.fixture
def url(live_server: Any, settings: Any) -> str:
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return live_server.url


@pytest.fixture
def pet(tmp_path: Path) -> Path:
    file = tmp_path / "pet.jpg"
    file.write_bytes(jpeg(300, 400))
    return file


def test_choosing_a_photo_sends_it_and_keeps_the_dance(page: Page, url: str, pet: Path) -> None:
    page.goto(f"{url}/?dance=conga&format=wide")
    page.get_by_label("Make my pet dance").set_input_files(
        {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": bytes(MAX_BYTES + 1)}
    )
    expect(page.get_by_text("That photo is larger than 10\u00a0MB.")).to_be_visible()
    page.get_by_label("Make my pet dance").set_input_files(pet)
    expect(page).to_have_url(PICKER)
    expect(page.get_by_role("radio", name=re.compile("^Conga"))).to_be_checked()
    expect(page.get_by_role("radio", name="Landscape")).to_be_checked()
    assert violations(page) == []
    page.go_back()
    expect(page.get_by_text("Make my pet dance")).to_be_visible()


def test_keyboard_opens_the_picker(page: Page, url: str) -> None:
    page.goto(url)
    field = page.get_by_label("Make my pet dance")
    field.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(field).to_be_focused()
    expect(page.locator("label", has_text="Make my pet dance")).to_have_css("outline-style", "solid")
    # A listener for both keys: without one, Playwright stops intercepting, and the dialog may open unnoticed.
    page.on("filechooser", lambda chooser: None)
    for key in ("Space", "Enter"):
        with page.expect_file_chooser():
            page.keyboard.press(key)


def test_limit_is_explained_beside_the_button(page: Page, url: str, pet: Path) -> None:
    page.goto(url)
    page.get_by_label("Make my pet dance").set_input_files(pet)
    expect(page).to_have_url(PICKER)
    prepare(Photo.objects.get())
    page.set_viewport_size({"width": 1280, "height": 800})
    page.reload()
    page.get_by_role("radio", name=re.compile("^Disco")).check(force=True)
    expect(page.locator("#moving-disco .coming")).to_be_attached()
    page.locator(".dance-card", has_text="Conga").hover()
    page.get_by_role("button", name="Preview Conga").focus()
    page.keyboard.press("Enter")
    sentence = "One preview at a time: the last one is almost ready. Create a free account to keep going"
    expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()


@pytest.mark.slow
def test_whole_flow_works_without_javascript(new_context: CreateContextCallback, url: str, pet: Path) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{url}/?dance=tango")
    page.locator("input[type=file]").first.set_input_files(pet)
    page.get_by_role("button", name="Upload").first.click()
    expect(page).to_have_url(PICKER)
    page.get_by_role("radio", name="Landscape").check(force=True)
    page.get_by_role("button", name="Make video").click()
    expect(page).to_have_url(re.compile("/account/login/.*dance%3Dtango%26format%3Dwide"))
