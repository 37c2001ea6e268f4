"""What the lists of staff are narrowed down by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from videos.models import UNFINISHED_STATUSES, Status, Video
from videos.models.choices import ErrorCode
from videos.providers.registry import REMOTE, STUDIO

DAY = timedelta(days=1)


class FixedChoicesFilter(admin.SimpleListFilter):
    """A filter whose choices are known, so that no list of 10,000 rows is searched for them."""

    field = ""
    fixed_choices: tuple[tuple[str, str], ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(self.fixed_choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.field: self.value()}) if self.value() else queryset


class ErrorFilter(FixedChoicesFilter):
    title, parameter_name, field = "error", "error_code", "error_code"
    fixed_choices = tuple((code, code) for code in sorted(ErrorCode.values))


class ProviderFilter(FixedChoicesFilter):
    title, parameter_name, field = "provider", "provider", "provider"
    fixed_choices = tuple((name, name) for name in (STUDIO, *REMOTE))


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("unfinished", "On the way"), ("late", "Late"), *Status.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Video]) -> QuerySet[Video]:
        if self.value() == "unfinished":
            return queryset.filter(status__in=UNFINISHED_STATUSES)
        if self.value() == "late":
            return queryset.filter(status__in=UNFINISHED_STATUSES, promised_by__lt=timezone.now())
        return queryset.filter(status=self.value()) if self.value() else queryset


class AgeFilter(admin.SimpleListFilter):
    title, parameter_name = "age", "age"
    AGES = {"hour": DAY / 24, "day": DAY, "week": 7 * DAY, "month": 30 * DAY}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((name, f"The last {name}") for name in self.AGES), ("older", "Older than a month")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        if self.value() == "older":
            return queryset.filter(created_at__lte=now - 30 * DAY)
        age = self.AGES.get(self.value() or "")
        return queryset.filter(created_at__gt=now - age) if age else queryset
