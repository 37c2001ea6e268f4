"""The Nu HTML checker (vnu) finds no errors in any page or e-mail, in any state."""

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
from tests.logins import CONFIRM, ask_for_code
from tests.node import installed
from tests.routes import ALL, NOBODY
from tests.videos.conftest import propose
from videos.models import Photo, Video
from videos.photos.head import Head
from videos.worker.runner import work_once

VNU = "26.9.27"
ERRORS = ("400", "403", "403_csrf", "404", "405", "413", "429", "500", "503")
# Most admin pages come from Django; only our own templates are checked.
ADMIN = ("admin:index", "admin:credits_voucher_bulk")
# Elements without an end tag.
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
OUR_MAILS = ("video_ready", "credit_refunded", "taken_down")
MAILS = [*(f"{name}_message" for name in NAMES), *(f"videos/email/{name}" for name in OUR_MAILS)]


def html_errors(files: list[Path]) -> dict[str, list[str]]:
    """Return the errors in each file. One process checks them all, since its start takes longer than the checks."""
    jar = installed("vnu-jar", VNU) / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", str(jar), "--errors-only", "--format", "json", "--stdout"]
    ran = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    assert ran.stdout, ran.stderr
    errors: dict[str, list[str]] = {}
    for error in json.loads(ran.stdout)["messages"]:
        errors.setdefault(Path(error["url"]).name, []).append(f"{error['message']} In: {error.get('extract', '')}")
    return errors


def fetch_pages(client: Client, paths: list[str], who: str) -> Iterator[tuple[str, bytes]]:
    """Yield the HTML pages at ``paths``, without redirects, files and JSON responses."""
    for path in paths:
        response = client.get(path)
        if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
            yield f"{who} {path}", response.content


def plain_paths() -> list[str]:
    """Return the paths of all routes without an id."""
    excluded = (NOBODY, "1", "admin/", "api/")
    return [path for path in (route.filled() for route in ALL) if not any(part in path for part in excluded)]


@pytest.fixture
def states(request_video, prepared: Photo, studio) -> list[str]:
    """The paths of a finished, a failed and a queued video, of a shared video, and of the photo."""
    ready = request_video()
    work_once()
    ready.refresh_from_db()
    ready.enable_sharing()
    failed, waiting = request_video(), request_video()
    Video.objects.filter(pk=failed.pk).update(
        status="failed", due_at=None, finished_at=timezone.now(), error_code="late", error_message="It took too long."
    )
    propose(prepared, Head(0.3, 0.4, 0.1, 0.12), Head(0.7, 0.5, 0.09, 0.1))
    paths = [video.get_absolute_url() for video in (ready, failed, waiting)]
    return [*paths, ready.share_link.get_absolute_url(), prepared.get_absolute_url()]


def pages_of(owner: User, staff: User, states: list[str]) -> Iterator[tuple[str, bytes]]:
    visitor, reports = Client(), [f"{states[3]}report/", f"{states[3]}report/?sent"]
    yield from fetch_pages(visitor, [*plain_paths(), states[3], *reports], "visitor")
    ask_for_code(visitor, owner.email)
    yield from fetch_pages(visitor, [CONFIRM], "visitor with a code")
    client = browser_of(owner)
    yield from fetch_pages(client, states, "owner")
    client.post("/account/reauthenticate/code/")
    yield from fetch_pages(client, ["/account/reauthenticate/code/"], "owner with a code")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    for guarded in (False, True):
        if guarded:
            totp.TOTP.activate(owner, totp.generate_totp_secret())
        yield from fetch_pages(client, plain_paths(), f"owner {guarded}")
    admin = [*map(reverse, ADMIN), reverse("admin:accounts_user_credits", args=[owner.pk])]
    ready = Video.objects.get(status="succeeded")
    desk, take_down = browser_of(staff), reverse("admin:videos_video_take_down", args=[ready.pk])
    yield from fetch_pages(desk, [*admin, take_down], "staff")
    desk.post(take_down, {"concern": "other"})
    yield from fetch_pages(client, states[:1], "owner of what was taken down")
    for name in ERRORS:
        yield name, get_template(f"{name}.html").render().encode()
    for view in (style, outbox):
        yield view.__name__, view(RequestFactory().get("/")).content


@pytest.fixture
def pages(owner: User, staff: User, states: list[str], settings, tmp_path: Path) -> dict[str, bytes]:
    """All pages and e-mails, by viewer and path."""
    settings.OUTBOX_DIR = tmp_path
    contents = dict(pages_of(owner, staff, states))
    contents |= {name: rendered(name)[1].encode() for name in MAILS}
    assert len(contents) > 70, sorted(contents)
    return contents


class Outline(HTMLParser):
    """A simple check without Java. ``errors`` lists mismatched tags and duplicate ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.errors: list[str] = []
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)
        self.close()
        self.errors += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and (not value or value in self.ids):
                self.errors.append(f"the id {value!r} is empty or a duplicate")
            elif name == "id" and value:
                self.ids.add(value)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.errors.append(f"</{tag}> does not match")


def test_tags_match_and_ids_are_unique(pages: dict[str, bytes]) -> None:
    outlines = {name: Outline(content.decode()) for name, content in pages.items()}
    assert {name: outline.errors for name, outline in outlines.items() if outline.errors} == {}


def test_outline_check_finds_errors() -> None:
    """The negative control."""
    assert Outline('<p id="a"><br><b>x</p>').errors == ["</p> does not match", "<p> is not closed"]
    assert Outline('<p id="a"></p><p id="a"></p>').errors == ["the id 'a' is empty or a duplicate"]


@pytest.mark.slow
@pytest.mark.vnu
def test_vnu_finds_no_errors(pages: dict[str, bytes], tmp_path: Path) -> None:
    files = []
    for name, content in pages.items():
        files.append(tmp_path / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}.html")
        files[-1].write_bytes(content)
    assert html_errors(files) == {}
