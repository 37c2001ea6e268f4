"""Languages, login by default, no caching of private pages, and multi-factor authentication for staff."""

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
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts import languages
from accounts.http import HtmxRequest
from accounts.models import User
from accounts.security_log import record

# The second factors, each with the URL name of its reauthentication page.
REAUTHENTICATION_URLS = {
    Authenticator.Type.TOTP: "mfa_reauthenticate",
    Authenticator.Type.WEBAUTHN: "mfa_reauthenticate_webauthn",
}

# The longest of allauth's limits: five failed logins to an account in five minutes.
LOCK_OUT_SECONDS = "300"


def current_page_url(request: HtmxRequest) -> str:
    """Return the URL of the visitor's page: the requested page, or the page that sent the fragment or form request."""
    if request.method in ("GET", "HEAD") and not request.htmx:
        return request.get_full_path()
    page = urlsplit(request.htmx.current_url or request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    return page.path + (f"?{page.query}" if page.query else "")


def redirect_to_entrance(request: HtmxRequest, url: str, entrance: str | None = None) -> HttpResponseBase:
    """Redirect to the login page, or to another ``entrance``, and from there to ``url``."""
    redirection = redirect_to_login(url, resolve_url(entrance or settings.LOGIN_URL))
    if not request.htmx:
        return redirection
    # HTMX would follow a redirect and swap the login page into the fragment's target.
    return HttpResponseClientRedirect(redirection.url)


class LanguageMiddleware:
    """Use the language of the cookie or of the browser, and remember the one that an account replaces it with.

    Django's own middleware leaves its language to the next user of the thread, and its Vary header omits the cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        requested = translation.get_language_from_request(request)
        with translation.override(requested):
            request.LANGUAGE_CODE = requested
            response = self.get_response(request)
        used = request.LANGUAGE_CODE
        if used != requested:
            remember_language(response, used)
        if is_text(response):
            response.headers.setdefault("Content-Language", used)
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def remember_language(response: HttpResponseBase, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_text(response: HttpResponseBase) -> bool:
    """Return whether the response may contain sentences: it is neither a file nor empty, such as a redirect."""
    kind = response.headers.get("Content-Type", "")
    return isinstance(response, HttpResponse) and bool(response.content) and kind.startswith(("text/", "application/"))


class LoginMiddleware(LoginRequiredMiddleware):
    """Require a login by default. After login, return to the originating page, never to a fragment or form URL.

    The views that require a login load the user here, so this is also where they get the account's language.
    """

    def process_view(self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], *args: Any) -> Any:
        response = super().process_view(request, view_func, *args)
        if response is None and getattr(view_func, "login_required", True):
            languages.follow_account(request)
        return response

    def handle_no_permission(  # type: ignore[override]  # fragments get no redirect
        self, request: HtmxRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        in_admin = request.resolver_match is not None and request.resolver_match.app_name == "admin"
        # Only some of the admin's views tell the middleware of Django where their login page is.
        entrance = reverse("admin:login") if in_admin else self.get_login_url(view_func)
        return redirect_to_entrance(request, current_page_url(request), entrance)


class PrivatePagesMiddleware:
    """Keep personal pages out of every cache and other sites, and vary all responses by HX-Request.

    Pages also set the cookie against CSRF.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HtmxRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.session.accessed and "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_store=True)
        if request.session.accessed and is_page(request, response):
            # Any page may lead to a form, so set its CSRF cookie now; it is bound to this host and to HTTPS.
            get_token(request)
        patch_vary_headers(response, ["HX-Request"])
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class LockOutMiddleware:
    """Answer 429 where allauth shows a lock-out as an error of a form, and log every lock-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "is_locked_out", False) and response.status_code in (200, 400):
            response.status_code = 429
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", LOCK_OUT_SECONDS)
            route = request.resolver_match.route if request.resolver_match else "-"
            record("locked_out", request, route=route)
        return response


def is_page(request: HtmxRequest, response: HttpResponseBase) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return is_html and not request.htmx


class StaffMFAMiddleware:
    """Require a passkey or an authenticator app's code before a session can open the admin.

    The second factor may be used at login or later. Staff without one are redirected to the setup page. Recovery codes
    do not count as a second factor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HtmxRequest, *view: Any) -> HttpResponse | None:
        to_admin = request.resolver_match is not None and request.resolver_match.app_name == "admin"
        if not to_admin or not settings.STAFF_REQUIRE_MFA:
            return None
        if not isinstance(request.user, User) or not request.user.is_staff:
            return None
        enrolled = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
        if not enrolled & set(REAUTHENTICATION_URLS):
            message = _("Staff need a second factor: add a passkey or an authenticator app, then come back.")
            messages.warning(request, message)
            return redirect("mfa_index")
        used = {record.get("type") for record in get_authentication_records(request, request.user)}
        if used & set(REAUTHENTICATION_URLS):
            return None
        if Authenticator.Type.RECOVERY_CODES in used:
            message = _("Recovery codes don't work here. Use a passkey or an authenticator app.")
            messages.warning(request, message)
        url_name = next(name for kind, name in REAUTHENTICATION_URLS.items() if kind in enrolled)
        return redirect(f"{reverse(url_name)}?{urlencode({'next': current_page_url(request)})}")
