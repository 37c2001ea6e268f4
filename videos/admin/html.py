"""Small pieces of the pages of staff: links, pictures, tables."""

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
        return "The photo was deleted."
    return format_html('<img src="{}" alt="The photo">', reverse("admin:videos_photo_thumbnail", args=[photo.pk]))


def list_thumbnail_of(photo: Photo) -> SafeString | str:
    """The photo, small enough for a list."""
    if photo.deleted_at:
        return "-"
    address = reverse("admin:videos_photo_thumbnail", args=[photo.pk])
    return format_html('<img class="list-thumbnail" src="{}" alt="" loading="lazy">', address)


def short_email(email: str) -> SafeString:
    """An address that leaves room for the other columns; the whole of it is told on pointing."""
    return format_html('<span class="address" title="{}">{}</span>', email, email)


def table(heads: tuple[str, ...], rows: Any) -> SafeString:
    head = format_html_join("", "<th>{}", ((name,) for name in heads))
    body = format_html_join(
        "", "<tr>{}", ((format_html_join("", "<td>{}", ((cell,) for cell in row)),) for row in rows)
    )
    return format_html('<table class="detail-table"><thead><tr>{}<tbody>{}</table>', head, body)


def latest_videos_table(videos: QuerySet[Video]) -> SafeString:
    """The latest thirty, each with a link."""
    rows = (
        (f"{v.created_at:%Y-%m-%d %H:%M}", link("videos_video", v.pk, v.title), v.get_status_display(), v.error_code)
        for v in videos.order_by("-created_at")[:30]
    )
    return table(("when", "dance", "status", "error"), rows)
