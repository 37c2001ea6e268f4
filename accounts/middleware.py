"""What every private page needs: a login, and no copy of it in anybody's cache."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import urlencode

from accounts.models import User

# Second factors, and where each is shown again by somebody who is logged in.
REAUTHENTICATION_URLS = {
    Authenticator.Type.TOTP: "mfa_reauthenticate",
    Authenticator.Type.WEBAUTHN: "mfa_reauthenticate_webauthn",
}


def current_page_url(request: HttpRequest) -> str:
    """The page the visitor is on: the request's own for a page, the one it came from for a fragment or a form."""
    is_fragment = request.headers.get("HX-Request") == "true"
    if request.method in ("GET", "HEAD") and not is_fragment:
        return request.get_full_path()
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    return page.path + (f"?{page.query}" if page.query else "")


class LoginRequired(LoginRequiredMiddleware):
    """Closed by default. After the login the visitor is back on the page that asked, never on a fragment or a form."""

    def handle_no_permission(  # type: ignore[override]  # a fragment is answered without a redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        to = redirect_to_login(current_page_url(request), resolve_url(self.get_login_url(view_func)))
        if request.headers.get("HX-Request") != "true":
            return to
        # A redirect would be followed by the fragment's request and the login swapped into the card.
        return HttpResponse(status=204, headers={"HX-Redirect": to.url})


class PrivatePagesMiddleware:
    """A page made for somebody is kept by no cache, and depends on the cookie and on who asks for a fragment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.session.accessed and "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_store=True)
        if request.session.accessed and is_page(request, response):
            # Any page may lead to a form: its token's cookie, bound to this host and to HTTPS, is there by then.
            get_token(request)
        patch_vary_headers(response, ["HX-Request"])
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def is_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return is_html and request.headers.get("HX-Request") != "true"


class StaffMFAMiddleware:
    """The admin opens to a session that was shown a passkey or an authenticator app's code, at its login or later.

    Staff who have neither are led to where they set one up; recovery codes are none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        to_admin = request.resolver_match is not None and request.resolver_match.app_name == "admin"
        if not to_admin or not settings.STAFF_REQUIRE_MFA:
            return None
        if not isinstance(request.user, User) or not request.user.is_staff:
            return None
        has = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
        if not has & set(REAUTHENTICATION_URLS):
            message = "Staff need a second factor: add a passkey or an authenticator app, then come back."
            messages.warning(request, message)
            return redirect("mfa_index")
        shown = {record.get("type") for record in get_authentication_records(request, request.user)}
        if shown & set(REAUTHENTICATION_URLS):
            return None
        if Authenticator.Type.RECOVERY_CODES in shown:
            messages.warning(request, "A recovery code does not open the desk: show a passkey or an app's code.")
        again = next(name for kind, name in REAUTHENTICATION_URLS.items() if kind in has)
        return redirect(f"{reverse(again)}?{urlencode({'next': current_page_url(request)})}")
