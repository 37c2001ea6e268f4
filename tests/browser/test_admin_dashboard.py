"""Staff work on phones as well: the admin's front page and our own forms there fit and have no barrier."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from tests.browser.axe import violations
from tests.browser.conftest import log_in
from tests.conftest import person
from videos.models import Video

pytestmark = [pytest.mark.chromium, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(page: Page, live_server: Any) -> str:
    """A member of staff is logged in; the site's address."""
    log_in(page.context, person("desk@example.org", is_staff=True, is_superuser=True), live_server.url)
    return live_server.url


@pytest.mark.browser_context_args(reduced_motion="reduce")
def test_admin_dashboard_fits_a_phone_and_is_accessible(
    page: Page, desk: str, live_owner: User, live_videos: dict[str, Video]
) -> None:
    found = {}
    for path in (
        reverse("admin:index"),
        reverse("admin:accounts_user_credits", args=[live_owner.pk]),
        reverse("admin:credits_voucher_bulk"),
    ):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # Django's admin fades its colours from one scheme to the other: load the page for each.
            page.goto(desk + path)
            wide = page.evaluate("document.documentElement.scrollWidth") - 360
            found[f"{path} {scheme}"] = (max(0, wide), violations(page))
    assert {path: wrong for path, wrong in found.items() if wrong != (0, [])} == {}


def test_admin_video_list_fits_a_small_screen(page: Page, desk: str, live_videos: dict[str, Video]) -> None:
    for width in (768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(desk + reverse("admin:videos_video_changelist"))
        hidden = page.evaluate(
            "[...document.querySelectorAll('.results')].map(box => box.scrollWidth - box.clientWidth)"
        )
        assert hidden == [0], width
