"""No barrier that a machine can find: axe on every page, no sideways scrolling, stillness for those who want it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import PASSWORD, browser_of, person
from tests.videos.conftest import photo_of
from videos.models import Line, Photo, Video
from videos.photos import MAX_BYTES

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]

REACHES = "document.documentElement.scrollWidth"
PUBLIC = ["/", "/account/login/", "/account/signup/", "/account/password/reset/", "/no/such/page"]


@pytest.fixture
def pages(logged_in: str, dances_of_hers: dict[str, Video]) -> list[str]:
    """Every kind of page that an owner sees, in each of its states."""
    ready = dances_of_hers["ready"]
    EmailAddress.objects.create(user=ready.user, email=f"{'very.long.' * 6}name@{'department.' * 5}example.org")
    paths = [
        *PUBLIC,
        "/photos/",
        reverse("videos:dance", args=[ready.photo_id]),
        *(video.get_absolute_url() for video in dances_of_hers.values()),
        ready.share.get_absolute_url(),
        "/videos/",
        "/videos/?show=returned",
        "/credits/",
        "/account/email/",
        "/account/password/change/",
        "/account/2fa/",
        "/account/sessions/",
        "/account/data/",
    ]
    return [logged_in + path for path in paths]


@pytest.fixture(params=["light", "dark"])
def scheme(request: Any) -> str:
    return request.param


@pytest.fixture
def page(browser: Browser, context: BrowserContext, browser_context_args: Any, scheme: str) -> Iterator[Page]:
    """Nothing moves: a colour in the middle of a change would be judged as it is at that moment."""
    page = context.new_page()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    yield page
    page.close()


def wrong_on(page: Page, state: str) -> dict[str, Any]:
    """What axe finds on the page as it is now, on a phone and on a desk."""
    found = {}
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        violations = Axe().run(page).response["violations"]
        found[f"{state} at {width}"] = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in violations]
    return {name: rules for name, rules in found.items() if rules}


def test_axe_finds_nothing_on_any_page(page: Page, pages: list[str]) -> None:
    found = {}
    for address in pages:
        page.goto(address)
        found |= wrong_on(page, address)
    assert found == {}


@pytest.fixture
def penniless(context: BrowserContext, live_server: Any, transactional_db: None) -> Photo:
    """Somebody logged in with a photo of two notes and a cut-out, and without a credit."""
    poor = person("poor@example.org")
    photo = photo_of(poor)
    cut = {"mode": "full", "passes": 1}
    Photo.objects.update(due_at=None, mask="mask.png", cut=cut, findings=["It is dark.", "It is blurry."])
    cookie = browser_of(poor).cookies[django_settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return photo


def test_axe_finds_nothing_in_rarer_states(page: Page, penniless: Photo, live_server: Any, settings: Any) -> None:
    page.goto(f"{live_server.url}/videos/")
    found = wrong_on(page, "an empty wall")
    page.goto(f"{live_server.url}/photos/")
    page.get_by_role("button", name="Use this photo").click()
    expect(page.get_by_role("alert").filter(has_text="Choose a photo first.")).to_be_visible()
    found |= wrong_on(page, "no photo was chosen")
    large = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": bytes(MAX_BYTES + 1)}
    page.locator("input[type=file]").set_input_files(large)
    expect(page.get_by_role("alert").filter(has_text="larger than 10")).to_be_visible()
    assert page.locator("input[type=file]").evaluate("input => input.files.length") == 0
    found |= wrong_on(page, "the photo is too large")
    page.goto(live_server.url + penniless.get_absolute_url())
    page.set_viewport_size({"width": 360, "height": 800})
    page.locator(".more summary").click()
    page.get_by_role("button", name="Make it dance").click()
    found |= wrong_on(page, "notes, and no dance was picked")
    page.get_by_role("radio", name=re.compile("^Salsa")).check(force=True)
    page.evaluate("document.querySelector('[data-once]').setAttribute('aria-busy', 'true')")
    found |= wrong_on(page, "a dance is picked, and the button busy")
    page.evaluate("document.querySelector('[data-once]').removeAttribute('aria-busy')")
    page.get_by_role("button", name="Make it dance").click()
    expect(page.get_by_text("You have no credits left")).to_be_visible()
    found |= wrong_on(page, "no credits")
    settings.VIDEO_PROVIDER = "runway"
    Line.objects.create(provider="runway", closed_since=timezone.now(), due_at=timezone.now())
    page.goto(live_server.url + penniless.get_absolute_url())
    expect(page.get_by_text("The studio is closed for the moment.")).to_be_visible()
    found |= wrong_on(page, "a closed studio")
    assert found == {}


@pytest.mark.parametrize("scheme", ["light"], indirect=True)
@pytest.mark.parametrize("width", [320, 640], ids=["a narrow phone", "200 percent of 1280"])
def test_no_page_scrolls_sideways(page: Page, pages: list[str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 512})
    wide = {}
    for address in pages:
        page.goto(address)
        wide[address] = page.evaluate(REACHES) - width
    page.context.clear_cookies()
    page.goto(pages[PUBLIC.index("/account/signup/")])
    page.get_by_label("Email").fill(f"{'rosalind' * 5}@{'long' * 9}.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text("We sent a mail to")).to_be_visible()
    wide["a long address"] = page.evaluate(REACHES) - width
    assert {address: pixels for address, pixels in wide.items() if pixels > 0} == {}


@pytest.mark.parametrize("scheme", ["light"], indirect=True)
def test_nothing_moves_for_those_who_want_stillness(page: Page, pages: list[str]) -> None:
    for address in pages:
        page.goto(address)
        assert page.evaluate("document.getAnimations().filter(a => a.playState == 'running').length") == 0, address
        assert page.evaluate("[...document.querySelectorAll('video')].every(video => video.paused)"), address
