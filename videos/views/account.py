"""The pages for exporting the owner's data and closing the account."""

import hashlib

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import AuthenticatedRequest, HtmxRequest
from accounts.middleware import current_page_url, redirect_to_entrance
from accounts.security_log import record
from accounts.throttling import HOUR, MINUTE, RateLimit, too_many_requests
from videos import clock
from videos.privacy import CannotCloseAccount, close_account, closing_lines, export_archive

RECEIPT = "receipt"
RECEIPT_SECONDS = 10 * MINUTE


@require_safe
def data(request: AuthenticatedRequest) -> HttpResponse:
    return render(request, "account/data.html")


@require_safe
def export(request: AuthenticatedRequest) -> HttpResponseBase:
    """Send a zip file of everything. It is generated on each request, so the rate is limited per hour."""
    result = RateLimit("export", settings.EXPORTS_PER_HOUR, HOUR).hit(request.user.pk)
    if not result.allowed:
        return too_many_requests(request, result, _("You've exported your data several times."))
    record("data_exported", request)
    name = f"petgroove-{clock.now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(export_archive(request.user), content_type="application/zip", headers=headers)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HtmxRequest) -> HttpResponseBase:
    """Close the account. A second click, whose session is gone by then, leads to the same receipt."""
    if request.user.is_authenticated:
        return close_own(request)
    if lines := cache.get(receipt_key(request)):
        return show_receipt(request, lines)
    return redirect_to_entrance(request, current_page_url(request))


@reauthentication_required
def close_own(request: AuthenticatedRequest) -> HttpResponse:
    """Close the account after the confirmation box is ticked."""
    problem = ""
    if request.method == "POST":
        if request.POST.get("sure") != "yes":
            problem = _("Check the box first: this can't be undone.")
        else:
            key = receipt_key(request)
            # From the end of the transaction on, other requests of this browser are anonymous.
            cache.add(key, closing_lines(), RECEIPT_SECONDS)
            lines: list[str] = []
            try:
                lines = close_account(request.user, clock.now())
            except CannotCloseAccount as error:
                problem = str(error)
            finally:
                if not lines:
                    cache.delete(key)
            if lines:
                if len(lines) > len(closing_lines()):
                    cache.set(key, lines, RECEIPT_SECONDS)
                record("account_closed", request)
                logout(request)
                return show_receipt(request, cache.get(key) or lines)
    return render(request, "account/close.html", {"problem": problem}, status=400 if problem else 200)


def receipt_key(request: HttpRequest) -> str:
    """Return the key of the receipt in the cache, by the browser's session."""
    session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return f"receipt:{hashlib.sha256(session_key.encode()).hexdigest()}"


def show_receipt(request: HttpRequest, lines: list[str]) -> HttpResponse:
    request.session[RECEIPT] = lines
    return redirect("account_closed")


@require_safe
@login_not_required
def closed(request: HttpRequest) -> HttpResponse:
    """Show the receipt in the browser that closed the account."""
    lines = request.session.get(RECEIPT)
    return render(request, "account/closed.html", {"lines": lines}) if lines else redirect("home")
