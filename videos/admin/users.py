"""The admin of users: adds dances, moderation strikes and suspension."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import PERMISSION_FIELDS
from accounts.models import User
from accounts.security_log import record
from credits.admin.users import OwnerAdmin
from videos import clock
from videos.admin.html import latest_videos_table
from videos.models import Video

admin.site.unregister(User)


class UserList(ChangeList):
    """A page of users with the number of videos of each, counted for this page alone."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        videos = Video.objects.filter(user__in=[user.pk for user in self.result_list]).order_by()
        counts = dict(videos.values_list("user").annotate(count=Count("pk")))
        for user in self.result_list:
            user.video_count = counts.get(user.pk, 0)


@admin.register(User)
class PetOwnerAdmin(OwnerAdmin):
    """Extend the user admin of ``credits`` with dances, moderation strikes and suspension."""

    list_display = (*OwnerAdmin.list_display[:2], "dance_count", *OwnerAdmin.list_display[2:])
    fieldsets = (
        *OwnerAdmin.fieldsets,
        (_("Dances"), {"fields": ("moderation_strikes", "dances")}),
        (_("Staff permissions"), {"fields": PERMISSION_FIELDS, "classes": ("collapse",)}),
    )
    readonly_fields = (*OwnerAdmin.readonly_fields, "moderation_strikes", "dances")
    actions = ["suspend", "unsuspend"]

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return UserList

    @admin.display(description=_("dances"))
    def dance_count(self, user: Any) -> int:
        return user.video_count

    @admin.display(description=_("moderation strikes"))
    def moderation_strikes(self, user: User) -> str:
        now = clock.now()
        count = Video.objects.moderation_strikes(user, now)
        limited = count >= settings.MODERATION_STRIKES
        text = ngettext(
            "%(count)d rejected photo in the last day", "%(count)d rejected photos in the last day", count
        ) % {"count": count}
        if limited:
            return gettext("%(text)s; the embedded studio renders new videos") % {"text": text}
        return text

    @admin.display(description=_("latest dances"))
    def dances(self, user: User) -> SafeString:
        return latest_videos_table(Video.objects.filter(user=user))

    @admin.action(description=_("Suspend: block login, sessions and tokens"), permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            if user.pk == request.user.pk:
                messages.warning(request, gettext("You can't suspend yourself."))
            elif not self.has_change_permission(request, user):
                text = gettext("Only a superuser can suspend a superuser. %(email)s was not changed.")
                messages.warning(request, text % {"email": user.email})
            elif user.suspend():
                self.log_change(request, user, "Suspended")
                record("staff_suspended_user", request, target=user.pk)
                text = gettext("%(email)s is suspended. Videos in progress continue or are refunded.")
                messages.success(request, text % {"email": user.email})

    @admin.action(description=_("Unsuspend: restore access"), permissions=["change"])
    def unsuspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            if self.has_change_permission(request, user) and user.unsuspend():
                self.log_change(request, user, "Unsuspended")
                record("staff_unsuspended_user", request, target=user.pk)
                messages.success(request, gettext("%(email)s can log in again.") % {"email": user.email})
