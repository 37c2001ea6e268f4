"""A video has one mute control: our button, or the browser's controls without JavaScript."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from pytest_playwright import CreateContextCallback

from tests.browser.conftest import can_play
from videos.models import Video

pytestmark = [pytest.mark.chromium, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def link(live_server, live_videos: dict[str, Video]) -> str:
    video = live_videos["ready"]
    video.enable_sharing()
    return live_server.url + video.share_link.get_absolute_url()


def test_our_buttons_replace_the_controls_of_the_browser(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_role("button", name="Sound on")).to_be_visible()
    assert page.locator("video[controls]").count() == 0
    sound = page.get_by_role("button", name="Sound on")
    sound.focus()
    page.keyboard.press("Enter")
    expect(page.locator("video")).to_have_js_property("muted", False)
    expect(page.get_by_role("button", name="Sound off")).to_be_focused()


def test_video_keeps_the_controls_of_the_browser_without_javascript(
    new_context: CreateContextCallback, link: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(link)
    assert page.locator("video[controls]").count() == 1
    expect(page.locator("[data-sound]")).to_be_hidden()


def test_shared_video_plays_at_once_and_pauses_by_button_or_click(page: Page, link: str) -> None:
    page.goto(link)
    if not can_play(page):
        pytest.skip("This Chromium lacks the codecs.")
    video = page.locator("video")
    expect(video).to_have_js_property("paused", False)
    page.get_by_role("button", name="Pause").click()
    expect(video).to_have_js_property("paused", True)
    expect(page.get_by_role("button", name="Play")).to_be_focused()
    # The clip of the tests is smaller than the buttons on it.
    video.dispatch_event("click")
    expect(video).to_have_js_property("paused", False)
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_report_link_leads_to_a_form(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("link", name="Report this video").click()
    page.get_by_label("Something else").check()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("heading", name="Thanks for telling us")).to_be_visible()


def test_report_can_be_an_email(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("link", name="Report this video").click()
    page.locator("main").get_by_role("link", name="Contact us").click()
    href = page.get_by_role("link", name="Email us").get_attribute("href")
    assert href is not None
    assert "subject=Report%20a%20video" in href
    assert quote(link, safe="") in href
