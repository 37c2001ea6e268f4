"""The offline page is the same for everyone, and browsers cache only that page and its assets."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

STATIC = "/static/"


def cached_urls(client: Client) -> list[str]:
    """Return the URLs that the service worker caches."""
    response = client.get("/offline.js")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    [listed] = re.findall(r"= \[('.*?), \]", response.content.decode())
    return [url.strip("'").encode().decode("unicode_escape") for url in listed.split(", ")]


def test_page_is_the_same_with_and_without_login(as_owner: Client, client: Client) -> None:
    pages = [browser.get("/offline/") for browser in (as_owner, client)]
    assert pages[0].content == pages[1].content
    assert [dict(page.cookies) for page in pages] == [{}, {}]
    assert b"<h1>You're offline</h1>" in pages[0].content


def test_service_worker_caches_the_page_and_its_assets(client: Client) -> None:
    page, *files = cached_urls(client)
    assert page == "/offline/"
    assets = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', client.get(page).content.decode()))
    assets -= {name for name in assets if name.endswith((".ico", ".png", ".webmanifest"))}
    assert set(files) == assets
    assert [name for name in files if not finders.find(name.removeprefix(STATIC))] == []


def test_service_worker_is_allowed_by_csp_and_revalidated(client: Client) -> None:
    headers = client.get("/offline.js").headers
    assert headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in headers["Content-Security-Policy"]


def test_every_page_registers_the_service_worker(client: Client, db: None) -> None:
    assert "register('/offline.js')" in (Path(settings.BASE_DIR) / "static/js/page.js").read_text()
    assert "js/page.js" in client.get("/account/login/").content.decode()
