"""Chromium, a live site and a live worker."""

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_playwright import CreateContextCallback

from accounts.models import User
from tests.conftest import browser_of, person
from tests.programs import chromium_path, is_ci
from tests.videos.conftest import QuickStudio, clip, photo_of, studio
from videos import dances, formats
from videos.failures import sentence_for
from videos.models import Photo, Video
from videos.offer import request_video
from videos.sharing import Share
from videos.steps import work_once

__all__ = ["clip", "studio"]

# Milliseconds until an expectation is given up: far more than a busy machine needs.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

# Chromium renders two pages of its own for the address bar of every window, which doubles the CPU time of a test.
# Only the last --disable-features counts: the rest of the list is Playwright's, as far as it affects our pages.
FEATURES_OFF = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    "AimEnabled", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)  # fmt: skip
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    f"--disable-features={','.join(FEATURES_OFF)}",
]
CODECS = 'video/mp4; codecs="avc1.42E01E, mp4a.40.2"'


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the Chromium of this machine, or Playwright's own build where there is none."""
    return {"executable_path": chromium_path(), "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A phone, in English, where the sun never sets."""
    return {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
        "locale": "en-GB",
        "timezone_id": "UTC",
    }


@pytest.fixture
def new_context(new_context: CreateContextCallback) -> Iterator[CreateContextCallback]:
    """Fail the test if any page has a script error or does something that the content security policy forbids."""
    errors: list[str] = []

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda raised: errors.append(str(raised.error)))
        context.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        return context

    yield watched
    # A page that is left or resized during a view transition reports an error, though nothing is wrong.
    assert [error for error in errors if "Transition was" not in error] == []


def log_in(context: BrowserContext, user: User, site: str) -> None:
    """Give the browser the user's session cookie."""
    cookie = browser_of(user).cookies[django_settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])


def can_play(page: Page) -> bool:
    """Return True if this Chromium has the codecs of our videos. Some of Playwright's own builds lack them."""
    playable = page.evaluate("codecs => document.createElement('video').canPlayType(codecs) !== ''", CODECS)
    assert playable or not is_ci(), "This Chromium cannot play H.264 and AAC."
    return playable


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """A worker on the same database as the live site, with the real studio."""
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            if not work_once(stop.is_set):
                stop.wait(0.2)
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.fixture
def her(transactional_db: None) -> User:
    """An owner with a photo that is ready to dance."""
    user = person("her@example.org", credits=5)
    photo_of(user)
    Photo.objects.update(due_at=None, cut={"mode": "print"})
    return user


@pytest.fixture
def logged_in(her: User, context: BrowserContext, live_server: Any) -> str:
    """Her browser is logged in; the site's address."""
    log_in(context, her, live_server.url)
    return live_server.url


@pytest.fixture
def dances_of_hers(her: User, studio: QuickStudio) -> dict[str, Video]:
    """A ready and shared video, one that failed, one that waits."""

    def ask(dance: str) -> Video:
        return request_video(
            user=her,
            photo=Photo.objects.get(),
            dance=dances.BY_SLUG[dance],
            shape=formats.BY_SLUG["tall"],
            form_key=uuid.uuid4(),
            now=timezone.now(),
        )

    ready = ask("disco")
    work_once()
    ready.refresh_from_db()
    Share.objects.switch(ready, on=True)
    failed = ask("tango")
    Video.objects.filter(pk=failed.pk).update(
        status="failed", due_at=None, finished_at=timezone.now(), error_code="late", error_message=sentence_for("late")
    )
    return {"ready": ready, "failed": failed, "waiting": ask("conga")}
