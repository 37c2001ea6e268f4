"""Chromium as Debian ships it, a live site and a live worker."""

import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import BrowserContext, Page

from videos.steps import work_once

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return {"executable_path": found, "args": FLAGS}


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


@pytest.fixture(autouse=True)
def _nothing_is_wrong_on_the_console(context: BrowserContext) -> Iterator[None]:
    """A script error or anything that the content security policy forbids fails the test."""
    wrong: list[str] = []

    def watch(page: Page) -> None:
        # A page that is left or resized during a view transition says so as an error; nothing is wrong then.
        page.on("pageerror", lambda error: None if "Transition was" in str(error) else wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)

    context.on("page", watch)
    yield
    assert wrong == []
