"""Limits for each owner, guest and IP address: uploads, videos, previews and storage."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db.models import OuterRef, Subquery, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.throttling import HOUR, MINUTE, RateLimit, RateLimitResult, humanize_seconds
from videos.models import Guest, Photo, Video

REPORTS_PER_HOUR_PER_IP = 10


class LimitExceeded(Exception):
    """A limit was exceeded; nothing was spent. The message says which one, ``result`` when to try again."""

    def __init__(self, reason: str, result: RateLimitResult) -> None:
        super().__init__(reason)
        self.result = result

    @property
    def sentence(self) -> str:
        words = {"reason": self, "time": humanize_seconds(self.result.reset_after)}
        return _("%(reason)s Try again in %(time)s.") % words


class StorageQuotaExceeded(Exception):
    """There is no room for another photo of this owner or guest. The message says what to do."""


def count(name: str, limit: int, key: object, reason: str) -> None:
    """Count a hit of an hourly limit. Raises LimitExceeded."""
    result = RateLimit(name, limit, HOUR).hit(key)
    if not result.allowed:
        raise LimitExceeded(reason, result)


def count_guest_upload(guest: Guest, address: str) -> None:
    """Count a guest's upload before reading its content. Raises LimitExceeded or StorageQuotaExceeded.

    The rates are counted in the cache. What is kept is counted in the database, so that this holds for a guest without
    a cookie, and without the cache. Concurrent uploads may exceed the limits of an address and of all guests by a few.
    """
    count("guest-uploads", settings.GUEST_UPLOADS_PER_HOUR, guest.pk, _("Too many photos this hour."))
    busy_network = _("Too many photos from your network.")
    count("guest-uploads-per-ip", settings.GUEST_UPLOADS_PER_HOUR_PER_IP, address, busy_network)
    photos = Photo.objects.of_guests()
    if photos.filter(guest=guest).count() >= settings.GUEST_PHOTOS:
        raise StorageQuotaExceeded(too_many_photos())
    waiting, kept = photos.filter(due_at__isnull=False).count(), photos.filter(guest__address=guest.address).count()
    if waiting >= settings.MAX_WAITING_GUEST_PHOTOS:
        raise LimitExceeded(_("We're busy right now."), RateLimitResult(False, waiting, 0, 5 * MINUTE))
    if kept >= settings.GUEST_PHOTOS_PER_IP:
        raise LimitExceeded(busy_network, RateLimitResult(False, kept, 0, HOUR))
    if (photos.aggregate(total=Sum("size"))["total"] or 0) >= settings.GUEST_STORAGE_MB * 1024**2:
        raise LimitExceeded(_("We're busy right now."), RateLimitResult(False, 0, 0, HOUR))


def kept_for() -> str:
    """Return how long a guest's photo is kept, such as ``24 hours``."""
    return humanize_seconds(int(settings.GUEST_PHOTO_LIFETIME.total_seconds()))


def too_many_photos() -> str:
    """Return the sentence for a guest who has the maximum number of photos."""
    text = ngettext(
        "You can try %(count)d photo without an account. Delete one, or create a free account to keep going.",
        "You can try %(count)d photos without an account. Delete one, or create a free account to keep going.",
        settings.GUEST_PHOTOS,
    )
    return text % {"count": settings.GUEST_PHOTOS}


def count_upload(user: User, address: str) -> None:
    """Count an upload before reading its content. Raises LimitExceeded or StorageQuotaExceeded."""
    limit = settings.UPLOADS_PER_HOUR
    result = RateLimit("uploads", limit, HOUR).hit(user.pk)
    if not result.allowed:
        text = ngettext(
            "You've reached the limit of %(count)d photo an hour.",
            "You've reached the limit of %(count)d photos an hour.",
            limit,
        )
        raise LimitExceeded(text % {"count": limit}, result)
    result = RateLimit("uploads-per-ip", settings.UPLOADS_PER_HOUR_PER_IP, HOUR).hit(address)
    if not result.allowed:
        raise LimitExceeded(_("Too many photos were uploaded from your network."), result)
    if stored_bytes(user) >= settings.STORAGE_MB * 1024**2:
        raise StorageQuotaExceeded(
            _("Your photos and videos fill your %(size)s MB of storage. Delete some, then upload this photo again.")
            % {"size": number_format(settings.STORAGE_MB, force_grouping=True)}
        )


def count_report(address: str) -> None:
    """Count a report about a shared video. Raises LimitExceeded."""
    count("reports-per-ip", REPORTS_PER_HOUR_PER_IP, address, _("Too many reports from your network."))


def stored_bytes(user: User) -> int:
    """Return the size of an owner's photos and videos in bytes.

    Cut-outs, stickers, previews and exports do not count: we create them, and the number of photos and dances bounds
    them. Deleted videos free their space immediately, though they can be restored for a while.
    """
    sums = [
        Subquery(kept.filter(user=OuterRef("pk")).values("user").values(total=Sum("size")))
        for kept in (Photo.objects.filter(deleted_at=None), Video.objects.kept())
    ]
    photos, videos = User.objects.values_list(*sums).get(pk=user.pk)
    return (photos or 0) + (videos or 0)


def count_video(user: User, address: str, idempotency_key: uuid.UUID) -> None:
    """Count a request for a video, unless its idempotency key is known. Raises LimitExceeded."""
    if Video.objects.filter(user=user, idempotency_key=idempotency_key).exists():
        return
    check_unfinished(user)
    result = RateLimit("videos-per-ip", settings.VIDEOS_PER_HOUR_PER_IP, HOUR).hit(address)
    if not result.allowed:
        raise LimitExceeded(_("Too many videos were requested from your network. Nothing was charged."), result)


def count_preview(visitor: User | Guest, address: str, kind: str) -> None:
    """Count a preview, an export or a toggle, each of which costs the worker a rendering. Raises LimitExceeded."""
    if isinstance(visitor, Guest):
        count(kind, settings.GUEST_PREVIEWS_PER_HOUR, visitor.pk, _("Too many tries this hour."))
        busy_network = _("Too many tries from your network.")
        count(f"guest-{kind}-per-ip", settings.GUEST_PREVIEWS_PER_HOUR_PER_IP, address, busy_network)
        return
    limit = settings.PREVIEWS_PER_HOUR
    text = ngettext(
        "You've reached the limit of %(count)d try an hour.",
        "You've reached the limit of %(count)d tries an hour.",
        limit,
    )
    count(kind, limit, visitor.pk, text % {"count": limit})


def check_unfinished(user: User) -> None:
    """Raise LimitExceeded if the owner has the maximum number of unfinished videos."""
    limit = settings.MAX_UNFINISHED_VIDEOS
    if Video.objects.unfinished().filter(user=user).count() < limit:
        return
    seconds = max(1, round(Video.objects.typical_duration(settings.VIDEO_PROVIDER).total_seconds()))
    text = ngettext(
        "You've reached the limit of %(count)d video in progress. Nothing was charged.",
        "You've reached the limit of %(count)d videos in progress. Nothing was charged.",
        limit,
    )
    raise LimitExceeded(text % {"count": limit}, RateLimitResult(False, limit, 0, seconds))
