"""Chromium plays and seeks a clip from the studio, and reports its real duration and size."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import can_play
from tests.studio.conftest import TINY, dog, tiny_clip, tiny_clips
from tests.videos.conftest import QuickStudio
from videos.models import Video

__all__ = ["dog", "tiny_clip", "tiny_clips"]

pytestmark = [pytest.mark.chromium, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PLAY_UNTIL = """async (video, time) => {
    while (video.currentTime < time) {
        await new Promise(resolve => video.addEventListener('timeupdate', resolve, {once: true}));
    }
    return true;
}"""
SEEK = """async (video, time) => {
    video.pause();
    const seeked = new Promise(resolve => video.addEventListener('seeked', resolve, {once: true}));
    video.currentTime = time;
    await seeked;
    return [Math.abs(video.currentTime - time) < 0.05, video.error];
}"""


@pytest.fixture
def rendered(studio: QuickStudio, tiny_clip: Path) -> QuickStudio:
    """A studio that serves a clip rendered by the real one."""
    studio.clip = tiny_clip.read_bytes()
    return studio


def test_clip_plays_and_seeks(page: Page, logged_in: str, rendered: QuickStudio, live_videos: dict[str, Video]) -> None:
    page.goto(logged_in + live_videos["ready"].get_absolute_url())
    if not can_play(page):
        pytest.skip("This Chromium lacks the codecs.")
    video = page.locator("video")
    expect(video).to_have_js_property("videoWidth", TINY.width)
    assert video.evaluate("video => [video.videoHeight, Math.abs(video.duration - 5) < 0.05]") == [TINY.height, True]
    video.evaluate("video => { video.muted = true; return video.play() }")
    assert video.evaluate(PLAY_UNTIL, 0.2), "playback does not advance"
    for time in (4.0, 0.5, 2.5):
        assert video.evaluate(SEEK, time) == [True, None]


def test_sound_button_works_when_the_clip_cannot_play(
    page: Page, logged_in: str, live_videos: dict[str, Video]
) -> None:
    page.route("**/dance.mp4", lambda route: route.fulfill(body="No video", content_type="video/mp4"))
    page.goto(logged_in + live_videos["ready"].get_absolute_url())
    page.get_by_role("button", name="Sound on").click()
    expect(page.get_by_role("button", name="Sound off")).to_be_visible()
    expect(page.locator("video")).not_to_have_js_property("error", None)
