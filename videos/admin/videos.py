"""The admin of videos: all details of a video, and buttons to retry, refund or cancel it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from accounts.admin import ReadOnlyAdmin, staff_user
from accounts.admin_html import link, short_email, table
from accounts.models import User
from credits.models import Entry
from videos.admin.filters import AgeFilter, ErrorFilter, ProviderFilter, StateFilter
from videos.admin.html import list_thumbnail_of, thumbnail_of
from videos.models import ProviderStatus, ProviderUnavailable, Status, Step, Video
from videos.operations import actions as operations_actions
from videos.operations.replies import reply_for
from videos.responses import serve_poster, serve_video


def retry(video: Video, by: User) -> str:
    if new_video := operations_actions.retry_of(video):
        raise operations_actions.ActionNotAllowed(f"This video has already been retried: {new_video.pk}")
    new_video = operations_actions.retry(video, timezone.now(), by)
    return f"Retry queued, free of charge: {new_video.pk}"


def refund(video: Video, by: User) -> str:
    if operations_actions.refund(video, timezone.now(), by):
        return f"{video.price} credit{'s' if video.price > 1 else ''} refunded"
    raise operations_actions.ActionNotAllowed("This video has already been refunded.")


def cancel(video: Video, by: User) -> str:
    if operations_actions.cancel(video, timezone.now(), by):
        return "Cancelled and refunded"
    raise operations_actions.ActionNotAllowed("This video is already finished.")


# The events of a video's timeline.
STEP_LABELS = {
    Status.QUEUED: "requeued",
    Step.SUBMITTING: "counted and submitted to the provider",
    Step.RENDERING: "rendering",
    Step.STORING: "rendered; adding music, checking and storing",
    Status.SUCCEEDED: "ready",
    Status.FAILED: "failed and refunded",
}
ACTIONS: dict[str, Callable[[Video, User], str]] = {"retry": retry, "refund": refund, "cancel": cancel}


@admin.register(Video)
class VideoAdmin(ReadOnlyAdmin):
    list_display = ["list_thumbnail", "requested_at", "person", "dance", "state", "provider"]
    list_display_links = ["list_thumbnail", "requested_at"]
    list_filter = [StateFilter, AgeFilter, "dance", ProviderFilter, ErrorFilter]
    list_select_related = ["user", "photo"]
    list_per_page = 50
    view_on_site = False

    search_fields = ["id__exact", "user__email", "provider_task_id"]
    ordering = ["-created_at"]
    show_full_result_count = False
    actions = ["retry_chosen", "refund_chosen", "cancel_chosen"]
    fieldsets = [
        (None, {"fields": ["media_preview", "reply", "owner", "picture", "dance", "format", "seconds", "price"]}),
        ("Progress", {"fields": ["status", "step", "timeline", "promised_by", "error_code", "error_message"]}),
        (
            "Provider",
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
        ("Request", {"fields": ["prompt", "prompt_source", "seed", ("focus_x", "focus_y", "cutout")]}),
        ("Credits", {"fields": ["entries"]}),
    ]

    @admin.display(description="")
    def list_thumbnail(self, video: Video) -> SafeString | str:
        """Return the poster, or the photo while there is no video."""
        if video.status == Status.SUCCEEDED and not video.deleted_at:
            poster = reverse("admin:videos_video_poster", args=[video.pk])
            return format_html('<img class="list-thumbnail" src="{}" alt="" loading="lazy">', poster)
        return list_thumbnail_of(video.photo)

    @admin.display(description="requested", ordering="created_at")
    def requested_at(self, video: Video) -> str:
        return f"{video.created_at:%-d %b %H:%M}"

    @admin.display(description="owner", ordering="user__email")
    def person(self, video: Video) -> SafeString:
        return short_email(video.user.email)

    @admin.display(description="state", ordering="status")
    def state(self, video: Video) -> str:
        """Return the status with the current step and promised time, or with the error code."""
        detail = video.error_code or (video.step and f"{video.get_step_display().lower()} {video.progress:.0%}")
        text = f"{video.get_status_display()}: {detail}" if detail else video.get_status_display()
        return f"{text}, promised by {video.promised_by:%H:%M}" if video.is_unfinished else text

    @admin.display(description="the video")
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

    @admin.display(description="reply to the owner")
    def reply(self, video: Video) -> SafeString:
        return format_html('<p class="reply">{}</p>', reply_for(video, timezone.now()))

    @admin.display(description="owner")
    def owner(self, video: Video) -> SafeString:
        return link("accounts_user", video.user_id, video.user.email)

    @admin.display(description="photo")
    def picture(self, video: Video) -> SafeString:
        return link("videos_photo", video.photo_id, str(video.photo))

    @admin.display(description="timeline")
    def timeline(self, video: Video) -> SafeString:
        """Return a table of the video's events and staff actions in chronological order."""
        rows: list[tuple[datetime | None, str, str]] = [(video.created_at, "requested and charged", "")]
        rows += [(datetime.fromisoformat(at), STEP_LABELS.get(step, step), "") for step, at in video.step_history[:-1]]
        rows += [
            (datetime.fromisoformat(at), STEP_LABELS.get(step, step), video.provider_failure)
            for step, at in video.step_history[-1:]
        ]
        rows += [(video.deleted_at, "deleted by its owner", "")]
        log_entries = LogEntry.objects.filter(content_type__model="video", object_id=str(video.pk))
        rows += [
            (entry.action_time, entry.get_change_message(), str(entry.user))
            for entry in log_entries.select_related("user")
        ]
        if video.is_unfinished:
            rows += [(timezone.now(), f"now {video.progress:.0%}", f"attempt {video.attempts}")]
        events: list[tuple[datetime, str, str]] = sorted((at, event, detail) for at, event, detail in rows if at)
        start = video.created_at
        cells = ((f"{at:%Y-%m-%d %H:%M:%S}", f"+{(at - start).total_seconds():.0f} s", *rest) for at, *rest in events)
        return table(("when (UTC)", "after", "event", "details"), cells)

    @admin.display(description="cost")
    def cost(self, video: Video) -> str:
        return "-" if video.provider_cost is None else f"{video.provider_cost} provider credits"

    @admin.display(description="entries")
    def entries(self, video: Video) -> SafeString:
        references = Q(reference__startswith=f"{video.ledger_subject}:") | Q(
            reference__in=(f"grant:retry:{video.pk}", f"grant:compensation:{video.pk}")
        )
        cells = (
            (
                f"{entry.created_at:%Y-%m-%d %H:%M:%S}",
                f"{entry.amount:+d}",
                entry.kind,
                entry.reason,
                entry.by or "system",
            )
            for entry in Entry.objects.filter(references).select_related("by").order_by("id")
        )
        return table(("when", "credits", "kind", "reason", "by"), cells)

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Return whether this staff user may act on videos. Nobody may edit the rows themselves."""
        return request.user.has_perm("videos.change_video")

    @admin.action(description=operations_actions.ACTION_LABELS["retry"], permissions=["act"])
    def retry_chosen(self, request: HttpRequest, queryset: QuerySet[Video]) -> HttpResponse | None:
        return self.act_on_all(request, queryset, "retry")

    @admin.action(description=operations_actions.ACTION_LABELS["refund"], permissions=["act"])
    def refund_chosen(self, request: HttpRequest, queryset: QuerySet[Video]) -> HttpResponse | None:
        return self.act_on_all(request, queryset, "refund")

    @admin.action(description=operations_actions.ACTION_LABELS["cancel"], permissions=["act"])
    def cancel_chosen(self, request: HttpRequest, queryset: QuerySet[Video]) -> HttpResponse | None:
        return self.act_on_all(request, queryset, "cancel")

    def act_on_all(self, request: HttpRequest, queryset: QuerySet[Video], verb: str) -> HttpResponse | None:
        """Ask for confirmation, then act on each chosen video."""
        chosen = queryset.select_related("photo", "user").order_by("created_at")
        if "confirmed" not in request.POST:
            context = self.admin_site.each_context(request) | {
                "title": f"{operations_actions.ACTION_LABELS[verb]}?",
                "chosen": chosen,
                "action": f"{verb}_chosen",
                "opts": self.opts,
            }
            return render(request, "admin/videos/video/confirm_action.html", context)
        for video in chosen:
            self.act_on(request, video, verb)
        return None

    def act_on(self, request: HttpRequest, video: Video, verb: str) -> None:
        """Perform the action, log it with the staff user, and show the result as a message."""
        try:
            with transaction.atomic():
                # Of two simultaneous clicks, the second waits here and then sees the result of the first.
                video = Video.objects.select_for_update(of=("self",)).select_related("photo", "user").get(pk=video.pk)
                done = ACTIONS[verb](video, staff_user(request))
                self.log_change(request, video, done)
        except (operations_actions.ActionNotAllowed, ProviderUnavailable) as error:
            message = str(error) or "The provider is unavailable. Retry this video later."
            messages.warning(request, f"{video.title} of {video.created_at:%Y-%m-%d %H:%M}: {message}")
            return
        messages.success(request, f"{video.title} of {video.created_at:%Y-%m-%d %H:%M}: {done}.")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/do/<slug:verb>/", view(require_POST(self.act)), name="videos_video_act"),
            path("<uuid:pk>/dance.mp4", view(self.file), name="videos_video_file"),
            path("<uuid:pk>/poster.jpg", view(self.poster), name="videos_video_poster"),
            *super().get_urls(),
        ]

    def act(self, request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
        if verb not in ACTIONS or not self.has_act_permission(request):
            raise PermissionDenied
        self.act_on(request, get_object_or_404(Video.objects.select_related("photo", "user"), pk=pk), verb)
        return redirect("admin:videos_video_change", pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        can_act = self.has_act_permission(request)
        video = Video.objects.select_related("photo", "user").filter(pk=unquote(object_id)).first() if can_act else None
        context = {
            "video_actions": operations_actions.available_actions(video) if video else {},
            "video_id": unquote(object_id),
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
