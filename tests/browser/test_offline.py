"""Without a line a page of ours stands in for the one that was asked for; nothing private is kept for it."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]

KEPT = """async () => {
  const names = await caches.keys()
  const kept = await Promise.all(names.map(async name => (await (await caches.open(name)).keys()).map(one => one.url)))
  return kept.flat().map(url => new URL(url).pathname)
}"""


def test_offline_page_is_shown_until_back_online(page: Page, logged_in: str) -> None:
    page.goto(f"{logged_in}/videos/")
    page.evaluate(
        "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller || "
        "new Promise(done => navigator.serviceWorker.addEventListener('controllerchange', done)))"
    )
    page.goto(f"{logged_in}/account/email/")
    expect(page.get_by_role("heading", name="Email")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("link", name="My dances").click()
    expect(page.get_by_role("heading", name="No connection to the dance floor")).to_be_visible()
    expect(page.get_by_role("link", name="Try again")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith('"Bricolage')
    kept = page.evaluate(KEPT)
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/"]
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="My dances")).to_be_visible()
