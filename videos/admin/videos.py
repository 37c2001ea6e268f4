"""The admin of videos: all details of a video, and buttons to retry, refund or cancel it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.admin import ReadOnlyAdmin, staff_user
from accounts.admin_html import link, short_email
from videos import clock
from videos.admin.filters import AgeFilter, ErrorFilter, ProviderFilter, StateFilter, StyleFilter
from videos.admin.history import entries_table, exports_table, reports_table, timeline_table
from videos.admin.html import list_thumbnail_of, thumbnail_of
from videos.admin.searching import SEARCH_HELP, search_pets
from videos.admin.takedowns import TakedownAdmin
from videos.models import ProviderStatus, Status, Takedown, Video
from videos.operations.actions import ACTIONS, Action, ActionNotAllowed, available_actions
from videos.operations.replies import reply_for
from videos.operations.takedowns import check_can_take_down, take_down_video
from videos.responses import serve_poster, serve_video

# The most videos that an action of the list applies to. The confirmation page has a field for each, and Django refuses
# a form with more than 1,000 fields.
MAX_CHOSEN = 100


def changelist_action(action: Action) -> Callable[..., HttpResponse | None]:
    """Return the action of the list of videos, such as ``cancel_chosen``."""

    @admin.action(description=action.label, permissions=["act"])
    def perform_on_chosen(
        model_admin: VideoAdmin, request: HttpRequest, queryset: QuerySet[Video]
    ) -> HttpResponse | None:
        return model_admin.perform_many(request, queryset, action)

    perform_on_chosen.__name__ = f"{action.name}_chosen"
    return perform_on_chosen


@admin.register(Video)
class VideoAdmin(TakedownAdmin):
    list_display = ["list_thumbnail", "requested_at", "person", "dance", "state", "provider"]
    list_display_links = ["list_thumbnail", "requested_at"]
    list_filter = [StateFilter, AgeFilter, "dance", StyleFilter, ProviderFilter, ErrorFilter]
    list_per_page = 50
    view_on_site = False

    search_fields = ["id", "user__email", "pet_name", "provider_task_id"]
    search_help_text = SEARCH_HELP
    ordering = ["-created_at"]
    sortable_by = ["requested_at"]
    actions = [changelist_action(action) for action in ACTIONS.values()]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "media_preview",
                    "reply",
                    "owner",
                    "picture",
                    "dance",
                    "pet_name",
                    ("style", "body"),
                    "format",
                    "seconds",
                    "price",
                ]
            },
        ),
        (_("Progress"), {"fields": ["status", "step", "timeline", "promised_by", "error_code", "error_message"]}),
        (
            _("Provider"),
            {
                "fields": [
                    ("provider", "fallback_reason"),
                    "provider_model",
                    "provider_task_id",
                    "previous_task_ids",
                    ("submissions", "attempts", "claim"),
                    "due_at",
                    "provider_failure",
                    "cost",
                ]
            },
        ),
        (_("Request"), {"fields": ["prompt", "prompt_source", "seed", ("focus_x", "focus_y", "cutout")]}),
        (_("Credits"), {"fields": ["entries"]}),
        (_("Exports"), {"fields": ["exports"]}),
        (_("Reports"), {"fields": ["reports"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Video]:
        return super().get_queryset(request).select_related("photo", "user")

    def search(self, request: HttpRequest, queryset: QuerySet[Video], term: str) -> QuerySet[Video]:
        return search_pets(request, queryset, term, task=True)

    @admin.display(description=_("video"))
    def list_thumbnail(self, video: Video) -> SafeString | str:
        """Return the poster, or the photo while there is no video."""
        if video.status == Status.SUCCEEDED and not video.deleted_at:
            poster = reverse("admin:videos_video_poster", args=[video.pk])
            return format_html('<img class="list-thumbnail" src="{}" alt="{}" loading="lazy">', poster, video.label)
        return list_thumbnail_of(video.photo)

    @admin.display(description=_("requested"), ordering="created_at")
    def requested_at(self, video: Video) -> str:
        # Translators: a short date without the year, in the letters of Django's "date" filter.
        day = date_format(video.created_at, gettext("M j"))
        return f"{day} {video.created_at:%H:%M}"

    @admin.display(description=_("owner"))
    def person(self, video: Video) -> SafeString:
        return short_email(video.user.email)

    @admin.display(description=_("state"))
    def state(self, video: Video) -> str:
        """Return the status with the current step and promised time, or with the error code."""
        detail = video.error_code or (video.step and f"{video.get_step_display().lower()} {video.progress:.0%}")
        text = f"{video.get_status_display()}: {detail}" if detail else video.get_status_display()
        if not video.is_unfinished:
            return text
        return gettext("%(state)s, promised by %(time)s") % {"state": text, "time": f"{video.promised_by:%H:%M}"}

    @admin.display(description=_("the video"))
    def media_preview(self, video: Video) -> SafeString:
        """Return a video player, or the photo while there is no video."""
        if video.status != Status.SUCCEEDED or video.deleted_at:
            return format_html('<div class="media-preview">{}</div>', thumbnail_of(video.photo))
        file, poster = (reverse(f"admin:videos_video_{part}", args=[video.pk]) for part in ("file", "poster"))
        return format_html(
            '<div class="media-preview"><video src="{}" poster="{}" controls loop preload="none"></video></div>',
            file,
            poster,
        )

    @admin.display(description=_("reply to the owner"))
    def reply(self, video: Video) -> SafeString:
        return format_html('<p class="reply">{}</p>', reply_for(video, clock.now()))

    @admin.display(description=_("owner"))
    def owner(self, video: Video) -> SafeString:
        return link("accounts_user", video.user_id, video.user.email)

    @admin.display(description=_("photo"))
    def picture(self, video: Video) -> SafeString:
        return link("videos_photo", video.photo_id, str(video.photo))

    @admin.display(description=_("timeline"))
    def timeline(self, video: Video) -> SafeString:
        return timeline_table(video, clock.now())

    @admin.display(description=_("cost"))
    def cost(self, video: Video) -> str:
        cost = video.provider_cost
        if cost is None:
            return "-"
        return ngettext("%(count)d provider credit", "%(count)d provider credits", cost) % {"count": cost}

    @admin.display(description=_("entries"))
    def entries(self, video: Video) -> SafeString:
        return entries_table(video)

    def check_can_take_down(self, subject: Video) -> None:
        check_can_take_down(subject)

    def take_down(self, subject: Video) -> Callable[..., Takedown]:
        return take_down_video

    @admin.display(description=_("files"))
    def exports(self, video: Video) -> SafeString:
        return exports_table(video)

    @admin.display(description=_("reports"))
    def reports(self, video: Video) -> SafeString:
        return reports_table(video)

    def perform_many(self, request: HttpRequest, queryset: QuerySet[Video], action: Action) -> HttpResponse | None:
        """Ask for confirmation, then perform the action on each video. Refuse more than MAX_CHOSEN."""
        if (count := queryset.count()) > MAX_CHOSEN:
            text = gettext("Select at most %(most)d videos at once. None of the %(count)d was changed.")
            messages.error(request, text % {"most": MAX_CHOSEN, "count": count})
            return None
        chosen = queryset.order_by("created_at")
        if "confirmed" not in request.POST:
            context = self.admin_site.each_context(request) | {
                "title": f"{action.label}?",
                "chosen": chosen,
                "action": action,
                "opts": self.opts,
            }
            return render(request, "admin/videos/video/confirm_action.html", context)
        for video in chosen:
            self.perform_one(request, video, action)
        return None

    def perform_one(self, request: HttpRequest, video: Video, action: Action) -> None:
        """Perform the action, log it with the staff user, and show the result as a message."""
        words = {"video": video.label, "time": f"{video.created_at:%Y-%m-%d %H:%M}"}
        title = gettext("%(video)s from %(time)s") % words
        try:
            with transaction.atomic():
                result = action.perform(video.pk, clock.now(), staff_user(request))
                done = capfirst(str(result))
                # The log is in English, whatever language the member of staff reads.
                with override(None):
                    self.log_change(request, video, capfirst(str(result)))
        except ActionNotAllowed as error:
            messages.warning(request, f"{title}: {error}")
            return
        messages.success(request, f"{title}: {done}.")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/do/<slug:verb>/", view(require_POST(self.action_view)), name="videos_video_act"),
            path("<uuid:pk>/dance.mp4", view(self.file), name="videos_video_file"),
            path("<uuid:pk>/poster.jpg", view(self.poster), name="videos_video_poster"),
            *super().get_urls(),
        ]

    def action_view(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        action = ACTIONS.get(verb)
        if not action or not self.has_act_permission(request):
            raise PermissionDenied
        self.perform_one(request, get_object_or_404(self.get_queryset(request), pk=pk), action)
        return redirect("admin:videos_video_change", pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # Unlike a filter, get_object() returns None for an id that is no UUID.
        video = self.get_object(request, unquote(object_id)) if self.has_act_permission(request) else None
        context = {
            "video_actions": available_actions(video) if video else [],
            "video_id": video.pk if video else None,
            "takedown_url": self.takedown_url(request, video),
            "takedown_label": self.takedown_label,
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def file(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        return serve_video(request, self.ready_video(request, pk))

    def poster(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        return serve_poster(request, self.ready_video(request, pk))

    def ready_video(self, request: HttpRequest, pk: Any) -> Video:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Video, pk=pk, status=Status.SUCCEEDED, deleted_at=None)


@admin.register(ProviderStatus)
class ProviderStatusAdmin(ReadOnlyAdmin):
    list_display = ["provider", "unavailable_since", "reason", "balance", "max_concurrent_tasks", "checked_at"]
