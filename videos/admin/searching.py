"""The search for photos, videos and reports: by an id, an address, or a pet's name."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Upper
from django.db.models.lookups import Exact
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin_base import as_uuid, users_matching

SEARCH_HELP = _("An ID, an email address or part of one, or a pet's exact name.")


def search_pets(request: HttpRequest, queryset: QuerySet[Any], term: str, *, task: bool = False) -> QuerySet[Any]:
    """Return the rows with this id, or of the owners with this address, or of pets with this name.

    Each asks an index: a part of a name is not found. With ``task``, an id may be that of a provider's task.
    """
    if pk := as_uuid(term):
        return queryset.filter(Q(pk=pk) | Q(provider_task_id=term) if task else Q(pk=pk))
    owners = Q(user__in=users_matching(request, term))
    if "@" in term:
        return queryset.filter(owners)
    named = Q(Exact(Upper("pet_name"), Upper(Value(term))))
    return queryset.filter(owners | named | Q(provider_task_id=term) if task else owners | named)
