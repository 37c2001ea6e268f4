"""The owner's data: take it along, or close the account."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import privacy
from accounts.http import UserRequest
from accounts.privacy import archive_of
from accounts.throttling import Limit, too_often

RECEIPT = "receipt"


@require_safe
def data(request: UserRequest) -> HttpResponse:
    return render(request, "account/data.html")


@require_safe
def export(request: UserRequest) -> HttpResponseBase:
    """A zip of everything; made anew each time, so only a few times an hour."""
    verdict = Limit("export", settings.EXPORTS_AN_HOUR, 3600).take(request.user.pk)
    if not verdict.allowed:
        return too_often(request, verdict, "You took your data along a few times just now.")
    name = f"petgroove-{timezone.now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(archive_of(request.user), content_type="application/zip", headers=headers)


@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: UserRequest) -> HttpResponse:
    """Close the account, after a tick in a box."""
    problem = ""
    if request.method == "POST":
        if request.POST.get("sure") != "yes":
            problem = "Tick the box first: nothing of it can be brought back."
        else:
            try:
                lines = privacy.close(request.user, timezone.now())
            except privacy.MustStay as error:
                problem = str(error)
            else:
                logout(request)
                request.session[RECEIPT] = lines
                return redirect("account_closed")
    return render(request, "account/close.html", {"problem": problem}, status=400 if problem else 200)


@require_safe
@login_not_required
def closed(request: HttpRequest) -> HttpResponse:
    """The receipt, in the browser that closed the account."""
    lines = request.session.get(RECEIPT)
    return render(request, "account/closed.html", {"lines": lines}) if lines else redirect("home")
