"""The dance page: previews that come on their own, a surprise, and a bar that covers little of a phone."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import Page, expect

from credits.models import Account
from tests.browser.axe import violations
from videos.models import Photo, Preview, Video

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser_context_args(reduced_motion="reduce"),
]


@pytest.fixture
def opened(page: Page, logged_in: str) -> Page:
    page.goto(logged_in + Photo.objects.get().get_absolute_url())
    return page


def finish_previews() -> None:
    """Store some bytes as the previews, in place of the worker."""
    for preview in Preview.objects.filter(due_at__isnull=False):
        file = default_storage.save(preview.storage_name, ContentFile(b"a clip"))
        Preview.objects.filter(pk=preview.pk).update(file=file, due_at=None)


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=re.compile(f"^{name}")).check(force=True)


def test_preview_of_the_choice_comes_on_its_own(opened: Page) -> None:
    status = opened.locator("#preview [role=status]")
    expect(status).to_have_text("Making the preview…")
    choose(opened, "Tango")
    expect(opened.locator("#moving-tango .coming")).to_be_attached()
    # Only one is made, and the waiting page does not bring the first one back.
    opened.wait_for_timeout(1500)
    assert list(Preview.objects.values_list("dance", flat=True)) == ["tango"]
    finish_previews()
    expect(status).to_have_text("The preview of tango is ready")
    expect(opened.locator("#preview video")).to_have_attribute("src", re.compile("/tango"))
    expect(opened.get_by_role("radio", name=re.compile("^Tango"))).to_be_focused()
    assert violations(opened) == []


def test_another_format_brings_another_preview(opened: Page) -> None:
    expect(opened.get_by_text("Making the preview…")).to_be_visible()
    finish_previews()
    expect(opened.locator("#preview video")).to_be_visible()
    choose(opened, "Landscape")
    expect(opened.locator("#preview.shape-wide")).to_be_visible()
    expect(opened.get_by_text("Making the preview…")).to_be_visible()
    assert Preview.objects.get().format == "wide"


def test_focus_stays_on_the_card_whose_button_was_pressed(opened: Page) -> None:
    opened.set_viewport_size({"width": 1280, "height": 800})
    opened.locator(".dance-card", has_text="Disco").hover()
    button = opened.get_by_role("button", name="Preview disco")
    button.focus()
    button.press("Enter")
    expect(opened.locator("#moving-disco .coming")).to_be_attached()
    expect(opened.get_by_role("radio", name=re.compile("^Disco"))).to_be_focused()


def test_refused_preview_leaves_the_button_and_says_nothing(page: Page, logged_in: str, settings: Any) -> None:
    settings.PREVIEWS_PER_HOUR = 0
    with page.expect_response("**/previews/*/") as answer:
        page.goto(logged_in + Photo.objects.get().get_absolute_url())
    assert answer.value.status == 429
    expect(page.locator(".dance-card:has(:checked) button.see")).to_be_visible()
    expect(page.locator(".order-bar-problem")).to_be_empty()


def test_surprise_chooses_another_dance(opened: Page) -> None:
    before = opened.locator("[name=dance]:checked").get_attribute("value")
    opened.get_by_role("button", name="Surprise me").click()
    chosen = opened.locator("[name=dance]:checked")
    expect(chosen).not_to_have_value(before or "")
    expect(chosen).to_be_focused()
    expect(opened.locator("[data-choice]")).to_contain_text(chosen.get_attribute("data-name") or "")


def test_phone_shows_several_dances_above_the_bar(opened: Page) -> None:
    bar = opened.locator(".order-bar").bounding_box()
    assert bar
    assert bar["height"] < 75
    cards = [card.bounding_box() for card in opened.locator(".dance-card").all()]
    above = [box for box in cards if box and box["y"] + box["height"] <= bar["y"]]
    assert len(above) >= 3
    choose(opened, "Tango")
    expect(opened.locator("[data-choice]")).to_have_text(re.compile(r"^Tango · \d+:\d+$"))
    choose(opened, "Landscape")
    expect(opened.locator("[data-choice]")).to_have_text("Tango · 16:9")
    assert Video.objects.count() == 0


@pytest.mark.parametrize("credits", [0, 5])
def test_nothing_overlaps_in_the_bar_of_a_narrow_phone(page: Page, logged_in: str, credits: int) -> None:
    Account.objects.update(balance=credits)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(logged_in + Photo.objects.get().get_absolute_url())
    bar, words, button = (page.locator(f".order-bar{part}").bounding_box() for part in ("", "-words", " .button"))
    assert bar
    assert words
    assert button
    assert words["x"] + words["width"] <= button["x"]
    assert button["x"] + button["width"] <= bar["x"] + bar["width"]
    expect(page.locator(".order-bar .button")).to_have_text("Make video · 1 credit" if credits else "Get credits")
