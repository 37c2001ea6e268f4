"""The owners of a scenario, the forms that they send and the responses that they get."""

import http.client
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings

OWNERS = 12
# The provider rejected one owner's photos so often that the studio renders for them. Another has few credits.
STUDIO_OWNER, OWNER_WITHOUT_CREDITS, FEW_CREDITS = 0, 1, 2
MODERATION_STRIKES = 6


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner. ``session`` is the key of a logged-in session, ``page`` the path that the photo's form posts to."""

    pk: int
    email: str
    granted: int
    session: str
    page: str


class Form(NamedTuple):
    """A form, whose idempotency key stays the same each time it is sent."""

    owner: Owner
    key: uuid.UUID


@dataclass
class Browsers:
    """The owners' browsers.

    ``pages`` maps each form to the path of its video, or to an empty string if the owner had no credits.
    ``pending`` holds the forms without a response, to be sent again unchanged.
    """

    port: int = 0
    pages: dict[Form, str] = field(default_factory=dict)
    pending: list[Form] = field(default_factory=list)
    responses: Counter[str] = field(default_factory=Counter)

    def video_count(self) -> int:
        """Return the number of forms that created a video."""
        return sum(page != "" for page in self.pages.values())

    def send(self, form: Form) -> None:
        """Send the form as a browser does. Raises AssertionError if a form leads to two pages."""
        try:
            status, location = self.exchange(form)
        except (OSError, http.client.HTTPException):
            status, location = 0, ""
        self.responses[str(status or "none")] += 1
        if status == 302:
            assert location.startswith("/videos/"), f"redirected to {location}"
            assert self.pages.setdefault(form, location) == location, (
                f"{form.key} led to {self.pages[form]} and {location}"
            )
        elif status == 402:
            assert not self.pages.setdefault(form, ""), f"{form.key} led to {self.pages[form]}, then to status 402"
        else:
            self.pending.append(form)
            time.sleep(0.2)

    def exchange(self, form: Form) -> tuple[int, str]:
        """Post the form, and return the status and location of the response."""
        token = "a" * 32
        body = {"dance": "disco", "format": "tall", "x": "0.5", "y": "0.5", "idempotency_key": str(form.key)}
        cookies = f"{settings.SESSION_COOKIE_NAME}={form.owner.session}; {settings.CSRF_COOKIE_NAME}={token}"
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies, "Host": "localhost"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", form.owner.page, urlencode(body | {"csrfmiddlewaretoken": token}), headers)
            response = connection.getresponse()
            response.read()
            return response.status, response.getheader("Location", "")
        finally:
            connection.close()


def create_owners(videos: int) -> list[Owner]:
    """Create the owners, each with a login session, credits and a photo that is already cut out."""
    from django.contrib.auth import HASH_SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from accounts.models import User
    from credits import ledger
    from tests.videos.conftest import photo_of
    from videos.models import Photo

    owners = []
    for number in range(OWNERS):
        user = User.objects.create_user(f"owner-{number}@example.org")
        granted = FEW_CREDITS if number == OWNER_WITHOUT_CREDITS else 10 * videos
        ledger.grant(user, granted, reason="Chaos test", by=None)
        photo = photo_of(user)
        Photo.objects.filter(pk=photo.pk).update(due_at=None, cutout_info={"mode": "print", "heads": []})
        session = SessionStore()
        session["_auth_user_id"] = str(user.pk)
        session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session["account_authentication_methods"] = [{"method": "password", "at": timezone.now().timestamp()}]
        session.save()
        owners.append(Owner(user.pk, user.email, granted, str(session.session_key), f"/photos/{photo.pk}/"))
    return owners


def reach_moderation_limit(owner: Owner, browsers: Browsers) -> None:
    """Mark enough of the owner's videos as moderated for the studio to render the next ones."""
    from django.utils import timezone

    from videos import dances, formats
    from videos.models import Photo
    from videos.ordering import request_video

    photo = Photo.objects.get(user=owner.pk)
    for _ in range(MODERATION_STRIKES):
        form, now = Form(owner, uuid.uuid4()), timezone.now()
        video = request_video(
            user=photo.user,
            photo=photo,
            dance=dances.BY_SLUG["disco"],
            shape=formats.BY_SLUG["tall"],
            idempotency_key=form.key,
            now=now,
        )
        video.fail("moderated", now)
        browsers.pages[form] = video.get_absolute_url()


def add_photo(owner: Owner) -> None:
    """Add a photo of the owner that the worker has to cut out."""
    from accounts.models import User
    from tests.videos.conftest import photo_of

    photo_of(User.objects.get(pk=owner.pk))
