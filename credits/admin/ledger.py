"""The read-only admin of balances and entries."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnlyAdmin
from accounts.admin_base import as_uuid, users_matching
from accounts.admin_html import link
from credits.models import Account, Entry

# The references of all entries that a video may have caused.
VIDEO_REFERENCES = ("video:{}:charge", "video:{}:refund", "grant:retry:{}", "grant:compensation:{}")


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ["user", "balance", "page"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    sortable_by: ClassVar[Any] = []
    view_on_site = False

    def search(self, request: HttpRequest, queryset: QuerySet[Account], term: str) -> QuerySet[Account]:
        return queryset.filter(user__in=users_matching(request, term))

    @admin.display(description="")
    def page(self, account: Account) -> SafeString:
        return link("accounts_user", account.user_id, gettext("owner"))


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "owner", "kind", "amount", "balance_after", "localised_reason", "by"]
    list_select_related = ["account__user", "by"]
    list_filter = ["kind"]
    search_fields = ["reference", "account__user__email"]
    search_help_text = _("An email address or part of one, a video ID, or a complete reference.")
    ordering = ["-created_at"]
    sortable_by = ["created_at"]

    @admin.display(description=_("reason"))
    def localised_reason(self, entry: Entry) -> str:
        return entry.reason_text

    def search(self, request: HttpRequest, queryset: QuerySet[Entry], term: str) -> QuerySet[Entry]:
        """Search by the owner, by the id of a video, or by a reference. Each asks an index."""
        if pk := as_uuid(term):
            return queryset.filter(reference__in=[pattern.format(pk) for pattern in VIDEO_REFERENCES])
        if ":" in term:
            return queryset.filter(reference=term)
        return queryset.filter(account__user__in=users_matching(request, term))

    @admin.display(description=_("owner"))
    def owner(self, entry: Entry) -> str:
        return entry.account.user.email
