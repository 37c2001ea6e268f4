"""Links and metadata in the page head, for browsers, phones and social networks."""

import re
from html.parser import HTMLParser
from itertools import chain

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import Client

pytestmark = pytest.mark.django_db
STATIC = "/static/"


class Head(HTMLParser):
    """A page's ``links`` (URLs by rel) and ``metas`` (contents by name or property)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: dict[str, list[str]] = {}
        self.metas: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "link":
            self.links.setdefault(str(attributes["rel"]), []).append(str(attributes["href"]))
        if tag == "meta" and (name := attributes.get("name") or attributes.get("property")):
            self.metas.setdefault(name, []).append(str(attributes["content"]))


def head_of(client: Client, address: str) -> Head:
    return Head(client.get(address).content.decode())


def test_head_links_exist(client: Client) -> None:
    links = head_of(client, "/").links
    assert {"icon", "apple-touch-icon", "manifest", "stylesheet", "preload"} == set(links)
    for address in chain.from_iterable(links.values()):
        assert finders.find(address.removeprefix(STATIC)), address


def test_theme_colour_matches_the_colour_scheme(client: Client) -> None:
    metas = head_of(client, "/").metas
    assert len(set(metas["theme-color"])) == 2
    assert metas["color-scheme"] == ["light dark"]


def test_open_graph_image_is_absolute(client: Client) -> None:
    metas = head_of(client, "/").metas
    assert metas["og:image"] == [f"http://testserver{STATIC}icons/app/social.png"]
    assert (metas["og:image:width"], metas["og:image:height"]) == (["1200"], ["630"])
    assert metas["twitter:card"] == ["summary_large_image"]
    assert metas["og:url"] == ["http://testserver/"]
    assert 50 < len(metas["description"][0]) < 160


@pytest.mark.parametrize("address", ["/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png"])
def test_favicon_ico_exists(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert finders.find(response.headers["Location"].removeprefix(STATIC))
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    assert not response.cookies


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_error_page_needs_no_request(name: str) -> None:
    page = get_template(name).render()
    assert len(re.findall(r"<h1>[^<]+</h1>", page)) == 1
    assert "og:image" not in page
    assert 'href="/"' in page
