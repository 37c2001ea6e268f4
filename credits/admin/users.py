"""The money, for staff. Nobody edits a balance: credits are granted or adjusted, with a reason, by name."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.admin import UserAdmin
from accounts.models import User
from credits import ledger
from credits.models import Account, Entry


class MoveForm(forms.Form):
    """Credits to give, or a correction up or down. A page sent twice counts once: ``idempotency_key``."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    amount = forms.IntegerField(min_value=-10_000, max_value=10_000, help_text="Below nought to take credits away.")
    reason = forms.CharField(max_length=200, help_text="The owner reads this.")
    kind = forms.ChoiceField(
        choices=[("grant", "Grant: a present or compensation"), ("adjust", "Adjustment: a correction, up or down")],
        widget=forms.RadioSelect,
        initial="grant",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == "grant" and (data.get("amount") or 0) < 1:
            self.add_error("amount", "A grant gives at least one credit. To take credits away, choose adjustment.")
        if data.get("amount") == 0:
            self.add_error("amount", "Nought credits move nothing.")
        return data


@admin.register(User)
class OwnerAdmin(UserAdmin):
    """A user with the balance, the latest entries, and the way to grant or adjust."""

    list_display = (*UserAdmin.list_display[:1], "balance", *UserAdmin.list_display[1:])
    list_select_related = ("credit_account",)
    fieldsets = (*UserAdmin.fieldsets, ("Credits", {"fields": ("balance", "entries")}))
    readonly_fields = (*UserAdmin.readonly_fields, "balance", "entries")

    @admin.display(description="credits", ordering="credit_account__balance")
    def balance(self, user: User) -> int:
        account = getattr(user, "credit_account", None)
        return account.balance if account else 0

    @admin.display(description="latest entries")
    def entries(self, user: User) -> SafeString:
        rows = Entry.objects.filter(account__user=user).select_related("by")[:30]
        cells = (
            (f"{e.created_at:%Y-%m-%d %H:%M}", f"{e.amount:+d}", e.balance_after, e.kind, e.reason, e.by or "system")
            for e in rows
        )
        table = format_html_join("", "<tr><td>{}<td>{}<td>{}<td>{}<td>{}<td>{}", cells)
        return format_html(
            "<table><thead><tr><th>when<th>credits<th>balance<th>kind<th>reason<th>by<tbody>{}</table>", table
        )

    def get_urls(self) -> list[URLPattern]:
        move = path("<uuid:pk>/credits/", self.admin_site.admin_view(self.move_credits), name="accounts_user_credits")
        return [move, *super().get_urls()]

    def move_credits(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Grant or adjust, after a form with the amount and the reason."""
        user = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        form = MoveForm(request.POST or None)
        if form.is_valid() and self.save_move(request, user, form):
            return redirect("admin:accounts_user_change", user.pk)
        context = self.admin_site.each_context(request) | {
            "title": f"Credits of {user.email}",
            "form": form,
            "original": user,
            "opts": self.opts,
            "balance": ledger.balance_of(user),
        }
        return render(request, "admin/accounts/user/move_credits.html", context)

    def save_move(self, request: HttpRequest, user: User, form: MoveForm) -> bool:
        by = User.objects.get(pk=str(request.user.pk))
        verb = {"grant": ledger.grant, "adjust": ledger.adjust}[form.cleaned_data["kind"]]
        amount, reason = form.cleaned_data["amount"], form.cleaned_data["reason"]
        # Of the page, whatever was changed on it since: a page moves credits once.
        reference = f"by-hand:{form.cleaned_data['idempotency_key']}"
        try:
            with transaction.atomic():
                # Of two clicks at once the second one waits here, and then sees what the first one did.
                Account.objects.select_for_update().get(pk=ledger.account_of(user).pk)
                if ledger.is_known(reference):
                    message = "This page has moved credits before, once; nothing was moved now. Open it anew for more."
                    messages.warning(request, message)
                    return True
                entry = verb(user, amount, reason=reason, by=by, reference=reference)
                change_message = f"{entry.get_kind_display()} of {entry.amount:+d} credits: {entry.reason}"
                self.log_change(request, user, change_message)
        except ledger.InsufficientCredits:
            form.add_error("amount", f"The balance is {ledger.balance_of(user)}; it cannot fall below nought.")
            return False
        except ledger.TooManyCredits as error:
            form.add_error("amount", str(error))
            return False
        messages.success(request, f"{entry.amount:+d} credits; the balance is now {entry.balance_after}.")
        return True
