"""The pet glides from page to page, and a tap counts from the first frame: no picture of the old page catches it."""

import re

import pytest
from playwright.sync_api import Page, expect

from videos.models import Photo

pytestmark = [pytest.mark.chromium, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# Whether this page came by a glide; Chromium leaves it out where the page before or after it is not quite ready.
TELL = """
window.glided = new Promise(tell => addEventListener('pagereveal', ({ viewTransition }) => {
  viewTransition ? viewTransition.ready.then(() => tell(true), () => tell(false)) : tell(false)
}))
"""
GLIDES = "() => document.getAnimations().some(one => one.effect.pseudoElement?.startsWith('::view-transition'))"


def glide_to_the_dances(page: Page, site: str) -> None:
    for _ in range(20):
        page.goto(f"{site}/photos/")
        page.locator(f".thumbs a[href$='{Photo.objects.get().get_absolute_url()}']").click()
        expect(page.get_by_role("heading", name="Pick a dance")).to_be_attached()
        if page.evaluate("window.glided"):
            return
    raise AssertionError("the pet never glides")


def test_dance_can_be_chosen_during_page_transition(page: Page, logged_in: str) -> None:
    # A thousand times as slow: whatever is tapped now is tapped in the middle of it.
    page.context.new_cdp_session(page).send("Animation.setPlaybackRate", {"playbackRate": 0.001})
    page.add_init_script(TELL)
    glide_to_the_dances(page, logged_in)
    page.get_by_role("radio", name=re.compile("^Disco")).check(force=True)
    assert page.evaluate(GLIDES)
    page.get_by_role("button", name="Make it dance, 1 credit").click(force=True)
    expect(page.get_by_role("heading", name="Disco")).to_be_attached()
