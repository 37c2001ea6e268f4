"""The base of every admin class: any input leads to a page, and lists stay fast however many rows there are."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User

log = logging.getLogger(__name__)

NULL = "\x00"
# A list counts no further than this, and has no page beyond it. Filters and the search lead to older rows.
MAX_LISTED = 2_000
# The longest search: a Google address and some words.
MAX_TERM, MAX_WORDS = 300, 10
# The maximum number of users whose rows a search for a part of an address returns.
MAX_USERS = 100


def has_null_characters(path: str, query: QueryDict) -> bool:
    """Return whether a null character is in the path, or in a name or a value of the query string."""
    return NULL in path or any(NULL in text for name, values in query.lists() for text in (name, *values))


class CappedPaginator(Paginator):
    """A paginator that never counts a whole table."""

    @cached_property
    def counted(self) -> int:
        rows: models.QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[: MAX_LISTED + 1].count()

    @cached_property
    def count(self) -> int:
        return min(MAX_LISTED, self.counted)

    @property
    def is_capped(self) -> bool:
        return self.counted > MAX_LISTED


class BaseAdmin(admin.ModelAdmin):
    """A ``ModelAdmin`` that answers nonsense with an empty list or a message, and counts and searches sparingly."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_max_show_all = 0

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return None if NULL in object_id else super().get_object(request, object_id, from_field)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if has_null_characters("", request.GET):
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        if request.method == "POST":
            request.POST = self.with_possible_rows(request.POST)  # type: ignore[assignment]
        try:
            return super().changelist_view(request, extra_context)
        except (OverflowError, ValueError) as error:
            # A number or a date in the query string that neither Python nor the database can represent.
            if isinstance(error, ValueError) and not set(request.GET) - {ERROR_FLAG}:
                raise
            log.warning("list not filtered", extra={"model": self.opts.label, "reason": type(error).__name__})
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return no values for a new row. Django takes them from the address and trusts that they fit the fields."""
        return {}

    def with_possible_rows(self, post: QueryDict) -> QueryDict:
        """Drop the chosen rows whose ids are none. Without any other, Django asks to choose some."""
        chosen = post.getlist(ACTION_CHECKBOX_NAME)
        possible = [value for value in chosen if self.is_possible_key(value)]
        if possible == chosen:
            return post
        post = post.copy()
        post.setlist(ACTION_CHECKBOX_NAME, possible)
        return post

    def is_possible_key(self, value: str) -> bool:
        key: Any = self.opts.pk
        try:
            key.get_prep_value(key.to_python(value))
        except (ValidationError, ValueError, OverflowError):
            return False
        return bool(value) and NULL not in value

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        term = " ".join(search_term.split()[:MAX_WORDS])[:MAX_TERM]
        return (self.search(request, queryset, term) if term else queryset), False

    def search(self, request: HttpRequest, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        """Return the rows that match. Subclasses for large tables choose the column by the form of the term."""
        return super().get_search_results(request, queryset, term)[0]


def as_uuid(term: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(term)
    except ValueError:
        return None


def users_matching(request: HttpRequest, term: str) -> list[uuid.UUID]:
    """Return the ids of the user with this address, or else of those whose address contains the term."""
    users = User.objects.order_by()
    text = term.lower()
    if exact := list(users.filter(email=text).values_list("pk", flat=True)):
        return exact
    found = list(users.filter(email__contains=text).values_list("pk", flat=True)[: MAX_USERS + 1])
    if len(found) > MAX_USERS:
        text = _("More than %(count)d addresses match. Type more of the address to see the rest.")
        messages.warning(request, text % {"count": MAX_USERS})
    return found[:MAX_USERS]
