"""The admin of users with their credits.

Staff never edit a balance. They grant or adjust credits, and the entry records the reason and the member of staff.
"""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import UserAdmin, staff_user
from accounts.admin_html import table
from accounts.models import User
from accounts.security_log import record
from credits import ledger
from credits.models import Account, Entry


class MoveForm(forms.Form):
    """A grant of credits, or an adjustment up or down.

    ``idempotency_key`` makes a form that is submitted twice count once.
    """

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    amount = forms.IntegerField(
        label=_("Amount"), min_value=-10_000, max_value=10_000, help_text=_("Negative to remove credits.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Visible to the owner."))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("grant", _("Grant: bonus or compensation")), ("adjust", _("Adjustment: a correction, up or down"))],
        widget=forms.RadioSelect,
        initial="grant",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == "grant" and (data.get("amount") or 0) < 1:
            message = gettext("A grant must be at least one credit. To remove credits, choose an adjustment.")
            self.add_error("amount", message)
        if data.get("amount") == 0:
            self.add_error("amount", gettext("Enter an amount other than zero."))
        return data


@admin.register(User)
class OwnerAdmin(UserAdmin):
    """The user admin with the balance, the latest entries, and a page to grant or adjust credits."""

    list_display = (*UserAdmin.list_display[:1], "balance", *UserAdmin.list_display[1:])
    list_select_related = ("credit_account",)
    fieldsets = (*UserAdmin.fieldsets, (_("Credits"), {"fields": ("balance", "entries")}))
    readonly_fields = (*UserAdmin.readonly_fields, "balance", "entries")

    @admin.display(description=_("credits"), ordering="credit_account__balance")
    def balance(self, user: User) -> int:
        account = getattr(user, "credit_account", None)
        return account.balance if account else 0

    @admin.display(description=_("latest entries"))
    def entries(self, user: User) -> SafeString:
        rows = Entry.objects.filter(account__user=user).select_related("by")[:30]
        cells = (
            (
                date_format(e.created_at, "SHORT_DATETIME_FORMAT"),
                f"{e.amount:+d}",
                e.balance_after,
                e.get_kind_display(),
                e.reason_text,
                e.by or gettext("system"),
            )
            for e in rows
        )
        return table((_("when"), _("credits"), _("balance"), _("kind"), _("reason"), _("by (staff)")), cells)

    def get_urls(self) -> list[URLPattern]:
        move = path("<uuid:pk>/credits/", self.admin_site.admin_view(self.move_credits), name="accounts_user_credits")
        return [move, *super().get_urls()]

    def move_credits(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Show the form for a grant or an adjustment, and apply it."""
        user = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        form = MoveForm(request.POST or None)
        if form.is_valid() and self.save_move(request, user, form):
            return redirect("admin:accounts_user_change", user.pk)
        context = self.admin_site.each_context(request) | {
            "title": gettext("Credits of %(email)s") % {"email": user.email},
            "form": form,
            "original": user,
            "opts": self.opts,
            "balance": ledger.balance_of(user),
        }
        return render(request, "admin/accounts/user/move_credits.html", context)

    def save_move(self, request: HttpRequest, user: User, form: MoveForm) -> bool:
        by = staff_user(request)
        verb = {"grant": ledger.grant, "adjust": ledger.adjust}[form.cleaned_data["kind"]]
        amount, reason = form.cleaned_data["amount"], form.cleaned_data["reason"]
        # The reference comes from the page alone: one page moves credits once, even if its fields were changed since.
        reference = f"by-hand:{form.cleaned_data['idempotency_key']}"
        try:
            with transaction.atomic():
                # The second of two concurrent submissions waits for this lock, and then sees the entry of the first.
                Account.objects.select_for_update().get(pk=ledger.account_of(user).pk)
                if ledger.is_known(reference):
                    message = gettext(
                        "This form was already submitted, so nothing changed. Reload the page to make another change."
                    )
                    messages.warning(request, message)
                    return True
                entry = verb(user, amount, reason=reason, by=by, reference=reference)
                # In English, because it is stored.
                change_message = f"{entry.kind.capitalize()} of {entry.amount:+d} credits: {entry.reason}"
                self.log_change(request, user, change_message)
        except ledger.InsufficientCredits:
            message = gettext("The balance is %(balance)d and can't go below zero.")
            form.add_error("amount", message % {"balance": ledger.balance_of(user)})
            return False
        except ledger.TooManyCredits as error:
            form.add_error("amount", str(error))
            return False
        record("staff_moved_credits", request, target=user.pk, amount=entry.amount)
        message = gettext("Changed by %(change)s. The balance is now %(balance)d.")
        messages.success(request, message % {"change": f"{entry.amount:+d}", "balance": entry.balance_after})
        return True
