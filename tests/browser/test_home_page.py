"""The home page shows clips and stills of real pets, and loads only what a first visit needs."""

import pytest
from playwright.sync_api import Page, Response, ViewportSize, expect
from pytest_playwright import CreateContextCallback

from tests.browser.conftest import can_play
from videos.dances import DANCES

pytestmark = [pytest.mark.chromium, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PHONE: ViewportSize = {"width": 360, "height": 740}
PLAYING = "clips => [...clips.querySelectorAll('video')].map(video => !video.paused)"


def test_stills_of_dances_are_loaded_lazily_or_at_once_without_scripts(
    new_context: CreateContextCallback, page: Page, live_server
) -> None:
    page.goto(live_server.url)
    cards = page.locator(".gallery .still")
    loaded = page.locator(".gallery .still > img")
    expect(cards).to_have_count(len(DANCES))
    assert loaded.count() == 0
    # A tiny version shows until then.
    assert "home/dances" in cards.first.evaluate("card => getComputedStyle(card).backgroundImage")
    # A jump to the end would pass some cards without showing them.
    for card in cards.all():
        card.scroll_into_view_if_needed()
    expect(loaded).to_have_count(len(DANCES))

    page = new_context(java_script_enabled=False).new_page()
    response = page.goto(live_server.url)
    assert response is not None
    assert response.status == 200
    expect(page.locator(".gallery .still img")).to_have_count(len(DANCES))


def test_first_screen_of_a_phone_shows_a_dancing_pet_without_any_still_of_a_dance(page: Page, live_server) -> None:
    page.set_viewport_size(PHONE)
    urls: list[str] = []

    def note(response: Response) -> None:
        urls.append(response.url)

    page.on("response", note)
    page.goto(live_server.url, wait_until="networkidle")
    clip = page.locator("[data-clips] video").nth(1)
    box = clip.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"] * 0.7
    if can_play(page):
        expect(clip).to_have_js_property("paused", False)
    assert any("home/collie" in url for url in urls)
    assert not [url for url in urls if "home/dances/" in url]


def test_clips_play_in_view_and_can_be_paused(page: Page, live_server) -> None:
    page.goto(live_server.url)
    if not can_play(page):
        pytest.skip("This Chromium lacks the codecs.")
    clips = page.locator("[data-clips]")
    expect(clips.locator("video").first).to_have_js_property("paused", False)
    page.get_by_role("heading", name="Good questions").scroll_into_view_if_needed()
    expect(clips.locator("video").first).to_have_js_property("paused", True)
    page.evaluate("scrollTo(0, 0)")
    expect(clips.locator("video").first).to_have_js_property("paused", False)
    page.get_by_role("button", name="Pause the clips").click()
    assert clips.evaluate(PLAYING) == [False] * 3
    expect(page.get_by_role("button", name="Play the clips")).to_be_visible()


@pytest.mark.parametrize("setting", ["reduced motion", "data saver"])
def test_clips_stay_still_unless_asked(new_context: CreateContextCallback, live_server, setting: str) -> None:
    context = new_context(reduced_motion="reduce" if setting == "reduced motion" else "no-preference")
    if setting == "data saver":
        context.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    page = context.new_page()
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(live_server.url, wait_until="networkidle")
    page.get_by_role("heading", name="Watch it groove").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert not [url for url in loaded if url.endswith(".mp4")]
    page.get_by_role("button", name="Play the clips").click()
    if can_play(page):
        expect(page.locator("[data-clips] video").first).to_have_js_property("paused", False)
