"""The whole flow with the keyboard alone and without JavaScript, and details of the owner's pages."""

import re
from pathlib import Path

import pytest
import skimage
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_playwright import CreateContextCallback

from tests.conftest import PASSWORD
from tests.logins import code_in
from videos.models import Photo, ShareLink, Video
from videos.worker.runner import work_once

CAT = Path(skimage.__file__).parent / "data" / "chelsea.png"
pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]

FOCUSED_ELEMENT = """() => {
  const element = document.activeElement
  const label = element.labels?.[0]?.textContent || element.getAttribute('aria-label') || element.textContent || ''
  return `${element.tagName} ${label.trim().replace(/\\s+/g, ' ')}`
}"""


def tab_to(page: Page, name: str, max_presses: int = 60) -> None:
    """Press Tab until the focused element's tag and label match the pattern."""
    visited = []
    for _ in range(max_presses):
        page.keyboard.press("Tab")
        visited.append(page.evaluate(FOCUSED_ELEMENT))
        if re.search(name, visited[-1]):
            return
    raise AssertionError(f"Tab does not reach {name}, only {visited}")


def run_worker() -> None:
    """Do all due work, except cutting the photo out, which is slow."""
    Photo.objects.update(due_at=None, cutout_info={"mode": "print", "heads": []})
    while work_once():
        pass


def test_whole_flow_by_keyboard(page: Page, live_owner, live_server, studio) -> None:
    # Key presses are lost during a view transition.
    page.emulate_media(reduced_motion="reduce")
    # Without a listener from the start, an early file chooser would open as a window of Chromium.
    page.on("filechooser", lambda _: None)
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    assert "Skip to content" in page.evaluate(FOCUSED_ELEMENT)
    tab_to(page, "^A Log in")
    page.keyboard.press("Enter")
    # The field has the focus.
    expect(page.get_by_label("Email")).to_be_focused()
    page.keyboard.type(live_owner.email)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_be_focused()
    page.wait_for_load_state()
    page.keyboard.type(code_in(mail.outbox[0]))

    expect(page.get_by_role("heading", name="Who's dancing?")).to_be_visible()
    page.wait_for_load_state()
    tab_to(page, "^INPUT Choose a photo")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    # Choosing a photo sends it.
    chooser.value.set_files(CAT)

    expect(page.get_by_role("heading", name="Pick a dance")).to_be_visible()
    tab_to(page, "^INPUT (Vertical|Square|Landscape)")
    page.keyboard.press("ArrowRight")
    tab_to(page, "^INPUT Macarena")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name=re.compile("^Salsa"))).to_be_checked()
    # Enter in a field neither spends a credit nor sends a request.
    page.keyboard.press("Enter")
    tab_to(page, "^BUTTON Make video", max_presses=2)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Salsa")).to_be_visible()
    run_worker()
    expect(page.get_by_text("Your Salsa video is ready")).to_be_attached()
    tab_to(page, "^BUTTON Sound on")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sound off")).to_be_visible()
    tab_to(page, "^A Save video")
    tab_to(page, "^BUTTON Copy link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Private link")).to_have_value(re.compile("/shared/"))


def test_whole_flow_without_javascript(
    new_context: CreateContextCallback, live_owner, live_server, studio, tmp_path: Path
) -> None:
    # Animations use CPU time while the page waits.
    context = new_context(java_script_enabled=False, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_role("link", name="Use a password instead").click()
    page.get_by_label("Email").fill(live_owner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("link", name="New dance").first.click()
    page.locator("input[type=file]").set_input_files(CAT)
    page.get_by_role("button", name="Use this photo").click()
    page.get_by_role("radio", name="Landscape").check(force=True)
    page.get_by_role("button", name="Update preview").click()
    expect(page.locator("#preview.shape-wide")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^Conga")).press("Space")
    page.get_by_role("button", name="Make video").click()

    expect(page.get_by_role("heading", name="Conga")).to_be_visible()
    run_worker()
    # The page reloads itself every five seconds.
    expect(page.get_by_role("link", name="Save video")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save video").click()
    download.value.save_as(tmp_path / "dance.mp4")
    assert (tmp_path / "dance.mp4").read_bytes() == studio.clip

    page.get_by_role("button", name="Share video").click()
    link = page.get_by_role("textbox", name="Private link").input_value()
    visitor = new_context(java_script_enabled=False, reduced_motion="reduce").new_page()
    visitor.goto(link)
    expect(visitor.get_by_role("heading", name="Look who's got moves!")).to_be_visible()
    page.get_by_role("button", name="Turn off link").click()
    visitor.goto(link)
    expect(visitor.get_by_role("heading", name="Page not found")).to_be_visible()
    page.get_by_text("Delete this video").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status")).to_contain_text("Video deleted.")


@pytest.mark.slow
def test_dragging_moves_the_photo_and_does_not_scroll(page: Page, logged_in: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(logged_in + Photo.objects.get().get_absolute_url())
    frame = page.locator("#preview")
    before = frame.bounding_box()
    assert before
    page.mouse.move(before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    page.mouse.down()
    page.mouse.move(before["x"] + before["width"] / 2 - 90, before["y"] + before["height"] / 2, steps=3)
    expect(page.locator("form.moving-photo")).to_have_count(1)
    assert frame.bounding_box() == before
    page.mouse.up()
    expect(frame.locator("img")).to_have_attribute("src", re.compile(r"/frame/tall\.webp\?x=0\.[6-9]"))
    assert frame.bounding_box() == before
    position = re.compile("^[67].% from the left$")
    expect(page.get_by_label("Left to right")).to_have_attribute("aria-valuetext", position)
    expect(page.get_by_label("Top to bottom")).to_be_hidden()


@pytest.mark.slow
def test_enter_in_a_field_orders_nothing(page: Page, logged_in: str) -> None:
    page.goto(logged_in + Photo.objects.get().get_absolute_url())
    page.wait_for_load_state("networkidle")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    page.get_by_role("radio", name=re.compile("^Tango")).press("Space")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    # The page may get previews, which are free, but it never orders.
    assert f"POST {page.url}" not in sent
    assert Video.objects.count() == 0


@pytest.mark.slow
def test_share_link_is_copied_with_one_tap(page: Page, logged_in: str, live_videos: dict[str, Video]) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(logged_in + live_videos["ready"].get_absolute_url())
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    token = ShareLink.objects.get().token
    assert page.evaluate("navigator.clipboard.readText()") == logged_in + reverse("videos:shared", args=[token])


@pytest.mark.slow
def test_page_says_when_it_is_offline(page: Page, logged_in: str) -> None:
    page.goto(f"{logged_in}/videos/")
    message = page.get_by_text("You're offline.")
    expect(message).to_be_hidden()
    page.context.set_offline(True)
    expect(message).to_be_visible()
    page.context.set_offline(False)
    expect(message).to_be_hidden()
