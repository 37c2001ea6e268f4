"""The admin of users: adds dances, moderation strikes and suspension."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import pluralize
from django.utils.safestring import SafeString

from accounts.admin import PERMISSION_FIELDS
from accounts.models import User
from credits.admin.users import OwnerAdmin
from videos import clock
from videos.admin.html import latest_videos_table
from videos.models import Video

admin.site.unregister(User)


@admin.register(User)
class PetOwnerAdmin(OwnerAdmin):
    """Extend the user admin of ``credits`` with dances, moderation strikes and suspension."""

    list_display = (*OwnerAdmin.list_display[:2], "dance_count", *OwnerAdmin.list_display[2:])
    fieldsets = (
        *OwnerAdmin.fieldsets,
        ("Dances", {"fields": ("moderation_strikes", "dances")}),
        ("Staff permissions", {"fields": PERMISSION_FIELDS, "classes": ("collapse",)}),
    )
    readonly_fields = (*OwnerAdmin.readonly_fields, "moderation_strikes", "dances")
    actions = ["suspend", "unsuspend"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).annotate(video_count=Count("videos"))

    @admin.display(description="dances", ordering="video_count")
    def dance_count(self, user: Any) -> int:
        return user.video_count

    @admin.display(description="moderation strikes")
    def moderation_strikes(self, user: User) -> str:
        now = clock.now()
        count = Video.objects.moderation_strikes(user, now)
        limited = Video.objects.is_moderation_limited(user, now)
        return f"{count} rejected photo{pluralize(count)} in the last day" + (
            "; the embedded studio renders new dances" if limited else ""
        )

    @admin.display(description="latest dances")
    def dances(self, user: User) -> SafeString:
        return latest_videos_table(Video.objects.filter(user=user))

    @admin.action(description="Suspend: block login, sessions and tokens", permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            if user.pk == request.user.pk:
                messages.warning(request, "You cannot suspend yourself.")
            elif not self.has_change_permission(request, user):
                messages.warning(request, f"Only a superuser can suspend a superuser. {user.email} was not changed.")
            elif user.suspend():
                self.log_change(request, user, "Suspended")
                messages.success(request, f"{user.email} is suspended. Videos in progress continue or are refunded.")

    @admin.action(description="Unsuspend: restore access", permissions=["change"])
    def unsuspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            if self.has_change_permission(request, user) and user.unsuspend():
                self.log_change(request, user, "Unsuspended")
                messages.success(request, f"{user.email} can log in again.")
