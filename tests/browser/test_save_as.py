"""The section on the ready page that offers other files of the video."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from videos.models import Video

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]


def test_a_picture_is_made_while_the_owner_waits(
    page: Page, logged_in: str, live_videos: dict[str, Video], worker: None, tmp_path: Any
) -> None:
    page.goto(f"{logged_in}{live_videos['ready'].get_absolute_url()}")
    page.get_by_role("button", name="Picture").click()
    link = page.get_by_role("link", name="Picture")
    expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.startswith("petgroove-disco-")
    download.value.save_as(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")
