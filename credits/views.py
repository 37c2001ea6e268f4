"""The balance, every credit's life in plain words, and the way to redeem a voucher."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.limits import Limit, Verdict
from accounts.requests import UserRequest
from accounts.slower import address_of, in_words
from credits.forms import RedeemForm
from credits.models import Entry
from credits.vouchers import NotRedeemed
from credits.vouchers import redeem as redeem_code

HOUR = 3600
# Codes of 59 bits are not guessed at this pace, and nobody mistypes so often.
TRIES = Limit("voucher", 10, HOUR)
TRIES_OF_AN_ADDRESS = Limit("voucher-address", 60, HOUR)


@require_safe
def history(request: UserRequest) -> HttpResponse:
    return history_page(request, RedeemForm(initial={"code": request.GET.get("code", "")[:40]}))


def history_page(request: UserRequest, form: RedeemForm, **answer: Any) -> HttpResponse:
    entries = Entry.objects.filter(account__user=request.user).select_related("by")
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    support = parseaddr(settings.SUPPORT_EMAIL)[1]
    return render(request, "credits/history.html", {"page": page, "support": support, "form": form}, **answer)


@require_POST
def redeem(request: UserRequest) -> HttpResponse:
    """Turn a voucher into credits, once for each owner."""
    form = RedeemForm(request.POST)
    if not form.is_valid():
        return history_page(request, form, status=400)
    verdict = tried(request)
    if not verdict.allowed:
        form.add_error("code", f"That were many codes. Please try again in {in_words(verdict.resets_in)}.")
        answer = history_page(request, form, status=429)
        for name, value in verdict.headers.items():
            answer.headers[name] = value
        return answer
    try:
        entry = redeem_code(form.cleaned_data["code"], request.user, timezone.now())
    except NotRedeemed as error:
        form.add_error("code", str(error))
        return history_page(request, form, status=400)
    messages.success(request, f"{entry.amount:+d} credit{'s' if entry.amount > 1 else ''}: {entry.reason}.")
    return redirect("credits:history")


def tried(request: UserRequest) -> Verdict:
    """One more try of this owner and from this address; the stricter of the two limits speaks."""
    mine = TRIES.take(request.user.pk)
    address = TRIES_OF_AN_ADDRESS.take(address_of(request))
    return mine if not mine.allowed else address if not address.allowed else mine
