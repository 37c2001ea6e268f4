"""View transitions: taps count from the first frame, and the snapshot of the old page does not intercept them."""

import re

import pytest
from playwright.sync_api import Page, expect

from videos.models import Photo

pytestmark = [pytest.mark.chromium, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# Record whether a view transition led here. Chromium skips it if either of the two pages is not ready in time.
RECORD_TRANSITION = """
window.transitioned = new Promise(resolve => addEventListener('pagereveal', ({ viewTransition }) => {
  viewTransition ? viewTransition.ready.then(() => resolve(true), () => resolve(false)) : resolve(false)
}))
"""
TRANSITION_IS_RUNNING = """() => document.getAnimations().some(
  animation => animation.effect.pseudoElement?.startsWith('::view-transition')
)"""


def open_dance_page_with_transition(page: Page, site: str) -> None:
    """Open the page until Chromium does not skip the view transition. Raises AssertionError after 20 attempts."""
    for _ in range(20):
        page.goto(f"{site}/photos/")
        page.locator(f".thumbs a[href$='{Photo.objects.get().get_absolute_url()}']").click()
        expect(page.get_by_role("heading", name="Pick a dance")).to_be_attached()
        if page.evaluate("window.transitioned"):
            return
    raise AssertionError("Chromium skipped every view transition")


def test_dance_can_be_chosen_during_page_transition(page: Page, logged_in: str) -> None:
    # Animations run at a thousandth of their speed, so every tap below lands during the transition.
    page.context.new_cdp_session(page).send("Animation.setPlaybackRate", {"playbackRate": 0.001})
    page.add_init_script(RECORD_TRANSITION)
    open_dance_page_with_transition(page, logged_in)
    page.get_by_role("radio", name=re.compile("^Disco")).check(force=True)
    assert page.evaluate(TRANSITION_IS_RUNNING)
    page.get_by_role("button", name="Make video").click(force=True)
    expect(page.get_by_role("heading", name="Disco")).to_be_attached()
