"""Fixtures for the browser tests: Chromium, a live site and a live worker."""

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
from videos.models import Photo, Video
from videos.models.choices import error_message_for
from videos.ordering import request_video
from videos.worker.runner import work_once

__all__ = ["clip", "studio"]

# Milliseconds until an expectation fails: far more than a busy machine needs.
TIMEOUT = 60_000
expect.set_options(timeout=TIMEOUT)

# Chromium renders two internal pages for each window's address bar, which doubles the CPU time of a test.
# Only the last --disable-features counts, so repeat the features of Playwright's list that affect our pages.
DISABLED_FEATURES = (
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
    f"--disable-features={','.join(DISABLED_FEATURES)}",
]
CODECS = 'video/mp4; codecs="avc1.42E01E, mp4a.40.2"'


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the system's Chromium if it is installed, otherwise Playwright's build."""
    return {"executable_path": chromium_path(), "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Emulate a phone with an English locale in UTC."""
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
    """Fail the test if a page raises a script error or violates the content security policy."""
    errors: list[str] = []

    def watched_context(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(TIMEOUT)
        context.on("weberror", lambda event: errors.append(str(event.error)))
        context.on("console", lambda log: errors.append(log.text) if "Content Security Policy" in log.text else None)
        return context

    yield watched_context
    # Leaving or resizing a page during a view transition raises a harmless error.
    assert [error for error in errors if "Transition was" not in error] == []


def log_in(context: BrowserContext, user: User, site: str) -> None:
    """Give the browser the user's session cookie."""
    cookie = browser_of(user).cookies[django_settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])


def can_play(page: Page) -> bool:
    """Return True if this Chromium has the codecs of our videos, which some of Playwright's builds lack."""
    playable = page.evaluate("codecs => document.createElement('video').canPlayType(codecs) !== ''", CODECS)
    assert playable or not is_ci(), "This Chromium cannot play H.264 and AAC."
    return playable


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Run a worker thread on the live site's database, with the real studio."""
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
def live_owner(transactional_db: None) -> User:
    """An owner with five credits and a prepared photo."""
    user = person("her@example.org", credits=5)
    photo_of(user)
    Photo.objects.update(due_at=None, cutout_info={"mode": "print", "heads": []})
    return user


@pytest.fixture
def logged_in(live_owner: User, context: BrowserContext, live_server: Any) -> str:
    """Log the owner in, and return the site's URL."""
    log_in(context, live_owner, live_server.url)
    return live_server.url


@pytest.fixture
def live_videos(live_owner: User, studio: QuickStudio) -> dict[str, Video]:
    """One ready and shared video, one failed and one queued, by these names."""

    def request(dance: str) -> Video:
        return request_video(
            user=live_owner,
            photo=Photo.objects.get(),
            dance=dances.BY_SLUG[dance],
            shape=formats.BY_SLUG["tall"],
            idempotency_key=uuid.uuid4(),
            now=timezone.now(),
        )

    ready = request("disco")
    work_once()
    ready.refresh_from_db()
    ready.enable_sharing()
    failed = request("tango")
    Video.objects.filter(pk=failed.pk).update(
        status="failed",
        due_at=None,
        finished_at=timezone.now(),
        error_code="late",
        error_message=error_message_for("late"),
    )
    return {"ready": ready, "failed": failed, "queued": request("conga")}
