"""A new owner's whole flow on a phone: upload, pick a dance, sign up, wait, watch, download and pay one credit."""

import io
import re
from pathlib import Path

import pytest
from django.core import mail
from PIL import Image
from playwright.sync_api import Page, expect

from accounts.models import User
from credits import ledger
from credits.models import Entry
from tests.browser.conftest import can_play
from tests.logins import code_in
from videos import photos
from videos.models import Photo, Video
from videos.studio.encoding import mp4

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]

# The segmentation model needs a single pass for the demo's photo, and this dance is the fastest to render.
PET = Path(photos.__file__).parent.parent / "management" / "sample_pet.jpg"
# Milliseconds. Shorter than the timeout of the test, so that the failure report still contains the page.
RENDER_TIMEOUT = 180_000


def small_photo() -> bytes:
    out = io.BytesIO()
    with Image.open(PET) as photo:
        photo.thumbnail((400, 400))
        photo.save(out, "JPEG")
    return out.getvalue()


def test_visitor_tries_a_photo_then_signs_up_and_downloads_a_video(
    page: Page, live_server, worker, tmp_path: Path, settings
) -> None:
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    page.goto(live_server.url)
    # Some phones upload photos under file names without an extension.
    photo = tmp_path / "pet"
    photo.write_bytes(small_photo())
    with page.expect_file_chooser() as picker:
        page.get_by_text("Make my pet dance").click()
    picker.value.set_files(photo)

    expect(page.get_by_role("heading", name="Pick a dance")).to_be_visible()
    assert Photo.objects.get().user is None
    page.get_by_role("radio", name="Landscape").check(force=True)
    page.get_by_role("radio", name=re.compile("^Slow sway")).check(force=True)
    page.get_by_role("button", name="Make video").click()

    expect(page).to_have_url(re.compile(f"^{live_server.url}/account/login/"))
    page.get_by_label("Email").fill("new@example.org")
    page.get_by_role("button", name="Email me a code").click()
    code = page.get_by_label("Code")
    expect(code).to_be_visible()
    # The sixth digit sends the form.
    code.fill(code_in(mail.outbox[-1]))

    expect(page).to_have_url(re.compile(f"^{live_server.url}/photos/.*dance=slow_sway"))
    expect(page.get_by_role("radio", name=re.compile("^Slow sway"))).to_be_checked()
    expect(page.get_by_role("radio", name="Landscape")).to_be_checked()
    page.get_by_role("button", name="Make video").click()

    expect(page.get_by_role("heading", name="Slow sway")).to_be_visible()
    video = page.locator("video")
    expect(video).to_be_visible(timeout=RENDER_TIMEOUT)
    if can_play(page):
        expect(video).to_have_js_property("paused", False)
        expect(video).not_to_have_js_property("currentTime", video.evaluate("v => v.currentTime"))
        expect(video).not_to_have_js_property("webkitAudioDecodedByteCount", 0)
        properties = video.evaluate("v => [v.duration, v.videoWidth, v.videoHeight]")
        assert properties == [pytest.approx(5, abs=0.05), *video_size()]

    with page.expect_download() as download:
        page.get_by_role("link", name="Save video").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    assert saved.name == "petgroove-slow-sway.mp4"
    probe = mp4.probe(saved)
    assert (probe.video_codec, probe.audio_codec, round(probe.seconds)) == ("h264", "aac", 5)

    page.goto(f"{live_server.url}/credits/")
    expect(page.get_by_text("Slow sway")).to_be_visible()
    expect(page.locator(".balance-number")).to_contain_text("2 credits")
    owner = User.objects.get()
    assert ledger.balance_of(owner) == 2
    assert list(Entry.objects.order_by("id").values_list("kind", "amount")) == [("welcome", 3), ("charge", -1)]


def video_size() -> list[int]:
    video = Video.objects.get()
    return [video.shape.width, video.shape.height]
