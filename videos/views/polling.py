"""The question of a page that waits, every two or five seconds: anything new? Answered by one SELECT when there is not.

The address carries a signed token: the video, its owner, the session and the password that the page was made for, and
the version that the page shows. The session's cookie must match it, and the SELECT asserts that the session lives, the
owner is active and the password unchanged. That is all that the ordinary way asks, at a quarter of its cost.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.http import AuthenticatedRequest
from videos.models import Video
from videos.progress import percent_at

# A place in line depends on others' videos, an estimate on the clock: after so many seconds the card is drawn anew all
# the same.
REDRAW_AFTER = 15

SELECT = """
    SELECT v.status, v.step, v.progress, v.queued_at_provider, p.sticker, p.due_at, u.password
    FROM videos_video v
    JOIN videos_photo p ON p.id = v.photo_id
    JOIN accounts_user u ON u.id = v.user_id
    JOIN django_session s ON s.session_key = %s
    WHERE v.id = %s AND v.user_id = %s AND v.deleted_at IS NULL AND u.is_active AND s.expire_date > %s
"""
signer = Signer(salt="videos.views.polling", sep="~")


@dataclass(frozen=True, slots=True)
class PollToken:
    """What a token says: the video, for whom, and what the page showed. ``at`` is in seconds of the epoch."""

    video: str
    user: str
    session: str
    password: str
    version: str
    at: str

    def is_stale(self, now: float) -> bool:
        return now - int(self.at) >= REDRAW_AFTER


def fingerprint(secret: str) -> str:
    """Enough of a hash to tell one random secret from another."""
    return hashlib.blake2b(secret.encode(), digest_size=12).hexdigest()


def version_of(status: str, step: str, progress: float, waits: bool, sticker: bool) -> str:
    """What the card shows of a video, in short: another version is another card."""
    return f"{status}.{step}.{percent_at(status, step, progress)}.{waits:d}{sticker:d}"


def poll_url(request: AuthenticatedRequest, video: Video, route: str = "videos:poll") -> str:
    """Where the page of this request asks whether its video has moved on: for the whole card, or for ``route``'s."""
    sticker = bool(video.photo.sticker) and video.photo.due_at is None
    version = version_of(video.status, video.step, video.progress, video.queued_at_provider, sticker)
    fingerprints = (fingerprint(request.session.session_key or ""), fingerprint(request.user.password))
    token = signer.sign(":".join((video.pk.hex, request.user.pk.hex, *fingerprints, version, str(int(time.time())))))
    return reverse(route, args=[video.pk, token])


def parse_token(token: str) -> PollToken | None:
    """What a token of ours says; None for any other."""
    try:
        return PollToken(*signer.unsign(token).split(":"))
    except (BadSignature, TypeError):
        return None


def fetch_row(session_key: str, pk: uuid.UUID, user: uuid.UUID) -> tuple | None:
    """The one row. Django would ask the server first whether it is there, which costs as much as the SELECT itself:
    here the SELECT finds out, and is sent once more over a new connection.
    """
    adapt = Video._meta.pk.get_db_prep_value
    parameters = [session_key, adapt(pk, connection), adapt(user, connection)]
    for is_last in (False, True):
        connection.health_check_done = True  # type: ignore[attr-defined]
        try:
            with connection.cursor() as cursor:
                cursor.execute(SELECT, [*parameters, connection.ops.adapt_datetimefield_value(timezone.now())])
                return cursor.fetchone()
        except (OperationalError, InterfaceError):
            if is_last or connection.in_atomic_block:
                raise
            connection.close()
    return None


def has_changed(request: HttpRequest, pk: uuid.UUID, token: str) -> bool | None:
    """Whether there is something new to show; None when this request has no right to know."""
    poll_token, session_key = parse_token(token), request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if poll_token is None or (poll_token.video, poll_token.session) != (pk.hex, fingerprint(session_key)):
        return None
    row = fetch_row(session_key, pk, uuid.UUID(poll_token.user))
    if row is None or fingerprint(row[-1]) != poll_token.password:
        return None
    status, step, progress, waits, sticker, due_at, _ = row
    version = version_of(status, step, progress, waits, bool(sticker) and due_at is None)
    return version != poll_token.version or poll_token.is_stale(time.time())


def unchanged_response(request: HttpRequest, pk: uuid.UUID, token: str) -> HttpResponse | None:
    """The empty answer when there is nothing new to show. Raises Http404 for those who have no right to know."""
    changed = has_changed(request, pk, token)
    if changed is None or (changed and not request.user.is_authenticated):
        raise Http404
    return None if changed else HttpResponse(status=204, headers={"Cache-Control": "private, no-store"})
