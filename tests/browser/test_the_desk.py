"""Staff work on phones as well: the admin's front page and our own forms there fit and have no barrier."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from tests.conftest import browser_of, person
from videos.models import Video

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_fits_a_phone_and_axe_finds_nothing(
    page: Page, live_server, her: User, dances_of_hers: dict[str, Video], scheme: str
) -> None:
    cookie = browser_of(person("desk@example.org", is_staff=True, is_superuser=True)).cookies[
        django_settings.SESSION_COOKIE_NAME
    ]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = {}
    for path in (
        reverse("admin:index"),
        reverse("admin:accounts_user_credits", args=[her.pk]),
        reverse("admin:credits_voucher_bulk"),
    ):
        page.goto(live_server.url + path)
        wide = page.evaluate("document.documentElement.scrollWidth") - 360
        rules = Axe().run(page).response["violations"]
        found[path] = (max(0, wide), [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in rules])
    assert {path: wrong for path, wrong in found.items() if wrong != (0, [])} == {}


def test_the_list_of_videos_fits_a_small_desk(page: Page, live_server, dances_of_hers: dict[str, Video]) -> None:
    cookie = browser_of(person("desk@example.org", is_staff=True, is_superuser=True)).cookies[
        django_settings.SESSION_COOKIE_NAME
    ]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    for width in (768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(live_server.url + reverse("admin:videos_video_changelist"))
        hidden = page.evaluate(
            "[...document.querySelectorAll('.results')].map(box => box.scrollWidth - box.clientWidth)"
        )
        assert hidden == [0], width
