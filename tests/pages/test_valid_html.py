"""Every page and every mail, in every state, is valid HTML: the Nu checker (vnu) finds no error."""

import json
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from petgroove.dev.mailbox import outbox
from petgroove.dev.style_guide import style
from tests.accounts.test_emails import NAMES, rendered
from tests.conftest import PASSWORD, browser_of
from tests.node import installed
from tests.routes import ALL, NOBODY
from videos.models import Photo, Video
from videos.worker.runner import work_once

VNU = "26.9.27"
ERRORS = ("400", "403", "403_csrf", "404", "405", "413", "429", "500", "503")
# The words of the admin are Django's; of its pages only those that we drew are judged.
DESK = ("admin:index", "admin:credits_voucher_bulk")
# Elements that have no end tag.
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
MAILS = [*(f"{name}_message" for name in NAMES), "videos/email/video_ready", "videos/email/credit_refunded"]


def html_errors(files: list[Path]) -> dict[str, list[str]]:
    """The errors in each file, found by one process for all of them: starting it takes longer than the judging."""
    jar = installed("vnu-jar", VNU) / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", str(jar), "--errors-only", "--format", "json", "--stdout"]
    ran = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    assert ran.stdout, ran.stderr
    found: dict[str, list[str]] = {}
    for one in json.loads(ran.stdout)["messages"]:
        found.setdefault(Path(one["url"]).name, []).append(f"{one['message']} In: {one.get('extract', '')}")
    return found


def fetch_pages(client: Client, paths: list[str], who: str) -> Iterator[tuple[str, bytes]]:
    """The pages that a client gets there; redirects, files and answers for programs are none."""
    for path in paths:
        answer = client.get(path)
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
            yield f"{who} {path}", answer.content


def plain_paths() -> list[str]:
    """Every route without an id in it."""
    taken = (NOBODY, "1", "admin/", "api/")
    return [path for path in (route.filled() for route in ALL) if not any(sign in path for sign in taken)]


@pytest.fixture
def states(request_video, prepared: Photo, studio) -> list[str]:
    """A video that is ready and shared, one whose credit came back, one that waits, and the page of its photo."""
    ready = request_video()
    work_once()
    ready.refresh_from_db()
    ready.enable_sharing()
    failed, waiting = request_video(), request_video()
    Video.objects.filter(pk=failed.pk).update(
        status="failed", due_at=None, finished_at=timezone.now(), error_code="late", error_message="It took too long."
    )
    paths = [video.get_absolute_url() for video in (ready, failed, waiting)]
    return [*paths, ready.share_link.get_absolute_url(), prepared.get_absolute_url()]


def pages_of(owner: User, staff: User, states: list[str]) -> Iterator[tuple[str, bytes]]:
    yield from fetch_pages(Client(), [*plain_paths(), states[3]], "visitor")
    client = browser_of(owner)
    yield from fetch_pages(client, states, "owner")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    for guarded in (False, True):
        if guarded:
            totp.TOTP.activate(owner, totp.generate_totp_secret())
        yield from fetch_pages(client, plain_paths(), f"owner {guarded}")
    desk = [*map(reverse, DESK), reverse("admin:accounts_user_credits", args=[owner.pk])]
    yield from fetch_pages(browser_of(staff), desk, "staff")
    for name in ERRORS:
        yield name, get_template(f"{name}.html").render().encode()
    for view in (style, outbox):
        yield view.__name__, view(RequestFactory().get("/")).content


@pytest.fixture
def pages(owner: User, staff: User, states: list[str], settings, tmp_path: Path) -> dict[str, bytes]:
    """Each page and each mail, by who sees it and where."""
    settings.OUTBOX_DIR = tmp_path
    found = dict(pages_of(owner, staff, states))
    found |= {name: rendered(name)[1].encode() for name in MAILS}
    assert len(found) > 70, sorted(found)
    return found


class Outline(HTMLParser):
    """The first look at a page, without Java: ``errors`` names tags that do not match and ids that are there twice."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.errors: list[str] = []
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)
        self.close()
        self.errors += [f"<{tag}> stays open" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and (not value or value in self.ids):
                self.errors.append(f"the id {value!r} is empty or there twice")
            elif name == "id" and value:
                self.ids.add(value)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.errors.append(f"</{tag}> closes nothing")


def test_tags_match_and_ids_are_unique(pages: dict[str, bytes]) -> None:
    found = {name: Outline(content.decode()).errors for name, content in pages.items()}
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_outline_check_finds_errors() -> None:
    """The negative control."""
    assert Outline('<p id="a"><br><b>x</p>').errors == ["</p> closes nothing", "<p> stays open"]
    assert Outline('<p id="a"></p><p id="a"></p>').errors == ["the id 'a' is empty or there twice"]


@pytest.mark.slow
@pytest.mark.vnu
def test_vnu_finds_no_error(pages: dict[str, bytes], tmp_path: Path) -> None:
    files = []
    for name, content in pages.items():
        files.append(tmp_path / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}.html")
        files[-1].write_bytes(content)
    assert html_errors(files) == {}
