"""The cards of a photo that is prepared while its page is open: when they take the sticker."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from videos.models import Photo

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser_context_args(reduced_motion="reduce"),
]
PERSON = [[0.4, 0.3, 0.6, 0.5]]


@pytest.mark.parametrize(
    ("prepared", "takes_sticker"),
    [
        ({"cutout": True, "mask": "mask.png", "cutout_info": {"mode": "full", "cover": 0.3}}, True),
        ({"cutout": False, "cutout_info": {"mode": "print", "faces": PERSON}}, True),
        ({"cutout": False, "cutout_info": {"mode": "print"}}, False),
    ],
    ids=["pet", "print with a person", "print"],
)
def test_cards_take_a_wide_sticker_unless_it_is_a_print(
    page: Page, logged_in: str, live_owner: Any, prepared: dict[str, Any], takes_sticker: bool
) -> None:
    """The sticker of a print with a person leaves the person out, so it must be taken."""
    photo = Photo.objects.get()
    Photo.objects.update(due_at=timezone.now(), cutout_info={})
    file = BytesIO()
    Image.new("RGB", (200, 100)).save(file, "WEBP")
    page.goto(logged_in + photo.get_absolute_url())
    card = page.locator(".dance-card .pet img").first
    with page.expect_response("**/notes/*"):
        name = default_storage.save(photo.storage_name("sticker.webp"), ContentFile(file.getvalue()))
        Photo.objects.update(sticker=name)
    # The sticker is there before the worker is done with the photo.
    with page.expect_response("**/sticker.webp"):
        pass
    Photo.objects.update(due_at=None, head_source="detector", **prepared)
    expect(page.locator("#head")).to_have_attribute("data-state", "missing")
    if takes_sticker:
        expect(card).to_have_attribute("src", f"{logged_in}{photo.get_absolute_url()}sticker.webp")
        expect(card).not_to_have_class("print")
    else:
        page.wait_for_timeout(3000)
        assert "/thumbnail.webp" in (card.get_attribute("src") or "")
