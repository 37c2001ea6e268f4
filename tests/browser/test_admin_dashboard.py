"""The admin's dashboard and our own admin forms fit a phone and are accessible: staff use phones as well."""

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
def staff_site(page: Page, live_server: Any) -> str:
    """Log a superuser in, and return the site's URL."""
    log_in(page.context, person("staff@example.org", is_staff=True, is_superuser=True), live_server.url)
    return live_server.url


@pytest.mark.browser_context_args(reduced_motion="reduce")
def test_admin_dashboard_fits_a_phone_and_is_accessible(
    page: Page, staff_site: str, live_owner: User, live_videos: dict[str, Video]
) -> None:
    results = {}
    for path in (
        reverse("admin:index"),
        reverse("admin:accounts_user_credits", args=[live_owner.pk]),
        reverse("admin:credits_voucher_bulk"),
    ):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # Django's admin animates the change from one colour scheme to the other, so load the page for each.
            page.goto(staff_site + path)
            overflow = page.evaluate("document.documentElement.scrollWidth") - 360
            results[f"{path} {scheme}"] = (max(0, overflow), violations(page))
    assert {state: result for state, result in results.items() if result != (0, [])} == {}


def test_admin_video_list_fits_tablets_and_laptops(page: Page, staff_site: str, live_videos: dict[str, Video]) -> None:
    for width in (768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(staff_site + reverse("admin:videos_video_changelist"))
        overflows = page.evaluate(
            "[...document.querySelectorAll('.results')].map(box => box.scrollWidth - box.clientWidth)"
        )
        assert overflows == [0], width
