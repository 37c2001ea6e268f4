"""What every private page needs: a login, and no copy of it in anybody's cache."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.cache import patch_cache_control, patch_vary_headers


def page_of(request: HttpRequest) -> str:
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
        to = redirect_to_login(page_of(request), resolve_url(self.get_login_url(view_func)))
        if request.headers.get("HX-Request") != "true":
            return to
        # A redirect would be followed by the fragment's request and the login swapped into the card.
        return HttpResponse(status=204, headers={"HX-Redirect": to.url})


class PrivatePages:
    """A page made for somebody is kept by no cache, and depends on the cookie and on who asks for a fragment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.session.accessed and "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_store=True)
        patch_vary_headers(response, ["HX-Request"])
        return response
