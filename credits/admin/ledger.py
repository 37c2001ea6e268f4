"""The read-only admin of balances and entries."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnlyAdmin
from accounts.admin_html import link
from credits.models import Account, Entry


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ["user", "balance", "page"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    view_on_site = False

    @admin.display(description="")
    def page(self, account: Account) -> SafeString:
        return link("accounts_user", account.user_id, gettext("owner"))


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "owner", "kind", "amount", "balance_after", "localised_reason", "by"]
    list_select_related = ["account__user", "by"]
    list_filter = ["kind"]
    search_fields = ["reference", "account__user__email", "reason"]
    date_hierarchy = "created_at"

    @admin.display(description=_("reason"), ordering="reason")
    def localised_reason(self, entry: Entry) -> str:
        return entry.reason_text

    @admin.display(description=_("owner"), ordering="account__user__email")
    def owner(self, entry: Entry) -> str:
        return entry.account.user.email
