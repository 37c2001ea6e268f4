"""The admin of photos, read-only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_html import link, short_email
from videos.admin.filters import AgeFilter, HeadFilter, StyleFilter
from videos.admin.html import latest_videos_table, list_thumbnail_of, photo_with_head
from videos.admin.searching import SEARCH_HELP, search_pets
from videos.admin.takedowns import TakedownAdmin
from videos.models import Photo, Takedown, Video
from videos.models.choices import STYLES
from videos.operations.takedowns import check_can_take_down_photo, take_down_photo
from videos.responses import serve_head_sticker, serve_thumbnail


@admin.register(Photo)
class PhotoAdmin(TakedownAdmin):
    takedown_label = _("Delete photo")
    list_display = ["list_thumbnail", "created_at", "person", "dimensions", "prepared", "deleted_at"]
    list_display_links = ["list_thumbnail", "created_at"]
    list_filter = [AgeFilter, HeadFilter, StyleFilter]
    list_select_related = ["user"]
    list_per_page = 50
    view_on_site = False

    search_fields = ["id", "user__email", "pet_name"]
    search_help_text = SEARCH_HELP
    ordering = ["-created_at"]
    sortable_by = ["created_at"]
    fieldsets = [
        (None, {"fields": ["media_preview", "owner", "pet_name", "dimensions", "created_at", "deleted_at", "cutout"]}),
        (_("Head"), {"fields": ["head_state", "head_source", "certainty", "head_alone", "fur"]}),
        (_("Style"), {"fields": ["next_style", ("style", "body")]}),
        (_("Analysis"), {"fields": ["quality_notes", "removed_metadata", "cutout_info", "due_at", "attempts"]}),
        (_("Dances"), {"fields": ["dances"]}),
    ]

    def search(self, request: HttpRequest, queryset: QuerySet[Photo], term: str) -> QuerySet[Photo]:
        return search_pets(request, queryset, term)

    @admin.display(description=_("the photo"))
    def media_preview(self, photo: Photo) -> SafeString:
        return format_html('<div class="media-preview">{}</div>', photo_with_head(photo))

    @admin.display(description=_("state"))
    def head_state(self, photo: Photo) -> str:
        return photo.head_status

    @admin.display(description=_("next video"))
    def next_style(self, photo: Photo) -> str:
        return str(dict(STYLES)[photo.dance_style.value])

    @admin.display(description=_("certainty"))
    def certainty(self, photo: Photo) -> str:
        return "-" if photo.head_confidence is None else f"{photo.head_confidence:.0%}"

    @admin.display(description=_("head cutout"))
    def head_alone(self, photo: Photo) -> SafeString | str:
        if not photo.head_sticker:
            return "-"
        url = reverse("admin:videos_photo_head", args=[photo.pk])
        return format_html('<img class="head-sticker" src="{}" alt="{}">', url, gettext("The head"))

    @admin.display(description=_("owner"))
    def owner(self, photo: Photo) -> SafeString | str:
        return link("accounts_user", photo.user_id, photo.user.email) if photo.user else gettext("Guest")

    @admin.display(description=_("photo"))
    def list_thumbnail(self, photo: Photo) -> SafeString | str:
        return list_thumbnail_of(photo)

    @admin.display(description=_("owner"))
    def person(self, photo: Photo) -> SafeString | str:
        return short_email(photo.user.email) if photo.user else gettext("Guest")

    @admin.display(description=_("size"))
    def dimensions(self, photo: Photo) -> str:
        return f"{photo.width} × {photo.height} px, {filesizeformat(photo.size)}"

    @admin.display(description=_("prepared"), boolean=True)
    def prepared(self, photo: Photo) -> bool:
        return photo.due_at is None

    @admin.display(description=_("dances"))
    def dances(self, photo: Photo) -> SafeString:
        return latest_videos_table(Video.objects.filter(photo=photo))

    def check_can_take_down(self, subject: Photo) -> None:
        check_can_take_down_photo(subject)

    def take_down(self, subject: Photo) -> Callable[..., Takedown]:
        return take_down_photo

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        photo = self.get_object(request, unquote(object_id))
        context = {"takedown_url": self.takedown_url(request, photo), "takedown_label": self.takedown_label}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        thumbnail = path(
            "<uuid:pk>/thumbnail.webp", self.admin_site.admin_view(self.thumbnail), name="videos_photo_thumbnail"
        )
        head = path("<uuid:pk>/head.webp", self.admin_site.admin_view(self.head_sticker), name="videos_photo_head")
        return [thumbnail, head, *super().get_urls()]

    def thumbnail(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return serve_thumbnail(request, get_object_or_404(Photo, pk=pk, deleted_at=None))

    def head_sticker(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        with_head = Photo.objects.filter(deleted_at=None).exclude(head_sticker="")
        return serve_head_sticker(request, get_object_or_404(with_head, pk=pk))
