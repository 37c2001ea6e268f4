"""List filters of the admin."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from videos import clock
from videos.models import UNFINISHED_STATUSES, Status
from videos.models.choices import STYLES, ErrorCode
from videos.operations.stats import HEAD_STATES
from videos.providers.registry import LOCAL, REMOTE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DAY = timedelta(days=1)


class FixedChoicesFilter(admin.SimpleListFilter):
    """A filter with fixed choices, so that they need no query over 10,000 rows."""

    field = ""
    fixed_choices: tuple[tuple[str, StrOrPromise], ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return list(self.fixed_choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.field: self.value()}) if self.value() else queryset


class ErrorFilter(FixedChoicesFilter):
    title, parameter_name, field = _("error"), "error_code", "error_code"
    fixed_choices = tuple((code, code) for code in sorted(ErrorCode.values))


class ProviderFilter(FixedChoicesFilter):
    title, parameter_name, field = _("provider"), "provider", "provider"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return [(name, name) for name in (*LOCAL, *REMOTE)]


class StyleFilter(FixedChoicesFilter):
    title, parameter_name, field = _("style"), "style", "style"
    fixed_choices = tuple(STYLES)


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return [("unfinished", _("Unfinished")), ("late", _("Late")), *Status.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        if self.value() == "unfinished":
            return queryset.unfinished()
        if self.value() == "late":
            return queryset.overdue(clock.now())
        if self.value() in UNFINISHED_STATUSES:
            return queryset.unfinished().filter(status=self.value())
        return queryset.filter(status=self.value()) if self.value() else queryset


class HeadFilter(admin.SimpleListFilter):
    title, parameter_name = _("head"), "head"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return [
            ("sure", pgettext_lazy("a head", "Sure")),
            ("unsure", pgettext_lazy("a head", "Unsure")),
            ("none", pgettext_lazy("a head", "None")),
            ("owner", pgettext_lazy("a head", "Owner")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = HEAD_STATES.get(self.value() or "")
        return queryset.filter(state) if state else queryset


class AgeFilter(admin.SimpleListFilter):
    title, parameter_name = _("age"), "age"
    AGES = {"hour": DAY / 24, "day": DAY, "week": 7 * DAY, "month": 30 * DAY}
    NAMES = {
        "hour": _("The last hour"),
        "day": _("The last day"),
        "week": _("The last week"),
        "month": _("The last month"),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return [*self.NAMES.items(), ("older", _("Older than a month"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "older":
            return queryset.filter(created_at__lte=clock.now() - 30 * DAY)
        age = self.AGES.get(self.value() or "")
        return queryset.filter(created_at__gt=clock.now() - age) if age else queryset
