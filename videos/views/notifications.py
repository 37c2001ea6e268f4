"""Turning the e-mails about finished videos on and off."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedRequest
from videos.emails.unsubscribing import owner_of, turn_off_emails


@require_POST
def update_notifications(request: AuthenticatedRequest) -> HttpResponse:
    """Turn the owner's e-mails on or off."""
    request.user.email_when_finished = request.POST.get("mail") == "on"
    request.user.save(update_fields=["email_when_finished"])
    is_on = request.user.email_when_finished
    messages.success(request, _("Email notifications are on.") if is_on else _("Email notifications are off."))
    return redirect("account_email")


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
@login_not_required
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Turn e-mails off with the link in one of them, after a question.

    Mail programs send the POST request themselves (RFC 8058), without a cookie or a token against CSRF. The signed
    token in the URL says whose e-mails these are. A GET request changes nothing, because scanners follow links.
    """
    user = owner_of(token)
    if user is None:
        raise Http404
    if request.method == "POST":
        turn_off_emails(user)
    return render(request, "videos/unsubscribe.html", {"is_done": request.method == "POST"})
