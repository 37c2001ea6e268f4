"""The credits page: the balance, the history of entries, and redeeming a voucher."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedRequest, client_ip
from accounts.throttling import HOUR, RateLimit, RateLimitResult, humanize_seconds
from credits.forms import RedeemForm
from credits.models import Entry
from credits.vouchers import RedemptionError
from credits.vouchers import redeem as redeem_code

# At this rate, nobody can guess a code of 59 bits. No honest owner mistypes this often.
REDEEM_LIMIT = RateLimit("voucher", 10, HOUR)
REDEEM_LIMIT_PER_IP = RateLimit("voucher-address", 60, HOUR)


@require_safe
def history(request: AuthenticatedRequest) -> HttpResponse:
    return history_page(request, RedeemForm(initial={"code": request.GET.get("code", "")[:40]}))


def history_page(request: AuthenticatedRequest, form: RedeemForm, **response_options: Any) -> HttpResponse:
    entries = Entry.objects.filter(account__user=request.user).select_related("by")
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    support = parseaddr(settings.SUPPORT_EMAIL)[1]
    context = {"page": page, "support": support, "form": form, "back": page_before(request)}
    return render(request, "credits/history.html", context, **response_options)


def page_before(request: AuthenticatedRequest) -> str:
    """Return the URL in ``next``, from which the owner came for credits, if it is one of this site."""
    url = request.POST.get("next") or request.GET.get("next", "")
    return url if url_has_allowed_host_and_scheme(url, None) else ""


@require_POST
def redeem(request: AuthenticatedRequest) -> HttpResponse:
    """Redeem a voucher, once per owner."""
    form = RedeemForm(request.POST)
    if not form.is_valid():
        return history_page(request, form, status=400)
    result = hit_redeem_limits(request)
    if not result.allowed:
        retry_in = humanize_seconds(result.reset_after)
        form.add_error("code", _("Too many attempts. Try again in %(retry_in)s.") % {"retry_in": retry_in})
        response = history_page(request, form, status=429)
        for name, value in result.headers.items():
            response.headers[name] = value
        return response
    try:
        entry = redeem_code(form.cleaned_data["code"], request.user, timezone.now())
    except RedemptionError as error:
        form.add_error("code", str(error))
        return history_page(request, form, status=400)
    message = ngettext("You got %(count)d credit.", "You got %(count)d credits.", entry.amount)
    messages.success(request, message % {"count": entry.amount})
    return redirect(page_before(request) or "credits:history")


def hit_redeem_limits(request: AuthenticatedRequest) -> RateLimitResult:
    """Count an attempt of this owner and IP address. Return the limit that refuses it, or else the owner's."""
    by_owner = REDEEM_LIMIT.hit(request.user.pk)
    by_ip = REDEEM_LIMIT_PER_IP.hit(client_ip(request))
    return by_owner if not by_owner.allowed else by_ip if not by_ip.allowed else by_owner
