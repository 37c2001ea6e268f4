"""The queue of reports about shared videos."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin import ReadOnlyAdmin, staff_user
from accounts.admin_base import as_uuid, users_matching
from accounts.admin_html import link, short_email
from videos import clock
from videos.admin.filters import FixedChoicesFilter
from videos.admin.videos import VideoAdmin
from videos.models import Concern, Outcome, Video, VideoReport


class OutcomeFilter(FixedChoicesFilter):
    title, parameter_name, field = gettext_lazy("outcome"), "state", "outcome"
    fixed_choices = tuple((value or "open", label) for value, label in Outcome.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        return queryset.unresolved() if self.value() == "open" else super().queryset(request, queryset)


class ConcernFilter(FixedChoicesFilter):
    title, parameter_name, field = gettext_lazy("reason"), "concern", "concern"
    fixed_choices = tuple(Concern.choices)


@admin.register(VideoReport)
class VideoReportAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "concern", "details", "video_link", "owner", "outcome"]
    list_filter = [OutcomeFilter, ConcernFilter]
    list_select_related = ["video__user", "video__photo"]
    list_per_page = 50
    search_fields = ["email"]
    search_help_text = gettext_lazy("A video ID, or the email address of its owner or of the visitor.")
    ordering = ["-created_at"]
    sortable_by = ["created_at"]
    actions = ["dismiss"]
    fieldsets = [
        (None, {"fields": ["video_link", "media_preview", "owner"]}),
        (
            gettext_lazy("Report"),
            {"fields": ["concern", "text", "email", "created_at", "outcome", "closed_at", "closed_by"]},
        ),
    ]

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Return whether this staff user may dismiss reports. Nobody may edit them."""
        return request.user.has_perm("videos.change_videoreport")

    def search(self, request: HttpRequest, queryset: QuerySet[VideoReport], term: str) -> QuerySet[VideoReport]:
        if pk := as_uuid(term):
            return queryset.filter(video=pk)
        return queryset.filter(Q(email__iexact=term) | Q(video__user__in=users_matching(request, term)))

    @admin.display(description=gettext_lazy("details"))
    def details(self, report: VideoReport) -> str:
        return Truncator(report.text).chars(80) or "-"

    @admin.display(description=gettext_lazy("video"))
    def video_link(self, report: VideoReport) -> SafeString:
        return link("videos_video", report.video_id, report.video.label)

    @admin.display(description=gettext_lazy("owner"))
    def owner(self, report: VideoReport) -> SafeString:
        return short_email(report.video.user.email)

    @admin.display(description=gettext_lazy("the video"))
    def media_preview(self, report: VideoReport) -> SafeString:
        return self.videos.media_preview(report.video)

    @property
    def videos(self) -> VideoAdmin:
        found: Any = self.admin_site.get_model_admin(Video)
        return found

    @admin.action(description=gettext_lazy("Dismiss: keep the video"), permissions=["act"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[VideoReport]) -> None:
        by, dismissed = staff_user(request), 0
        for report in queryset:
            if VideoReport.objects.filter(pk=report.pk).resolve(Outcome.DISMISSED, clock.now(), by):
                self.log_change(request, report, "Dismissed")
                dismissed += 1
        text = ngettext("%(count)d report dismissed.", "%(count)d reports dismissed.", dismissed)
        messages.success(request, text % {"count": dismissed})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        report = self.get_object(request, unquote(object_id))
        context = {
            "may_act": self.has_act_permission(request),
            "takedown_url": self.videos.takedown_url(request, report.video) if report else "",
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))
