"""Accessibility of every page: axe, no horizontal scrolling, and no motion if the user prefers reduced motion."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import log_in
from tests.conftest import person
from tests.videos.conftest import photo_of
from videos.models import Photo, ProviderStatus, Video
from videos.photos import MAX_BYTES

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.django_db(transaction=True),
    # During a colour transition axe would measure the contrast of an intermediate colour.
    pytest.mark.browser_context_args(reduced_motion="reduce"),
]

PUBLIC = ["/", "/photos/", "/account/login/", "/account/login/password/", "/account/password/reset/", "/no/such/page"]
PUBLIC += ["/terms/", "/privacy/", "/contact/", "/how-its-made/", "/offline/"]
PHONE, DESKTOP = 360, 1280
# A narrow phone, and a desktop at 200 percent zoom.
NARROW = [320, 640]
COUNT_ANIMATIONS = "document.getAnimations().filter(animation => animation.playState === 'running').length"
VIDEOS_ARE_PAUSED = "[...document.querySelectorAll('video')].every(video => video.paused)"


@pytest.fixture
def pages(logged_in: str, live_videos: dict[str, Video]) -> list[str]:
    """Every kind of page that an owner sees, in each of its states, as paths or URLs."""
    ready = live_videos["ready"]
    EmailAddress.objects.create(user=ready.user, email=f"{'very.long.' * 6}name@{'department.' * 5}example.org")
    return [
        "/",
        "/no/such/page",
        "/photos/",
        reverse("videos:dance", args=[ready.photo_id]),
        *(video.get_absolute_url() for video in live_videos.values()),
        ready.share_link.get_absolute_url(),
        f"{ready.share_link.get_absolute_url()}report/",
        "/videos/",
        "/videos/?show=returned",
        "/credits/",
        "/account/email/",
        "/account/password/change/",
        "/account/2fa/",
        "/account/sessions/",
        "/account/data/",
        "/account/close/",
        "/account/tokens/",
        "/account/2fa/webauthn/",
        "/account/2fa/totp/activate/",
        "/account/logout/",
    ]


def resize(page: Page, width: int, height: int = 800) -> None:
    page.set_viewport_size({"width": width, "height": height})


def overflow(page: Page, width: int) -> int:
    """Return by how many pixels the page is wider than the window."""
    resize(page, width, 512)
    return max(0, page.evaluate("document.documentElement.scrollWidth") - width)


def accessibility_errors(page: Page, state: str) -> dict[str, Any]:
    """Return axe's violations on the current page, on a phone and on a desktop, in both colour schemes."""
    results = {}
    for width in (DESKTOP, PHONE):
        resize(page, width)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            results[f"{state} at {width} in {scheme}"] = violations(page)
    return {name: rules for name, rules in results.items() if rules}


def layout_errors(page: Page, url: str) -> dict[str, Any]:
    """Open the page, and return its running animations and horizontal overflow, if any."""
    resize(page, NARROW[0], 512)
    page.goto(url)
    errors: dict[str, Any] = {}
    if (animations := page.evaluate(COUNT_ANIMATIONS)) or not page.evaluate(VIDEOS_ARE_PAUSED):
        errors[f"{url} moves"] = animations
    errors |= {f"{url} overflows {width}": pixels for width in NARROW if (pixels := overflow(page, width))}
    return errors


def test_main_pages_are_accessible(page: Page, logged_in: str) -> None:
    for path in ("/", Photo.objects.get().get_absolute_url()):
        assert layout_errors(page, logged_in + path) == {}
        resize(page, PHONE)
        assert violations(page) == [], path


@pytest.mark.slow
def test_owner_pages_are_accessible(page: Page, logged_in: str, pages: list[str]) -> None:
    errors = {}
    for path in pages:
        errors |= layout_errors(page, logged_in + path) | accessibility_errors(page, path)
    assert errors == {}


@pytest.mark.slow
def test_public_pages_are_accessible(page: Page, live_server: Any) -> None:
    errors = {}
    for path in PUBLIC:
        errors |= layout_errors(page, live_server.url + path) | accessibility_errors(page, path)
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_label("Email").fill(f"{'rosalind' * 5}@{'long' * 9}.example")
    page.get_by_role("button", name="Email me a code").click()
    expect(page.get_by_text("We sent a code to")).to_be_visible()
    errors |= accessibility_errors(page, "the page of a code")
    errors |= {f"a long address overflows {width}": pixels for width in NARROW if (pixels := overflow(page, width))}
    assert errors == {}


@pytest.fixture
def photo_without_credits(context: BrowserContext, live_server: Any, transactional_db: None) -> Photo:
    """A photo with two quality notes and a cutout. Its owner is logged in and has no credits."""
    owner_without_credits = person("without-credits@example.org")
    photo = photo_of(owner_without_credits)
    cutout = {"mode": "full", "passes": 1}
    Photo.objects.update(
        due_at=None, mask="mask.png", cutout_info=cutout, quality_notes=["It is dark.", "It is blurry."]
    )
    log_in(context, owner_without_credits, live_server.url)
    return photo


@pytest.mark.slow
def test_rare_states_are_accessible(page: Page, photo_without_credits: Photo, live_server: Any, settings: Any) -> None:
    page.goto(f"{live_server.url}/videos/")
    errors = accessibility_errors(page, "an empty gallery")
    page.goto(f"{live_server.url}/photos/")
    expect(page.get_by_role("button", name="Use this photo")).to_be_hidden()
    errors |= accessibility_errors(page, "no photo chosen")
    large = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": bytes(MAX_BYTES + 1)}
    page.locator("input[type=file]").set_input_files(large)
    expect(page.get_by_role("alert").filter(has_text="larger than 10")).to_be_visible()
    assert page.locator("input[type=file]").evaluate("input => input.files.length") == 0
    errors |= accessibility_errors(page, "photo too large")
    page.goto(live_server.url + photo_without_credits.get_absolute_url())
    page.locator(".more summary").click()
    expect(page.get_by_role("button", name="Get credits")).to_be_visible()
    errors |= accessibility_errors(page, "notes, and no credits")
    page.get_by_role("radio", name=re.compile("^Salsa")).check(force=True)
    page.evaluate("document.querySelector('.order-bar .button').setAttribute('aria-busy', 'true')")
    errors |= accessibility_errors(page, "a dance picked, and the button busy")
    # As from a page that was opened while there were credits.
    page.evaluate("document.querySelector('[data-picker]').submit()")
    expect(page.get_by_text("You're out of credits.")).to_be_visible()
    errors |= accessibility_errors(page, "no credits")
    settings.VIDEO_PROVIDER = "runway"
    ProviderStatus.objects.create(provider="runway", unavailable_since=timezone.now(), due_at=timezone.now())
    page.goto(live_server.url + photo_without_credits.get_absolute_url())
    expect(page.get_by_text("Our video service is down.")).to_be_visible()
    errors |= accessibility_errors(page, "provider unavailable")
    assert errors == {}


def test_current_tab_is_on_the_screen_of_a_phone(page: Page, logged_in: str) -> None:
    resize(page, PHONE)
    page.goto(f"{logged_in}/account/data/")
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=0.95)
    assert page.evaluate("scrollY") == 0


def test_offer_to_undo_is_accessible(page: Page, logged_in: str, live_videos: dict[str, Video]) -> None:
    page.goto(logged_in + live_videos["ready"].get_absolute_url())
    page.locator("details.delete summary").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert accessibility_errors(page, "a deleted video") == {}


def test_menu_of_a_tile_is_a_short_list(page: Page, logged_in: str, live_videos: dict[str, Video]) -> None:
    resize(page, PHONE)
    page.goto(f"{logged_in}/videos/")
    tile = page.locator(f"#tile-{live_videos['ready'].pk}")
    tile.locator(".round").click()
    expect(tile.locator(".menu")).to_be_visible()
    heights = tile.locator(".menu li").evaluate_all("items => items.map(item => item.offsetHeight)")
    assert heights
    assert max(heights) < 64
    assert accessibility_errors(page, "the menu of a tile") == {}
