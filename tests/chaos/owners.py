"""The owners of a play and their browsers: who asked for what, with which form, and what they were answered."""

import http.client
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings

OWNERS = 12
# One of them the remote studio has refused so often that our own one makes the dances; another one is poor.
AT_HOME, POOR, FEW = 0, 1, 2
STRIKES = 6


@dataclass(frozen=True, slots=True)
class Owner:
    """``session`` is the key of a session that is logged in, ``page`` where the form of the photo is sent to."""

    pk: int
    email: str
    granted: int
    session: str
    page: str


class Form(NamedTuple):
    """One form: it has its key for ever, however often it is sent."""

    owner: Owner
    key: uuid.UUID


@dataclass
class Browsers:
    """``pages`` is where each form led: the address of its video, or nothing where there was no credit for it.

    ``pending`` are the forms that have got no answer yet, to be sent again as they are.
    """

    port: int = 0
    pages: dict[Form, str] = field(default_factory=dict)
    pending: list[Form] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def asked(self) -> int:
        """How many forms led to a video."""
        return sum(page != "" for page in self.pages.values())

    def send(self, form: Form) -> None:
        """Send the form as a browser does. Raises AssertionError where a form leads to two pages."""
        try:
            status, where = self.exchange(form)
        except (OSError, http.client.HTTPException):
            status, where = 0, ""
        self.answers[str(status or "no answer")] += 1
        if status == 302:
            assert where.startswith("/videos/"), f"sent to {where}"
            assert self.pages.setdefault(form, where) == where, f"{form.key} leads to {self.pages[form]} and {where}"
        elif status == 402:
            assert not self.pages.setdefault(form, ""), f"{form.key} led to {self.pages[form]}, and is not paid now"
        else:
            self.pending.append(form)
            time.sleep(0.2)

    def exchange(self, form: Form) -> tuple[int, str]:
        token = "a" * 32
        body = {"dance": "disco", "format": "tall", "x": "0.5", "y": "0.5", "form_key": str(form.key)}
        cookies = f"{settings.SESSION_COOKIE_NAME}={form.owner.session}; {settings.CSRF_COOKIE_NAME}={token}"
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies, "Host": "localhost"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", form.owner.page, urlencode(body | {"csrfmiddlewaretoken": token}), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.getheader("Location", "")
        finally:
            connection.close()


def cast(videos: int) -> list[Owner]:
    """The owners, in the database: logged in, with credits and a photo that is cut out already."""
    from django.contrib.auth import HASH_SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from accounts.models import User
    from credits import ledger
    from tests.videos.conftest import photo_of
    from videos.models import Photo

    people = []
    for number in range(OWNERS):
        user = User.objects.create_user(f"owner-{number}@example.org")
        granted = FEW if number == POOR else 10 * videos
        ledger.grant(user, granted, reason="For the chaos", by=None)
        photo = photo_of(user)
        Photo.objects.filter(pk=photo.pk).update(due_at=None, cut={"mode": "print"})
        session = SessionStore()
        session["_auth_user_id"] = str(user.pk)
        session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp()}]
        session.save()
        people.append(Owner(user.pk, user.email, granted, str(session.session_key), f"/photos/{photo.pk}/"))
    return people


def strike_out(owner: Owner, browsers: Browsers) -> None:
    """Let the remote studio have refused so many photos of the owner that our own one makes the next dances."""
    from django.utils import timezone

    from videos import dances, formats
    from videos.models import Photo
    from videos.offer import request_video

    photo = Photo.objects.get(user=owner.pk)
    for _ in range(STRIKES):
        form, now = Form(owner, uuid.uuid4()), timezone.now()
        video = request_video(
            user=photo.user,
            photo=photo,
            dance=dances.BY_SLUG["disco"],
            shape=formats.BY_SLUG["tall"],
            form_key=form.key,
            now=now,
        )
        video.fail("moderated", now)
        browsers.pages[form] = video.get_absolute_url()


def bring_a_photo(owner: Owner) -> None:
    """A new photo of the owner, which the worker has to cut out."""
    from accounts.models import User
    from tests.videos.conftest import photo_of

    photo_of(User.objects.get(pk=owner.pk))
