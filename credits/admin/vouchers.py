"""The admin of vouchers: staff create, export and withdraw them, but never edit them."""

import csv
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import staff_user
from accounts.admin_base import BaseAdmin
from accounts.security_log import record
from credits.models import Voucher

MAX_VOUCHERS = 5_000
# A spreadsheet runs text that starts with one of these as a formula.
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")


class BulkForm(forms.ModelForm):
    """A batch of identical vouchers."""

    count = forms.IntegerField(min_value=1, max_value=MAX_VOUCHERS, initial=100, label=_("Number of codes"))
    batch = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = Voucher
        fields = ["count", "credits", "uses", "note", "expires_at"]
        field_classes = {"expires_at": forms.SplitDateTimeField}
        widgets = {"expires_at": AdminSplitDateTime}

    @property
    def voucher_data(self) -> dict[str, Any]:
        """Return the arguments of ``Voucher.objects.make``.

        The page stays open after the download. Submitting it unchanged gives the same batch; with changed fields,
        it gives another batch.
        """
        voucher_data = dict(self.cleaned_data)
        settings_key = "|".join(f"{name}={voucher_data[name]}" for name in self.Meta.fields)
        return voucher_data | {"batch": uuid.uuid5(voucher_data["batch"], settings_key)}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("valid", _("Valid")), ("over", _("Used up, expired or withdrawn"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Voucher]) -> QuerySet[Voucher]:
        now = timezone.now()
        ended = Q(withdrawn_at__isnull=False) | Q(expires_at__lte=now) | Q(used__gte=F("uses"))
        if self.value() == "valid":
            return queryset.exclude(ended)
        return queryset.filter(ended) if self.value() == "over" else queryset


@admin.register(Voucher)
class VoucherAdmin(BaseAdmin):
    list_display = ["shown", "credits", "uses_left", "note", "expires_at", "withdrawn_at", "by", "created_at"]
    list_select_related = ["by"]
    list_filter = [StateFilter]
    search_fields = ["code", "note"]
    fields = ["credits", "uses", "note", "expires_at"]
    actions = ["withdraw", "download"]

    @admin.display(description=_("code"), ordering="code")
    def shown(self, voucher: Voucher) -> str:
        return voucher.shown

    @admin.display(description=_("uses left"), ordering="used")
    def uses_left(self, voucher: Voucher) -> str:
        return gettext("%(left)d of %(all)d") % {"left": voucher.uses - voucher.used, "all": voucher.uses}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A code that was handed out can only be withdrawn. Django checks actions without an object.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Voucher, form: Any, change: bool) -> None:
        obj.by = staff_user(request)
        super().save_model(request, obj, form, change)
        record("staff_made_vouchers", request, count=1, credits=obj.credits)

    def search(self, request: HttpRequest, queryset: QuerySet[Voucher], term: str) -> QuerySet[Voucher]:
        # Also find a code that is typed with its hyphens, as printed.
        return super().search(request, queryset, term.replace("-", ""))

    @admin.action(description=_("Withdraw the selected vouchers"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Voucher]) -> None:
        with transaction.atomic():
            # Read the rows before the update: a changelist filtered by state would no longer contain them.
            chosen = list(queryset.filter(withdrawn_at=None).select_for_update(of=("self",)))
            Voucher.objects.filter(pk__in=[voucher.pk for voucher in chosen]).update(withdrawn_at=timezone.now())
            LogEntry.objects.log_actions(staff_user(request).pk, chosen, CHANGE, "Withdrawn")
        message = ngettext(
            "%(count)d withdrawn. Owners keep the credits they redeemed.",
            "%(count)d withdrawn. Owners keep the credits they redeemed.",
            len(chosen),
        )
        messages.success(request, message % {"count": len(chosen)})

    @admin.action(description=_("Download the selected vouchers as CSV"), permissions=["view"])
    def download(self, request: HttpRequest, queryset: QuerySet[Voucher]) -> HttpResponse:
        return as_csv(request, queryset)

    def get_urls(self) -> list[URLPattern]:
        bulk = path("bulk/", self.admin_site.admin_view(self.bulk), name="credits_voucher_bulk")
        return [bulk, *super().get_urls()]

    def bulk(self, request: HttpRequest) -> HttpResponse:
        """Create a batch of vouchers and send them as a CSV file."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = BulkForm(request.POST or None)
        if form.is_valid():
            vouchers = Voucher.objects.make(**form.voucher_data, by=staff_user(request))
            record("staff_made_vouchers", request, count=len(vouchers), credits=vouchers[0].credits)
            self.log_addition(
                request, vouchers[0], f"One of {len(vouchers)} vouchers created together: {vouchers[0].note}"
            )
            return as_csv(request, vouchers)
        context = self.admin_site.each_context(request) | {
            "title": gettext("Create vouchers in bulk"),
            "form": form,
            "media": self.media + form.media,
            "opts": self.opts,
        }
        return render(request, "admin/credits/voucher/bulk.html", context)


def as_csv(request: HttpRequest, vouchers: Iterable[Voucher]) -> HttpResponse:
    name = f"petgroove-vouchers-{timezone.now():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    rows = csv.writer(response)
    rows.writerow(["code", "credits", "uses", "used", "expires", "note", "link"])
    page = request.build_absolute_uri(reverse("credits:history"))
    for row in vouchers:
        expires = f"{row.expires_at:%Y-%m-%d %H:%M}" if row.expires_at else ""
        note = f"'{row.note}" if row.note.startswith(FORMULA_PREFIXES) else row.note
        rows.writerow([row.shown, row.credits, row.uses, row.used, expires, note, f"{page}?code={row.shown}"])
    return response
