"""The pages for exporting the owner's data and closing the account."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import AuthenticatedRequest
from accounts.throttling import HOUR, RateLimit, too_many_requests
from videos import clock
from videos.privacy import CannotCloseAccount, close_account, export_archive

RECEIPT = "receipt"


@require_safe
def data(request: AuthenticatedRequest) -> HttpResponse:
    return render(request, "account/data.html")


@require_safe
def export(request: AuthenticatedRequest) -> HttpResponseBase:
    """Send a zip file of everything. It is generated on each request, so the rate is limited per hour."""
    result = RateLimit("export", settings.EXPORTS_PER_HOUR, HOUR).hit(request.user.pk)
    if not result.allowed:
        return too_many_requests(request, result, _("You've exported your data several times."))
    name = f"petgroove-{clock.now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(export_archive(request.user), content_type="application/zip", headers=headers)


@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: AuthenticatedRequest) -> HttpResponse:
    """Close the account after the confirmation box is ticked."""
    problem = ""
    if request.method == "POST":
        if request.POST.get("sure") != "yes":
            problem = _("Tick the box first: this can't be undone.")
        else:
            try:
                lines = close_account(request.user, clock.now())
            except CannotCloseAccount as error:
                problem = str(error)
            else:
                logout(request)
                request.session[RECEIPT] = lines
                return redirect("account_closed")
    return render(request, "account/close.html", {"problem": problem}, status=400 if problem else 200)


@require_safe
@login_not_required
def closed(request: HttpRequest) -> HttpResponse:
    """Show the receipt in the browser that closed the account."""
    lines = request.session.get(RECEIPT)
    return render(request, "account/closed.html", {"lines": lines}) if lines else redirect("home")
