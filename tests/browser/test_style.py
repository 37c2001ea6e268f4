"""The switch between the dancer and the whole pet: by tap, keys and without JavaScript, and the cards that follow."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect
from pytest_playwright import CreateContextCallback

from tests.browser.axe import violations
from tests.browser.conftest import log_in
from tests.videos.conftest import propose
from videos.dances import BY_SLUG, DANCES
from videos.models import Photo, Preview, Video
from videos.photos.head import Head

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser_context_args(reduced_motion="reduce"),
]
HEAD = Head(0.3, 0.4, 0.1, 0.12)
PLACE = {"height": 1.0, "x": 0.5, "crown": 0.1, "chin": 0.95, "skull": 0.8}
# The colour of a part in R, G, B, however the browser writes it.
COLOUR = """(part, property) => {
  const canvas = document.createElement('canvas').getContext('2d')
  canvas.fillStyle = getComputedStyle(part)[property]
  canvas.fillRect(0, 0, 1, 1)
  return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)]
}"""
FUR = {"main": "#aa5500", "second": "#ffeedd"}


def picture(photo: Photo, name: str) -> str:
    file = BytesIO()
    Image.new("RGBA", (100, 100), (200, 120, 40, 255)).save(file, "WEBP")
    return default_storage.save(photo.storage_name(name), ContentFile(file.getvalue()))


@pytest.fixture
def photo(live_owner: Any) -> Photo:
    """A prepared photo with a head that is sure."""
    photo = propose(Photo.objects.get(), HEAD, confidence=0.95)
    files = {"head_sticker": picture(photo, "head.webp"), "sticker": picture(photo, "sticker.webp")}
    info = photo.cutout_info | {"mode": "full", "cover": 0.3}
    Photo.objects.update(head_place=PLACE, fur=FUR, mask="mask.png", cutout_info=info, **files)
    photo.refresh_from_db()
    return photo


@pytest.fixture
def opened(page: Page, logged_in: str, photo: Photo) -> Page:
    page.goto(logged_in + photo.get_absolute_url())
    page.wait_for_load_state("networkidle")
    return page


def radio(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=name, exact=True)


def choose(page: Page, name: str) -> None:
    with page.expect_response("**/style/"):
        page.locator("label").filter(has_text=re.compile(f"^{name}$")).click()


def add_preview(photo: Photo, dance: str) -> Preview:
    preview = photo.preview_of(BY_SLUG[dance], timezone.now())
    file = default_storage.save(preview.storage_name, ContentFile(b"a clip"))
    Preview.objects.filter(pk=preview.pk).update(file=file, due_at=None)
    return preview


def test_choice_is_saved_and_the_cards_follow(opened: Page, photo: Photo) -> None:
    expect(radio(opened, "Dancer")).to_be_checked()
    expect(opened.locator(".dances .mascot-dancer")).to_have_count(len(DANCES))
    choose(opened, "Whole pet")
    expect(opened.locator(".dances .pet img")).to_have_count(len(DANCES))
    expect(opened.locator(".dances .mascot-dancer")).to_have_count(0)
    expect(radio(opened, "Whole pet")).to_be_checked()
    expect(opened.locator(".bodies")).to_have_count(0)
    photo.refresh_from_db()
    assert photo.style == "whole_pet"
    choose(opened, "Dancer")
    expect(opened.locator(".dances .mascot-dancer")).to_have_count(len(DANCES))
    photo.refresh_from_db()
    assert photo.style == "dancer"


def test_head_sits_on_the_neck_at_its_skulls_width(opened: Page) -> None:
    """In units of the drawing, the skull is 140 wide, and the chin is at (120, 190)."""
    svg = opened.locator("#pet-slow_sway svg")
    box, head = svg.bounding_box(), svg.locator("image").bounding_box()
    assert box
    assert head
    unit = box["width"] / 240
    assert head["width"] * PLACE["skull"] / unit == pytest.approx(140, abs=1)
    assert (head["x"] + head["width"] / 2 - box["x"]) / unit == pytest.approx(120, abs=1)
    assert (head["y"] + head["width"] * PLACE["chin"] - box["y"]) / unit == pytest.approx(190, abs=1)
    assert svg.locator(".m-arm-l .m-limb").evaluate(COLOUR, "stroke") == [170, 85, 0]
    assert svg.locator(".m-arm-l .m-paw").evaluate(COLOUR, "fill") == [255, 238, 221]


def test_body_is_chosen_by_keys_and_stays_open(opened: Page, photo: Photo) -> None:
    opened.locator(".bodies summary").focus()
    opened.keyboard.press("Enter")
    opened.keyboard.press("Tab")
    expect(radio(opened, "Automatic")).to_be_focused()
    with opened.expect_response("**/style/"):
        opened.keyboard.press("ArrowRight")
    expect(radio(opened, "Slim")).to_be_checked()
    expect(radio(opened, "Slim")).to_be_focused()
    expect(opened.locator(".bodies")).to_have_attribute("open", "")
    expect(opened.locator("[data-style-said]")).to_have_text("Saved.")
    photo.refresh_from_db()
    assert (photo.style, photo.body) == ("", "slim")
    choose(opened, "Bird")
    expect(opened.locator("#pet-disco .m-feather")).to_have_count(2)


def test_bodies_stay_open_when_the_head_is_answered(opened: Page) -> None:
    opened.locator(".bodies summary").click()
    opened.locator(".head > summary").click()
    with opened.expect_response("**/head/"):
        opened.locator("[data-head-focus]").press("ArrowRight")
    expect(opened.locator("[data-head-said]")).to_have_text("Saved. The previews will update in a moment.")
    expect(opened.locator(".bodies")).to_have_attribute("open", "")


def test_last_of_two_quick_choices_counts(opened: Page, photo: Photo) -> None:
    with opened.expect_response("**/style/"):
        for name in ("Whole pet", "Dancer", "Whole pet"):
            opened.locator("label").filter(has_text=re.compile(f"^{name}$")).click()
    expect(opened.locator("[data-style-said]")).to_have_text("Saved.")
    expect(opened.locator(".dances .pet img")).to_have_count(len(DANCES))
    expect(radio(opened, "Whole pet")).to_be_checked()
    expect(opened.locator("[data-style-problem]")).to_be_empty()
    photo.refresh_from_db()
    assert photo.style == "whole_pet"


def test_previews_of_each_style_are_shown_again(opened: Page, photo: Photo) -> None:
    add_preview(photo, "tango")
    opened.reload()
    expect(opened.locator("#moving-tango video")).to_have_count(1)
    opened.locator(".dance-card", has_text="Tango").locator("label").click()
    choose(opened, "Whole pet")
    expect(opened.locator("#moving-tango .coming")).to_have_count(1)
    choose(opened, "Dancer")
    expect(opened.locator("#moving-tango video")).to_have_count(1)
    assert sorted(Preview.objects.filter(dance="tango").values_list("dance", "style")) == [
        ("tango", "dancer"),
        ("tango", "whole_pet"),
    ]


def test_dancer_leads_to_the_head(page: Page, logged_in: str, photo: Photo) -> None:
    propose(photo, HEAD, confidence=0.5)
    page.goto(logged_in + photo.get_absolute_url())
    expect(radio(page, "Dancer")).to_have_count(0)
    page.locator(".head > summary").click()
    expect(page.locator(".head")).not_to_have_attribute("open", "")
    page.get_by_role("link", name="Dancer Check the head first").click()
    expect(page.locator(".head")).to_have_attribute("open", "")
    expect(page.locator(".head > summary")).to_be_focused()
    page.get_by_role("button", name="Yes, that's the face").click()
    expect(radio(page, "Dancer")).to_be_checked()
    expect(page.get_by_role("link", name="Dancer")).to_have_count(0)
    # The cards follow when the worker has cut the head out.
    Photo.objects.update(due_at=None, head_sticker=picture(photo, "head.webp"), head_place=PLACE, fur=FUR)
    expect(page.locator(".dances .mascot-dancer")).to_have_count(len(DANCES))


def test_failed_choice_is_withdrawn(opened: Page, photo: Photo) -> None:
    opened.route("**/style/", lambda route: route.abort())
    opened.locator("label").filter(has_text="Whole pet").click()
    expect(opened.locator("[data-style-problem]")).to_have_text("Not saved. Check your connection and try again.")
    expect(radio(opened, "Dancer")).to_be_checked()
    opened.unroute("**/style/")
    # In another tab, the owner has said that there is no head.
    choose(opened, "Whole pet")
    expect(radio(opened, "Whole pet")).to_be_checked()
    photo.set_head(None)
    opened.locator("label").filter(has_text=re.compile("^Dancer$")).click()
    expect(opened.locator("[data-style-problem]")).to_contain_text("Not saved. The dancer needs your pet's head.")
    expect(radio(opened, "Whole pet")).to_be_checked()


def test_order_has_the_choice_that_is_still_being_saved(opened: Page) -> None:
    waiting: list[Route] = []
    opened.route("**/style/", lambda route: waiting.append(route))
    opened.locator(".dance-card", has_text="Disco").locator("label").click()
    opened.locator("label").filter(has_text="Whole pet").click()
    opened.get_by_role("button", name="Make video").click()
    opened.wait_for_url("**/videos/**")
    assert Video.objects.get().style == "whole_pet"


def test_without_javascript(
    new_context: CreateContextCallback, live_owner: Any, live_server: Any, photo: Photo
) -> None:
    context = new_context(java_script_enabled=False)
    log_in(context, live_owner, live_server.url)
    page = context.new_page()
    page.goto(live_server.url + photo.get_absolute_url())
    page.locator("label").filter(has_text="Whole pet").click()
    page.get_by_role("button", name="Save style").click()
    expect(radio(page, "Whole pet")).to_be_checked()
    assert Photo.objects.get().style == "whole_pet"
    # A choice that is not saved comes with the order.
    page.locator("label").filter(has_text=re.compile("^Dancer$")).click()
    page.locator(".dance-card", has_text="Disco").locator("label").click()
    page.get_by_role("button", name="Make video").click()
    page.wait_for_url("**/videos/**")
    assert Video.objects.get().style == "dancer"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_targets_are_large(opened: Page, scheme: Any) -> None:
    opened.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    opened.locator(".bodies summary").click()
    assert violations(opened) == []
    for target in opened.locator("#style :is(.style, .body-choice, summary)").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 43.9


def test_reduced_motion_stills_the_dancer(opened: Page) -> None:
    moving = (
        "svg => [...svg.querySelectorAll('*')].filter(part => getComputedStyle(part).animationName !== 'none').length"
    )
    svg = opened.locator("#pet-disco svg")
    assert svg.evaluate(moving) == 0
    opened.emulate_media(reduced_motion="no-preference")
    assert svg.evaluate(moving) > 5
