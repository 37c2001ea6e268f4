"""HTML for the admin pages of videos and photos."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.admin_html import link, table
from videos.models import Photo, Video


def thumbnail_of(photo: Photo) -> SafeString | str:
    if photo.deleted_at:
        return _("The photo has been deleted.")
    url = reverse("admin:videos_photo_thumbnail", args=[photo.pk])
    return format_html('<img src="{}" alt="{}">', url, _("The photo"))


def photo_with_head(photo: Photo) -> SafeString | str:
    """Return the thumbnail with the oval around the head, if there is one."""
    head = photo.oval
    if photo.deleted_at or head is None:
        return thumbnail_of(photo)
    longer = max(photo.width, photo.height)
    x, y = round(head.x * photo.width), round(head.y * photo.height)
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<image href="{}" width="{}" height="{}"/>'
        '<ellipse class="head-oval" cx="{}" cy="{}" rx="{}" ry="{}" transform="rotate({} {} {})"/></svg>',
        *(photo.width, photo.height, _("The photo, with an oval around the head")),
        reverse("admin:videos_photo_thumbnail", args=[photo.pk]),
        *(photo.width, photo.height),
        *(x, y, round(head.rx * longer), round(head.ry * longer)),
        *(head.tilt, x, y),
    )


def list_thumbnail_of(photo: Photo) -> SafeString | str:
    """Return the photo's thumbnail in the size for a list."""
    if photo.deleted_at:
        return "-"
    url = reverse("admin:videos_photo_thumbnail", args=[photo.pk])
    return format_html('<img class="list-thumbnail" src="{}" alt="{}" loading="lazy">', url, photo)


def latest_videos_table(videos: QuerySet[Video]) -> SafeString:
    """Return a table of the latest thirty videos, with links."""
    rows = (
        (
            f"{video.created_at:%Y-%m-%d %H:%M}",
            link("videos_video", video.pk, video.label),
            video.get_status_display(),
            video.error_code,
        )
        for video in videos.order_by("-created_at")[:30]
    )
    return table((_("when"), _("dance"), _("status"), _("error")), rows)
