"""The poll of a waiting page, every two or five seconds. One SELECT answers it when nothing has changed.

The URL contains a signed token: the video, its owner, fingerprints of the session and the password, and the version of
the card on the page. The session cookie must match the token. The SELECT checks that the session exists and has not
expired, the owner is active and the password is unchanged. Django's session and authentication middleware check the
same, at four times the cost.
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
from accounts.languages import follow_account
from videos.models import Video
from videos.progress import percent_at

# The queue position depends on other videos, and an estimate on the clock. Neither is part of the version, so the card
# is redrawn after this many seconds in any case.
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
    """The content of a token: the video, its owner and the version shown. ``at`` is in seconds since the epoch."""

    video: str
    user: str
    session: str
    password: str
    version: str
    at: str

    def is_stale(self, now: float) -> bool:
        return now - int(self.at) >= REDRAW_AFTER


def fingerprint(secret: str) -> str:
    """Return a hash that is long enough to distinguish random secrets."""
    return hashlib.blake2b(secret.encode(), digest_size=12).hexdigest()


def version_of(status: str, step: str, progress: float, waits: bool, sticker: bool) -> str:
    """Return a short key for what the card shows: the card changes exactly when the key does."""
    return f"{status}.{step}.{percent_at(progress)}.{waits:d}{sticker:d}"


def poll_url(request: AuthenticatedRequest, video: Video, route: str = "videos:poll") -> str:
    """Return the signed URL that the page of this request polls: the whole card, or another ``route``."""
    sticker = bool(video.photo.sticker) and video.photo.due_at is None
    version = version_of(video.status, video.step, video.progress, video.queued_at_provider, sticker)
    fingerprints = (fingerprint(request.session.session_key or ""), fingerprint(request.user.password))
    token = signer.sign(":".join((video.pk.hex, request.user.pk.hex, *fingerprints, version, str(int(time.time())))))
    return reverse(route, args=[video.pk, token])


def parse_token(token: str) -> PollToken | None:
    """Return the content of a token that we signed, else None."""
    try:
        return PollToken(*signer.unsign(token).split(":"))
    except (BadSignature, TypeError):
        return None


def fetch_row(session_key: str, pk: uuid.UUID, user: uuid.UUID) -> tuple | None:
    """Return the row of ``SELECT``, or None.

    Django's health check of the connection costs as much as the SELECT itself. It is skipped; a SELECT that finds the
    connection lost is sent once more over a new one.
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
    """Return whether the card has changed, or None if this request may not see it."""
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
    """Return the empty 204 response if the card has not changed, else None.

    Raises Http404 if this request may not see the video.
    """
    changed = has_changed(request, pk, token)
    if changed is None or (changed and not request.user.is_authenticated):
        raise Http404
    if not changed:
        return HttpResponse(status=204, headers={"Cache-Control": "private, no-store"})
    follow_account(request)
    return None
