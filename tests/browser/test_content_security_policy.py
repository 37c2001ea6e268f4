"""Content security policy violations on pages that no other browser test opens, and with media in a bucket."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from tests.browser.conftest import can_play, log_in
from tests.conftest import PASSWORD, person
from tests.storage.conftest import s3, s3_server
from tests.storage.s3 import BUCKET, S3
from videos.models import Video

__all__ = ["s3", "s3_server"]

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


def test_account_pages(context: BrowserContext, page: Page, logged_in: str) -> None:
    for path in ("/account/data/", "/account/close/", "/account/tokens/", "/account/2fa/totp/activate/", "/credits/"):
        response = page.goto(logged_in + path)
        assert response is not None
        assert response.status == 200
        assert page.locator("h1").is_visible()

    # The Copy button copies a new token, and never opens the share sheet.
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script("navigator.share = () => Promise.reject(new Error('shared'))")
    page.goto(f"{logged_in}/account/tokens/")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Name").fill("My script")
    page.get_by_role("button", name="Create token").click()
    token = page.get_by_label("Your new token", exact=True).last.input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == token
    assert len(token) == 50


@pytest.mark.slow
def test_admin_pages(
    context: BrowserContext, live_server: Any, live_videos: dict[str, Video], live_owner: User
) -> None:
    log_in(context, person("staff@example.org", is_staff=True, is_superuser=True), live_server.url)
    page = context.new_page()
    ready = live_videos["ready"]
    for path in ("", "videos/video/", f"videos/video/{ready.pk}/change/", f"accounts/user/{live_owner.pk}/change/"):
        response = page.goto(f"{live_server.url}/admin/{path}")
        assert response is not None
        assert response.status == 200
        assert page.locator("h1").is_visible()


@pytest.fixture
def bucket(s3: S3, settings: Any) -> S3:
    """A bucket that the content security policy allows as a media source, as in production."""
    source = f"{s3.endpoint}/{BUCKET}/"
    policy = {name: [*settings.SECURE_CSP[name], source] for name in ("img-src", "media-src")}
    settings.SECURE_CSP = settings.SECURE_CSP | policy
    return s3


@pytest.mark.slow
def test_media_in_a_bucket_is_shown(bucket: S3, page: Page, logged_in: str, live_videos: dict[str, Video]) -> None:
    ready = live_videos["ready"]
    page.goto(logged_in + ready.get_absolute_url())
    if can_play(page):
        expect(page.locator("video")).not_to_have_js_property("readyState", 0)
    page.goto(f"{logged_in}/photos/")
    expect(page.locator(".thumbs img").first).not_to_have_js_property("naturalWidth", 0)
    assert [path for method, path in bucket.seen if method == "GET" and path.endswith("thumbnail.webp")] != []
