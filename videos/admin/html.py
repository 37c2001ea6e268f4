"""HTML for the admin pages: links, images and tables."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from videos.models import Photo, Video


def link(model: str, pk: object, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(f"admin:{model}_change", args=[pk]), text)


def thumbnail_of(photo: Photo) -> SafeString | str:
    if photo.deleted_at:
        return "The photo has been deleted."
    return format_html('<img src="{}" alt="The photo">', reverse("admin:videos_photo_thumbnail", args=[photo.pk]))


def list_thumbnail_of(photo: Photo) -> SafeString | str:
    """Return the photo's thumbnail in the size for a list."""
    if photo.deleted_at:
        return "-"
    url = reverse("admin:videos_photo_thumbnail", args=[photo.pk])
    return format_html('<img class="list-thumbnail" src="{}" alt="" loading="lazy">', url)


def short_email(email: str) -> SafeString:
    """Return an e-mail address that is truncated by CSS; its title shows it in full."""
    return format_html('<span class="address" title="{}">{}</span>', email, email)


def table(heads: tuple[str, ...], rows: Any) -> SafeString:
    head = format_html_join("", "<th>{}", ((name,) for name in heads))
    body = format_html_join(
        "", "<tr>{}", ((format_html_join("", "<td>{}", ((cell,) for cell in row)),) for row in rows)
    )
    return format_html('<table class="detail-table"><thead><tr>{}<tbody>{}</table>', head, body)


def latest_videos_table(videos: QuerySet[Video]) -> SafeString:
    """Return a table of the latest thirty videos, with links."""
    rows = (
        (
            f"{video.created_at:%Y-%m-%d %H:%M}",
            link("videos_video", video.pk, video.title),
            video.get_status_display(),
            video.error_code,
        )
        for video in videos.order_by("-created_at")[:30]
    )
    return table(("when", "dance", "status", "error"), rows)
