"""Without a connection the service worker shows the offline page; it caches nothing private."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]

CACHED_PATHS = """async () => {
  const names = await caches.keys()
  const urls = await Promise.all(names.map(async name => (await (await caches.open(name)).keys()).map(key => key.url)))
  return urls.flat().map(url => new URL(url).pathname)
}"""


def test_offline_page_is_shown_until_back_online(page: Page, logged_in: str) -> None:
    page.goto(f"{logged_in}/videos/")
    page.evaluate(
        "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller || "
        "new Promise(resolve => navigator.serviceWorker.addEventListener('controllerchange', resolve)))"
    )
    page.goto(f"{logged_in}/account/email/")
    expect(page.get_by_role("heading", name="Account")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("link", name="My dances").click()
    expect(page.get_by_role("heading", name="You're offline")).to_be_visible()
    expect(page.get_by_role("link", name="Try again")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith('"Bricolage')
    cached = page.evaluate(CACHED_PATHS)
    assert [path for path in cached if not path.startswith("/static/")] == ["/offline/"]
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="My dances")).to_be_visible()
