"""Every page and every mail, in every state, is valid HTML: the Nu checker (vnu) finds no error."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.outbox import outbox
from petgroove.style import style
from tests.accounts.test_mails_come_as_text_and_html import NAMES, rendered
from tests.conftest import PASSWORD, browser_of
from tests.node import installed
from tests.test_every_route_is_closed import ALL, NOBODY
from videos.models import Photo, Video
from videos.sharing import Share
from videos.steps import work_once

VNU = "26.9.27"
ERRORS = ("400", "403", "403_csrf", "404", "405", "413", "429", "500", "503")
# The words of the admin are Django's; of its pages only those that we drew are judged.
DESK = ("admin:index", "admin:credits_voucher_bulk")
MAILS = [*(f"{name}_message" for name in NAMES), "videos/email/ready", "videos/email/returned"]


def judged(files: list[Path]) -> dict[str, list[str]]:
    """The errors in each file, found by one process for all of them: starting it takes longer than the judging."""
    jar = installed("vnu-jar", VNU) / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", str(jar), "--errors-only", "--format", "json", "--stdout"]
    ran = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    assert ran.stdout, ran.stderr
    found: dict[str, list[str]] = {}
    for one in json.loads(ran.stdout)["messages"]:
        found.setdefault(Path(one["url"]).name, []).append(f"{one['message']} In: {one.get('extract', '')}")
    return found


def answered(client: Client, paths: list[str], who: str) -> Iterator[tuple[str, bytes]]:
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
    Share.objects.switch(ready, on=True)
    failed, waiting = request_video(), request_video()
    Video.objects.filter(pk=failed.pk).update(
        status="failed", due_at=None, finished_at=timezone.now(), error_code="late", error_message="It took too long."
    )
    paths = [video.get_absolute_url() for video in (ready, failed, waiting)]
    return [*paths, ready.share.get_absolute_url(), prepared.get_absolute_url()]


def pages_of(owner: User, staff: User, states: list[str]) -> Iterator[tuple[str, bytes]]:
    yield from answered(Client(), [*plain_paths(), states[3]], "visitor")
    client = browser_of(owner)
    yield from answered(client, states, "owner")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    for guarded in (False, True):
        if guarded:
            totp.TOTP.activate(owner, totp.generate_totp_secret())
        yield from answered(client, plain_paths(), f"owner {guarded}")
    desk = [*map(reverse, DESK), reverse("admin:accounts_user_credits", args=[owner.pk])]
    yield from answered(browser_of(staff), desk, "staff")
    for name in ERRORS:
        yield name, get_template(f"{name}.html").render().encode()
    for view in (style, outbox):
        yield view.__name__, view(RequestFactory().get("/")).content


@pytest.mark.slow
@pytest.mark.vnu
def test_vnu_finds_no_error(owner: User, staff: User, states: list[str], settings, tmp_path: Path) -> None:
    settings.OUTBOX_DIR = tmp_path
    pages = dict(pages_of(owner, staff, states))
    pages |= {name: rendered(name)[1].encode() for name in MAILS}
    assert len(pages) > 70, sorted(pages)
    files = []
    for name, content in pages.items():
        files.append(tmp_path / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}.html")
        files[-1].write_bytes(content)
    assert judged(files) == {}
